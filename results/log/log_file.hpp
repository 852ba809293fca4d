#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace fairsweep {

/// events.log, open for writing by this process alone.
class LogFile {
 public:
  /// Opens or creates the file, and locks it.
  /// @throws UserError (environment) where another process has it, or the system refuses.
  explicit LogFile(std::filesystem::path file);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// The whole file. Once, before it is written.
  [[nodiscard]] std::string read();
  /// Cuts the file to `size` bytes; what is written next follows them.
  void cut(std::uint64_t size);
  /// Writes at the end. @throws UserError (environment) where the system refuses, or the file is not as long as this
  /// object left it: another process writes it, on a file system without locks
  void write(std::string_view bytes);
  /// What was written is on the disk when this returns. @throws UserError (environment)
  void flush();
  /// After a flush that failed: cuts what was written since the one before, as far as the system lets it. The system
  /// may show such bytes to readers though the disk never got them, and take the next flush for done: whoever reads
  /// them again must not believe them.
  void forget_unflushed() noexcept;
  /// The file's name is on the disk too: once, after creating it.
  void flush_folder() const;

 private:
  [[nodiscard]] std::uint64_t size_on_disk() const;

  std::filesystem::path path_;
  std::uint64_t size_ = 0;     ///< as read, and written since
  std::uint64_t flushed_ = 0;  ///< of it, known to be on the disk
  int descriptor_ = -1;
};

/// The bytes of a file that may still grow. @throws UserError (file)
[[nodiscard]] std::string read_whole_file(const std::filesystem::path& file);

}  // namespace fairsweep
