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
  /// The whole file.
  [[nodiscard]] std::string read() const;
  /// Cuts the file to `size` bytes; what is written next follows them.
  void cut(std::uint64_t size);
  /// Writes at the end. @throws UserError (environment)
  void write(std::string_view bytes);
  /// What was written is on the disk when this returns. @throws UserError (environment)
  void flush();
  /// The file's name is on the disk too: once, after creating it.
  void flush_folder() const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// The bytes of a file that may still grow. @throws UserError (file)
[[nodiscard]] std::string read_whole_file(const std::filesystem::path& file);

}  // namespace fairsweep
