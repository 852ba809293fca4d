#include "core/diagnostics/output_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw UserError(ExitCode::environment, "cannot write \"" + file.string() + "\": " + why);
}

}  // namespace

OutputFile::OutputFile(const fs::path& file, const std::vector<fs::path>& inputs) {
  std::error_code error;
  if (!file.has_filename() || fs::is_directory(file, error)) {
    refuse(file, "it is a folder; name a file, for example " + (file / "data.h5").string());
  }
  for (const fs::path& input : inputs) {
    if (fs::equivalent(file, input, error) && !error) {
      throw UserError(ExitCode::configuration, "cannot write \"" + file.string() + "\": it is \"" + input.string() +
                                                   "\", which is read; write to another file");
    }
  }
  const fs::path folder = fs::weakly_canonical(file.has_parent_path() ? file.parent_path() : ".", error);
  if (error) {
    refuse(file, "its folder cannot be found (" + error.message() + "); choose another place");
  }
  make_folders(folder);
  path_ = folder / file.filename();
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    refuse(file, std::generic_category().message(errno) + "; choose a place you may write to");
  }
}

void OutputFile::make_folders(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) {
    return;
  }
  if (folder.has_parent_path() && folder.parent_path() != folder) {
    make_folders(folder.parent_path());
  }
  if (fs::create_directory(folder, error)) {
    made_.push_back(folder);
  }
  if (error) {
    refuse(folder, "this folder cannot be made (" + error.message() + "); choose another place");
  }
}

OutputFile::~OutputFile() {
  std::error_code ignored;  // a folder with something in it stays
  for (auto made = made_.rbegin(); made != made_.rend(); ++made) {
    fs::remove(*made, ignored);
  }
}

}  // namespace fairsweep
