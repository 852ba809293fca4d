#include "core/diagnostics/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "core/diagnostics/disk_advice.hpp"
#include "core/diagnostics/errors.hpp"

namespace fairsweep {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw UserError(ExitCode::environment, "cannot write \"" + file.string() + "\": " + why);
}

/// Why no file can be made in `folder`, as errno has it; 0 where one can. Found by making one: rights are not all there
/// is (a disk may be full, and /proc takes no files from anybody).
int reason_against_files_in(const fs::path& folder) {
  fs::path tried = folder / ".fairsweep-";
  tried += std::to_string(::getpid()) + ".tmp";
  const int number = ::open(tried.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (number < 0) {
    return errno;
  }
  ::close(number);
  ::unlink(tried.c_str());
  return 0;
}

}  // namespace

void require_output_folder(const fs::path& folder, std::string_view option) {
  std::error_code ignored;
  if (fs::exists(folder, ignored) && !fs::is_directory(folder, ignored)) {
    throw UserError(ExitCode::configuration, std::string(option) + " " + folder.string() +
                                                 ": it is a file; name a folder, which is made where it is not there");
  }
}

OutputFile::OutputFile(const fs::path& file, const std::vector<fs::path>& inputs, std::string_view example) {
  std::error_code error;
  if (!file.has_filename() || fs::is_directory(file, error)) {
    refuse(file, "it is a folder; name a file, for example " + (file / example).string());
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
  if (const int reason = reason_against_files_in(folder); reason == ENOENT) {
    refuse(file, "no file can be made in " + folder.string() + "; choose another place");
  } else if (reason != 0) {
    refuse(file, std::generic_category().message(reason) + "; " + disk_advice(reason));
  }
}

void OutputFile::make_folders(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) {
    return;
  }
  if (fs::exists(folder, error)) {
    refuse(folder, "a folder is wanted there, and this is a file; choose another place");
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
