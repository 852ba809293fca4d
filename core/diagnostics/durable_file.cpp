#include "core/diagnostics/durable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "core/diagnostics/disk_advice.hpp"
#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& what, const fs::path& file, int reason) {
  throw UserError(ExitCode::environment, "cannot " + what + " \"" + file.string() + "\": " +
                                             std::generic_category().message(reason) + "; " + disk_advice(reason));
}

/// An open descriptor; closing is part of writing, because some file systems report errors only then. Messages name
/// `target`, which people know, and not the temporary file.
class Descriptor {
 public:
  Descriptor(const fs::path& file, const fs::path& target, int flags)
      : target_(target), number_(::open(file.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] bool is_open() const { return number_ >= 0; }

  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(number_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        refuse("write", target_, errno);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  void sync_and_close() {
    if (::fsync(number_) != 0)
      refuse("write", target_, errno);
    const int number = number_;
    number_ = -1;
    if (::close(number) != 0 && errno != EINTR)
      refuse("write", target_, errno);
  }

 private:
  const fs::path& target_;
  int number_;
};

/// Creates an empty file beside `target` that nobody else uses: agents of several hosts may write one target at once.
fs::path make_temporary(const fs::path& target) {
  static std::atomic<std::uint64_t> counter{0};
  for (;;) {
    fs::path temporary = target;
    std::string suffix = ".";  // built by pieces: g++ 12 warns wrongly about "." + std::to_string(...)
    suffix += std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1)) + ".tmp";
    temporary += suffix;
    const Descriptor made(temporary, target, O_WRONLY | O_CREAT | O_EXCL);
    if (made.is_open())
      return temporary;
    if (errno != EEXIST)
      refuse("write", target, errno);
  }
}

/// A rename is on the disk only when the folder is. File systems that cannot sync a folder say EINVAL; there the
/// rename itself is all there is.
void sync_folder(const fs::path& target) {
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  const int number = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (number < 0) {
    // A folder one may write to but not list; the file itself is synced.
    if (errno == EACCES)
      return;
    refuse("sync the folder", folder, errno);
  }
  const int reason = ::fsync(number) == 0 ? 0 : errno;
  ::close(number);
  if (reason != 0 && reason != EINVAL)
    refuse("sync the folder", folder, reason);
}

}  // namespace

Replacement::Replacement(fs::path target, const std::function<void(const fs::path&)>& write)
    : target_(std::move(target)), temporary_(make_temporary(target_)) {
  try {
    write(temporary_);
    Descriptor written(temporary_, target_, O_RDONLY);
    if (!written.is_open())
      refuse("write", target_, errno);
    written.sync_and_close();
  } catch (...) {
    ::unlink(temporary_.c_str());
    throw;
  }
}

Replacement::Replacement(fs::path target, std::span<const std::span<const std::byte>> pieces)
    : Replacement(target, [&](const fs::path& temporary) {
        Descriptor file(temporary, target, O_WRONLY | O_TRUNC);
        if (!file.is_open())
          refuse("write", target, errno);
        for (const std::span<const std::byte> piece : pieces)
          file.write(piece);
      }) {}

Replacement::Replacement(fs::path target, std::string_view text)
    : Replacement(std::move(target), std::array{std::as_bytes(std::span(text))}) {}

Replacement::~Replacement() {
  if (!temporary_.empty())
    ::unlink(temporary_.c_str());
}

void Replacement::put_in_place() {
  if (::rename(temporary_.c_str(), target_.c_str()) != 0)
    refuse("replace", target_, errno);
  temporary_.clear();
  sync_folder(target_);
}

void replace_file(const fs::path& target, const std::function<void(const fs::path&)>& write) {
  Replacement(target, write).put_in_place();
}

void replace_file(const fs::path& target, std::span<const std::span<const std::byte>> pieces) {
  Replacement(target, pieces).put_in_place();
}

void replace_file(const fs::path& target, std::span<const std::byte> bytes) {
  replace_file(target, std::span<const std::span<const std::byte>>(&bytes, 1));
}

void replace_file(const fs::path& target, std::string_view text) { Replacement(target, text).put_in_place(); }

}  // namespace fairsweep
