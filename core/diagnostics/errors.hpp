#pragma once

#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fairsweep {

/// What the process answers the shell. The values are part of the contract with job scripts: never change one.
enum class ExitCode : int {
  done = 0,
  configuration = 2,  ///< the configuration or the command line
  environment = 3,    ///< a missing program, a full disk, no rights
  file = 4,           ///< a data or result file
  incomplete = 5,     ///< the sweep ended with work left that cannot be done
  internal = 70,      ///< a bug of ours
  resumable = 75,     ///< stopped with work left to be resumed
};

/// Something the user can mend: one message that says where, what, and what to do instead.
class UserError : public std::runtime_error {
 public:
  UserError(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

/// A broken invariant: a bug of ours, never reachable from user input.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Throws InternalError naming the place unless `holds`.
inline void check(bool holds, std::string_view what, std::source_location where = std::source_location::current()) {
  if (!holds) {
    throw InternalError("this is a bug, please report it: " + std::string(what) + " (" + where.file_name() + ":" +
                        std::to_string(where.line()) + ")");
  }
}

}  // namespace fairsweep
