#include "orchestrator/apps/output_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::apps {

void prepare_output(const std::filesystem::path& file) {
  const auto refuse = [&file](const std::string& why) {
    throw UserError(ExitCode::environment, "cannot write \"" + file.string() + "\": " + why);
  };
  std::error_code error;
  if (!file.has_filename() || std::filesystem::is_directory(file, error)) {
    refuse("it is a folder; name a file, for example " + (file / "data.h5").string());
  }
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  std::filesystem::create_directories(folder, error);
  if (error) {
    refuse("its folder cannot be made (" + error.message() + "); choose another place");
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    refuse(std::generic_category().message(errno) + "; choose a place you may write to");
  }
}

}  // namespace fairsweep::apps
