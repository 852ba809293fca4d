// Preloaded into a program (LD_PRELOAD) it makes the file system below one folder fail at a chosen byte or call: the
// process dies in the middle of a write, the disk is full, over its quota, read-only, broken or slow. For tests.
//
//   FAULT_FOLDER   the folder; without it nothing happens
//   FAULT_KIND     kill       SIGKILL, after the part of the write before the position
//                  power_cut  the same, and of what was never synced a part is lost
//                  no_space, quota   the part before the position is written, then ENOSPC, EDQUOT for every write
//                  read_only  EROFS for every write, rename and opening for writing from the position on
//                  sync_error EIO for every fsync and fdatasync from the position on
//                  slow       every fsync and fdatasync takes FAULT_SECONDS
//                  none       only FAULT_JOURNAL, FAULT_NO_LOCKS and FAULT_HOST
//   FAULT_AT_BYTE, FAULT_AT_CALL   the position: bytes written there by this process, or calls (write, sync, rename,
//                  cut, open for writing) begun, before the fault strikes. Default: byte 0
//   FAULT_FILE     only files whose path below the folder fits this pattern (fnmatch) count and are struck
//   FAULT_ROOM     while this file exists, nothing fails (kill and power_cut excepted)
//   FAULT_TIMES    so many calls fail, then there is room
//   FAULT_JOURNAL  a file, elsewhere, that gets a line for every "write PATH BYTES", "sync PATH SIZE", "call NAME PATH"
//   FAULT_NO_LOCKS not empty: flock says that there are no locks, as some network file systems do
//   FAULT_HOST     what gethostname answers
//   FAULT_PROGRAM  only programs of this name are struck, and children inherit the preload. Without it the first
//                  process alone is: what it starts inherits neither the preload nor these variables
#include <dlfcn.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string link_target(const std::string& link) {
  std::array<char, PATH_MAX> target;
  const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
  return length < 0 ? "" : std::string(target.data(), static_cast<std::size_t>(length));
}

constexpr std::array k_variables = {"FAULT_FOLDER",   "FAULT_KIND",  "FAULT_AT_BYTE", "FAULT_AT_CALL",
                                    "FAULT_FILE",     "FAULT_TIMES", "FAULT_ROOM",    "FAULT_JOURNAL",
                                    "FAULT_NO_LOCKS", "FAULT_HOST",  "FAULT_SECONDS", "LD_PRELOAD"};

