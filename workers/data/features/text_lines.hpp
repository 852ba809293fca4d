#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace fairsweep {

/// The lines of a UTF-8 text file, plain or gzip, one after the other; LF or CRLF, a byte-order mark is skipped.
/// Every function throws UserError (file) as "file:line: what": cut off, not UTF-8, a NUL byte, a line too long.
class TextLines {
 public:
  explicit TextLines(const std::filesystem::path& file, std::size_t longest_line = k_longest_line);
  ~TextLines();
  TextLines(const TextLines&) = delete;
  TextLines& operator=(const TextLines&) = delete;

  /// The next line without its end; false at the end of the file.
  [[nodiscard]] bool next(std::string& line);
  /// Number of the line that next() gave last, from 1.
  [[nodiscard]] std::int64_t line() const { return line_; }
  [[noreturn]] void refuse(const std::string& what) const;

  static constexpr std::size_t k_longest_line = std::size_t{64} << 20U;

 private:
  struct Source;
  [[nodiscard]] bool fill();

  std::string file_;
  std::unique_ptr<Source> source_;
  std::size_t longest_line_;
  std::int64_t line_ = 0;
};

}  // namespace fairsweep
