#include "orchestrator/apps/run_watch.hpp"

#include <utility>

namespace fairsweep::apps {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

RunWatch::RunWatch(std::filesystem::path lease) : lease_(std::move(lease)), moved_(Clock::now()) {
  if (const auto record = read_run_lease(lease_)) {
    session_before_ = record->session;
  }
}

void RunWatch::look() {
  const std::optional<RunLeaseRecord> found = read_run_lease(lease_);
  if (!found || found->session == session_before_) {
    return;  // a file system may hide it for a moment while it is replaced
  }
  began_ = true;
  if (!record_ || record_->session != found->session || record_->beat != found->beat ||
      record_->ended != found->ended) {
    record_ = found;
    moved_ = Clock::now();
  }
}

std::optional<int> RunWatch::exit_code() const {
  return record_ && record_->ended ? std::optional(record_->exit_code) : std::nullopt;
}

double RunWatch::silent_seconds() const { return std::chrono::duration<double>(Clock::now() - moved_).count(); }

bool RunWatch::process_is_gone() const { return record_ && !record_->ended && !holder_lives(*record_); }

}  // namespace fairsweep::apps