/// What to do, and how far the process has come. One lock around every call: tests, not speed.
struct Faults {
  Faults() {
    const std::string program = variable("FAULT_PROGRAM");
    const std::string me = link_target("/proc/self/exe");
    if (!program.empty() && me.substr(me.rfind('/') + 1) != program) {
      return;
    }
    folder = variable("FAULT_FOLDER");
    kind = variable("FAULT_KIND");
    pattern = variable("FAULT_FILE");
    room = variable("FAULT_ROOM");
    no_locks = !variable("FAULT_NO_LOCKS").empty();
    host = variable("FAULT_HOST");
    seconds = std::strtod(variable("FAULT_SECONDS").c_str(), nullptr);
    if (const std::string byte = variable("FAULT_AT_BYTE"); !byte.empty()) {
      at_byte = std::strtoull(byte.c_str(), nullptr, 10);
    }
    if (const std::string call = variable("FAULT_AT_CALL"); !call.empty()) {
      at_call = std::strtoull(call.c_str(), nullptr, 10);
    }
    if (const std::string count = variable("FAULT_TIMES"); !count.empty()) {
      times_left = std::strtoull(count.c_str(), nullptr, 10);
    }
    if (!at_byte && !at_call) {
      at_byte = 0;
    }
    if (const std::string file = variable("FAULT_JOURNAL"); !file.empty()) {
      journal = static_cast<int>(
          syscall(SYS_openat, AT_FDCWD, file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    }
    if (program.empty()) {
      for (const char* name : k_variables) {
        unsetenv(name);
      }
    }
  }

  /// The path below the folder, where this file counts.
  [[nodiscard]] std::optional<std::string> place_of(const std::string& path) const {
    if (folder.empty() || path.size() <= folder.size() + 1 || path.compare(0, folder.size(), folder) != 0 ||
        path[folder.size()] != '/') {
      return std::nullopt;
    }
    std::string place = path.substr(folder.size() + 1);
    if (!pattern.empty() && fnmatch(pattern.c_str(), place.c_str(), 0) != 0) {
      return std::nullopt;
    }
    return place;
  }
  [[nodiscard]] std::optional<std::string> place_of(int descriptor) const {
    struct stat status{};
    if (folder.empty() || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
      return std::nullopt;
    }
    return place_of(link_target("/proc/self/fd/" + std::to_string(descriptor)));
  }

  void note(const std::string& line) const {
    if (journal >= 0) {
      const std::string text = line + "\n";
      (void)!syscall(SYS_write, journal, text.data(), text.size());
    }
  }

  [[nodiscard]] bool kills() const { return kind == "kill" || kind == "power_cut"; }
  [[nodiscard]] bool has_room() const {
    return times_left == 0 || (!room.empty() && faccessat(AT_FDCWD, room.c_str(), F_OK, 0) == 0);
  }
  /// The position is reached, and this is one of the kinds that fail.
  [[nodiscard]] bool strikes() const {
    return (at_byte ? bytes >= *at_byte : calls > at_call.value_or(0)) && !has_room();
  }
  [[nodiscard]] int write_error() const {
    return kind == "no_space" ? ENOSPC : kind == "quota" ? EDQUOT : kind == "read_only" ? EROFS : 0;
  }

  [[noreturn]] void die() {
    if (kind == "power_cut") {
      for (const auto& [path, synced] : synced_sizes) {
        struct stat status{};
        if (stat(path.c_str(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) > synced) {
          const std::uint64_t unsynced = static_cast<std::uint64_t>(status.st_size) - synced;
          // Any part may have reached the disk; which one follows from the position, so that a seed tells all.
          const std::uint64_t kept = synced + bytes * 2654435761U % (unsynced + 1);
          (void)!truncate(path.c_str(), static_cast<off_t>(kept));
        }
      }
    }
    note("killed");
    while (true) {
      kill(getpid(), SIGKILL);
    }
  }

  void begin_call(const char* name, const std::string& place) {
    ++calls;
    note(std::string("call ") + name + " " + place);
    if (kills() && at_call && calls > *at_call) {
      die();
    }
  }

  /// How much of a write of `size` bytes is done; nothing: all of it fails with `error`.
  std::optional<std::size_t> allowance(const std::string& path, int descriptor, std::size_t size, int& error) {
    if (struct stat status{}; fstat(descriptor, &status) == 0) {
      synced_sizes.emplace(path, static_cast<std::uint64_t>(status.st_size));
    }
    if (at_byte && bytes + size > *at_byte && (kills() || (write_error() != 0 && !has_room()))) {
      size = *at_byte > bytes ? static_cast<std::size_t>(*at_byte - bytes) : 0;
      if (size > 0 || kills()) {
        return size;
      }
    }
    if (strikes() && write_error() != 0) {
      error = write_error();
      --times_left;
      return std::nullopt;
    }
    return size;
  }

  void wrote(const std::string& place, ssize_t size) {
    if (size > 0) {
      bytes += static_cast<std::uint64_t>(size);
      note("write " + place + " " + std::to_string(size));
    }
    if (kills() && at_byte && bytes >= *at_byte) {
      die();
    }
  }

  std::mutex mutex;
  std::string folder, kind, pattern, room, host;
  double seconds = 0;
  bool no_locks = false;
  int journal = -1;
  std::optional<std::uint64_t> at_byte, at_call;
  std::uint64_t bytes = 0;
  std::uint64_t calls = 0;
  std::uint64_t times_left = std::numeric_limits<std::uint64_t>::max();
  std::map<std::string, std::uint64_t> synced_sizes;  ///< of files written to
};

Faults& faults() {
  static auto* const all = new Faults();  // never destroyed: programs write while they end
  return *all;
}

/// Before main: children must inherit a clean environment even where nothing was written.
[[gnu::constructor]] void begin() { (void)faults(); }

int refuse(int error) {
  errno = error;
  return -1;
}

/// Any of the three ways to write; `act` writes so many bytes.
template <typename Act>
ssize_t write_with(int descriptor, std::size_t size, const Act& act) {
  Faults& all = faults();
  const std::lock_guard lock(all.mutex);
  const std::optional<std::string> place = all.place_of(descriptor);
  if (!place) {
    return act(size);
  }
  all.begin_call("write", *place);
  int error = 0;
  const std::optional<std::size_t> allowed = all.allowance(all.folder + "/" + *place, descriptor, size, error);
  if (!allowed) {
    return refuse(error);
  }
  const ssize_t done = *allowed == 0 && size > 0 ? 0 : act(*allowed);
  const int reason = errno;
  all.wrote(*place, done);
  errno = reason;
  return done;
}

template <typename Act>
int sync_with(int descriptor, const char* name, const Act& act) {
  Faults& all = faults();
  std::unique_lock lock(all.mutex);
  const std::optional<std::string> place = all.place_of(descriptor);
  if (!place) {
    return act();
  }
  all.begin_call(name, *place);
  if (all.kind == "slow") {
    lock.unlock();
    usleep(static_cast<useconds_t>(all.seconds * 1e6));
    lock.lock();
  }
  if (all.kind == "sync_error" && all.strikes()) {
    --all.times_left;
    return refuse(EIO);
  }
  const int result = act();
  if (struct stat status{}; result == 0 && fstat(descriptor, &status) == 0) {
    all.synced_sizes[all.folder + "/" + *place] = static_cast<std::uint64_t>(status.st_size);
    all.note("sync " + *place + " " + std::to_string(status.st_size));
  }
  return result;
}

/// Whether this call, which changes the file's name or size or opens it for writing, is refused.
bool refused(const char* name, const std::string& path) {
  Faults& all = faults();
  const std::lock_guard lock(all.mutex);
  const std::optional<std::string> place = all.place_of(path);
  if (!place) {
    return false;
  }
  all.begin_call(name, *place);
  if (all.kind != "read_only" || !all.strikes()) {
    return false;
  }
  --all.times_left;
  return true;
}

std::string absolute(const char* path) {
  if (path[0] == '/') {
    return path;
  }
  return link_target("/proc/self/cwd") + "/" + path;
}

int open_with(int folder, const char* path, int flags, mode_t mode) {
  const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
  if (writes && (folder == AT_FDCWD || path[0] == '/') && refused("open", absolute(path))) {
    return refuse(EROFS);
  }
  return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}

mode_t mode_of(int flags, va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? static_cast<mode_t>(va_arg(more, int)) : 0;
}

FILE* fopen_with(const char* name, const char* path, const char* mode) {
  if (std::strpbrk(mode, "wa+") != nullptr && refused("open", absolute(path))) {
    errno = EROFS;
    return nullptr;
  }
  using Open = FILE* (*)(const char*, const char*);
  return reinterpret_cast<Open>(dlsym(RTLD_NEXT, name))(path, mode);
}

int rename_with(int old_folder, const char* from, int new_folder, const char* to) {
  if (refused("rename", absolute(to))) {
    return refuse(EROFS);
  }
  const int result = static_cast<int>(syscall(SYS_renameat, old_folder, from, new_folder, to));
  Faults& all = faults();
  const std::lock_guard lock(all.mutex);
  if (auto entry = all.synced_sizes.extract(absolute(from)); result == 0 && !entry.empty()) {
    all.synced_sizes[absolute(to)] = entry.mapped();
  }
  return result;
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t size) {
  return write_with(descriptor, size, [&](std::size_t part) { return syscall(SYS_write, descriptor, bytes, part); });
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t at) {
  return write_with(descriptor, size,
                    [&](std::size_t part) { return syscall(SYS_pwrite64, descriptor, bytes, part, at); });
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t at) {
  return pwrite64(descriptor, bytes, size, at);
}

ssize_t writev(int descriptor, const iovec* pieces, int count) {
  std::size_t size = 0;
  for (int i = 0; i < count; ++i) {
    size += pieces[i].iov_len;
  }
  return write_with(descriptor, size, [&](std::size_t part) -> ssize_t {
    std::vector<iovec> some(pieces, pieces + count);
    for (iovec& piece : some) {
      piece.iov_len = std::min(piece.iov_len, part);
      part -= piece.iov_len;
    }
    return syscall(SYS_writev, descriptor, some.data(), count);
  });
}

int fsync(int descriptor) {
  return sync_with(descriptor, "fsync", [&] { return static_cast<int>(syscall(SYS_fsync, descriptor)); });
}

int fdatasync(int descriptor) {
  return sync_with(descriptor, "fdatasync", [&] { return static_cast<int>(syscall(SYS_fdatasync, descriptor)); });
}

int ftruncate64(int descriptor, off64_t size) noexcept {
  if (refused("cut", link_target("/proc/self/fd/" + std::to_string(descriptor)))) {
    return refuse(EROFS);
  }
  return static_cast<int>(syscall(SYS_ftruncate, descriptor, size));
}

int ftruncate(int descriptor, off_t size) noexcept { return ftruncate64(descriptor, size); }

int rename(const char* from, const char* to) noexcept { return rename_with(AT_FDCWD, from, AT_FDCWD, to); }

int renameat(int old_folder, const char* from, int new_folder, const char* to) noexcept {
  return rename_with(old_folder, from, new_folder, to);
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_with(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_with(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_with(folder, path, flags, mode);
}

int openat64(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_with(folder, path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) { return fopen_with("fopen", path, mode); }

FILE* fopen64(const char* path, const char* mode) { return fopen_with("fopen64", path, mode); }

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"  // a function beside a struct of its name, as in <sys/file.h>
int flock(int descriptor, int operation) noexcept {
  return faults().no_locks ? refuse(ENOLCK) : static_cast<int>(syscall(SYS_flock, descriptor, operation));
}
#pragma GCC diagnostic pop

int gethostname(char* name, size_t size) noexcept {
  const std::string& host = faults().host;
  if (!host.empty()) {
    if (host.size() >= size) {
      return refuse(ENAMETOOLONG);
    }
    std::memcpy(name, host.c_str(), host.size() + 1);
    return 0;
  }
  using Ask = int (*)(char*, size_t);
  return reinterpret_cast<Ask>(dlsym(RTLD_NEXT, "gethostname"))(name, size);
}

}  // extern "C"
