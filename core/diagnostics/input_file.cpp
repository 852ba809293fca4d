#include "core/diagnostics/input_file.hpp"

#include <string>
#include <system_error>

namespace fairsweep {

void require_input_file(const std::filesystem::path& file, ExitCode code) {
  std::error_code problem;
  const std::filesystem::file_status status = std::filesystem::status(file, problem);
  if (std::filesystem::is_regular_file(status)) {
    return;
  }
  const char* what = std::filesystem::is_directory(status) ? "is a folder; name a file in it"
                     : std::filesystem::exists(status)     ? "is not a file but a device or a pipe; write it to a file"
                                                           : "there is no such file";
  throw UserError(code, file.string() + ": " + what);
}

}  // namespace fairsweep
