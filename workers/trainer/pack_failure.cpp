#include "workers/trainer/pack_failure.hpp"

#include <ATen/ATen.h>

#include <new>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr ||
      dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return true;
  }
  // The allocator of host memory throws a plain c10::Error.
  const auto* torch = dynamic_cast<const c10::Error*>(&error);
  return torch != nullptr && torch->msg().find("DefaultCPUAllocator") != std::string::npos;
}

}  // namespace

std::string sentence_of(const std::exception& error) {
  if (const auto* torch = dynamic_cast<const c10::Error*>(&error)) {
    std::string text = torch->what_without_backtrace();
    return text.substr(0, text.find("\nException raised from"));
  }
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return "there was not enough memory";
  }
  return error.what();
}

TrialFailure failure_from(const std::exception& error, const std::string& stage) {
  TrialFailure failure;
  failure.stage = stage;
  failure.message = sentence_of(error);
  if (is_out_of_memory(error)) {
    failure.reason = "out_of_memory";
  } else if (const auto* ours = dynamic_cast<const UserError*>(&error)) {
    failure.reason = ours->code() == ExitCode::configuration ? "bad_setting" : "environment";
    failure.retryable = ours->code() != ExitCode::configuration;
  } else {
    failure.reason = "internal";
    failure.retryable = dynamic_cast<const InternalError*>(&error) == nullptr;
  }
  return failure;
}

}  // namespace fairsweep
