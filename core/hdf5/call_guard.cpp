#include "core/hdf5/call_guard.hpp"

#include <hdf5.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

namespace fairsweep::hdf5::calls::guard {

namespace {

// Upward walks start at the innermost error, which is the one that names the cause.
std::string last_error_text() {
  std::string text;
  const auto visit = [](unsigned, const H5E_error2_t* error, void* data) -> herr_t {
    auto& found = *static_cast<std::string*>(data);
    if (found.empty() && error->desc != nullptr) {
      found = error->desc;
    }
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, visit, &text);
  H5Eclear2(H5E_DEFAULT);
  return text.empty() ? "the HDF5 library gave no reason" : text;
}

}  // namespace

void silence() {
  thread_local bool done = false;
  if (!done) {
    H5open();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    done = true;
  }
}

void fail() {
  const std::string text = last_error_text();
  // Where the system refused, the library's sentence goes on for lines, with addresses in it; the number is enough.
  constexpr std::string_view k_number = "errno = ";
  const std::size_t at = text.find(k_number);
  const int reason = at == std::string::npos ? 0 : std::atoi(text.c_str() + at + k_number.size());
  throw CallError(reason > 0 ? std::generic_category().message(reason) : text, reason);
}

Handle owned(std::int64_t id) {
  if (id < 0) {
    fail();
  }
  return Handle(id);
}

void require(int status) {
  if (status < 0) {
    fail();
  }
}

bool truth(int answer) {
  if (answer < 0) {
    fail();
  }
  return answer > 0;
}

}  // namespace fairsweep::hdf5::calls::guard
