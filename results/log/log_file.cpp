#include "results/log/log_file.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/diagnostics/disk_advice.hpp"
#include "core/diagnostics/errors.hpp"

namespace fairsweep {

namespace {

std::string reason() { return std::generic_category().message(errno); }

/// @param ending  what follows the advice that the system's reason calls for
[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what, const std::string& ending = "") {
  const int error = errno;
  throw UserError(ExitCode::environment, file.string() + ": " + what + " (" + std::generic_category().message(error) +
                                             "); " + disk_advice(error) + ending);
}

constexpr const char* k_go_on = ", and go on with --resume";

/// Reads from the descriptor's beginning to its end. False where the system refuses.
bool read_all(int descriptor, std::string& bytes) {
  struct stat status{};
  if (fstat(descriptor, &status) != 0) {
    return false;
  }
  bytes.resize(static_cast<std::size_t>(status.st_size));
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = pread(descriptor, bytes.data() + have, bytes.size() - have, static_cast<off_t>(have));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return false;
    }
    if (got == 0) {
      break;
    }
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return true;
}

}  // namespace

LogFile::LogFile(std::filesystem::path file) : path_(std::move(file)) {
  descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0644);
  if (descriptor_ < 0) {
    refuse(path_, "cannot be opened for writing");
  }
  if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {
    return;
  }
  if (errno == EWOULDBLOCK) {
    close(descriptor_);
    throw UserError(ExitCode::environment, path_.string() +
                                               ": another fairsweep process is writing this run; wait "
                                               "until it has ended, or stop it");
  }
  // Some network file systems have no locks. A run there is better than none.
  spdlog::warn("{}: this file system has no locks ({}); make sure that only one fairsweep writes this run",
               path_.string(), reason());
}

LogFile::~LogFile() { close(descriptor_); }

std::string LogFile::read() {
  std::string bytes;
  if (!read_all(descriptor_, bytes)) {
    refuse(path_, "cannot be read");
  }
  size_ = bytes.size();
  return bytes;
}

std::uint64_t LogFile::size_on_disk() const {
  struct stat status{};
  if (fstat(descriptor_, &status) != 0) {
    refuse(path_, "cannot be looked at", k_go_on);
  }
  return static_cast<std::uint64_t>(status.st_size);
}

void LogFile::cut(std::uint64_t size) {
  if (ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    refuse(path_, "cannot be cut", k_go_on);
  }
  size_ = size;
}

void LogFile::write(std::string_view bytes) {
  if (const std::uint64_t size = size_on_disk(); size != size_) {
    throw UserError(ExitCode::environment,
                    path_.string() + ": holds " + std::to_string(size) + " bytes where this process left " +
                        std::to_string(size_) + ": something else has written it; nothing more is written here. Make " +
                        "sure that only one fairsweep works on this run, and go on with --resume");
  }
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      refuse(path_, "cannot be written", k_go_on);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::size_t>(written);
  }
}

void LogFile::flush() {
  if (fdatasync(descriptor_) != 0) {
    refuse(path_, "cannot be brought to the disk", k_go_on);
  }
  flushed_ = size_;
}

void LogFile::forget_unflushed() noexcept {
  struct stat status{};
  if (fstat(descriptor_, &status) == 0 && static_cast<std::uint64_t>(status.st_size) == size_ && size_ > flushed_ &&
      ftruncate(descriptor_, static_cast<off_t>(flushed_)) == 0) {
    size_ = flushed_;
  }
}

void LogFile::flush_folder() const {
  const std::filesystem::path folder = path_.has_parent_path() ? path_.parent_path() : ".";
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    refuse(folder, "cannot be opened");
  }
  const int flushed = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  if (flushed != 0 && error != EINVAL) {  // EINVAL: a file system whose folders need no flush
    errno = error;
    refuse(folder, "cannot be brought to the disk", k_go_on);
  }
}

std::string read_whole_file(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  std::string bytes;
  const bool good = descriptor >= 0 && read_all(descriptor, bytes);
  const std::string why = good ? "" : reason();
  if (descriptor >= 0) {
    close(descriptor);
  }
  if (!good) {
    throw UserError(ExitCode::file, file.string() + ": cannot be read (" + why + "); name the directory of a run");
  }
  return bytes;
}

}  // namespace fairsweep
