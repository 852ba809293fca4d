#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

/// One record that cannot be used, where the ones behind it can; "file:line: what".
class RecordError : public UserError {
 public:
  explicit RecordError(const std::string& message) : UserError(ExitCode::file, message) {}
};

/// A text file, plain or gzip, read through a window that lines are looked for in.
/// Every function throws UserError (file) as "file: what" or, through refuse(), "file:line: what".
class TextSource {
 public:
  explicit TextSource(const std::filesystem::path& file);
  ~TextSource();
  TextSource(const TextSource&) = delete;
  TextSource& operator=(const TextSource&) = delete;

  /// What has been read and not taken. Valid until more(). At least k_padding further bytes may be read behind it.
  [[nodiscard]] std::string_view window() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void take(std::size_t bytes) { begin_ += bytes; }
  /// Reads on behind the window, which may lie elsewhere afterwards; false at the end of the file. Cost: amortised one
  /// copy of each byte.
  /// @param line  named where the file cannot be read or is cut off
  bool more(std::int64_t line);

  /// Bytes read from the disk so far and in all, for progress.
  [[nodiscard]] std::uint64_t bytes_read() const;
  [[nodiscard]] std::uint64_t bytes_total() const { return bytes_total_; }

  [[noreturn]] void refuse(std::int64_t line, const std::string& what) const;
  /// The same as a RecordError: what lies behind can be read.
  [[noreturn]] void refuse_record(std::int64_t line, const std::string& what) const;

  static constexpr std::size_t k_padding = 64;  ///< what the JSON parser may read ahead

 private:
  std::string file_;
  void* stream_ = nullptr;  ///< gzFile
  std::uint64_t bytes_total_ = 0;
  std::size_t block_ = 0;  ///< bytes read at once
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace fairsweep
