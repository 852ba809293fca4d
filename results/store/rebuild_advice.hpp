#pragma once

#include <filesystem>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::store {

/// Throws `error` again; where it is about a file beside which an events.log lies, with the advice to make the file
/// again from that.
[[noreturn]] void refuse_with_advice(const std::filesystem::path& file, const UserError& error);

/// What `read` answers; what it refuses of `file` is refused with that advice.
template <typename Read>
auto read_or_advise(const std::filesystem::path& file, Read read) {
  try {
    return read();
  } catch (const UserError& error) {
    refuse_with_advice(file, error);
  }
}

}  // namespace fairsweep::store
