#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace fairsweep {

/// A comma-separated table (RFC 4180: quotes, quoted commas and line breaks, LF or CRLF), plain or gzip, read row by
/// row. The first row names the columns. Empty lines are skipped.
/// Every function throws UserError (file) as "file:line: what", where the table is not one.
class TableReader {
 public:
  explicit TableReader(const std::filesystem::path& file);
  ~TableReader();
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;

  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  /// The next row, as many cells as columns; false at the end.
  [[nodiscard]] bool next();
  [[nodiscard]] const std::vector<std::string>& cells() const { return cells_; }
  /// Line on which the current row began, from 1.
  [[nodiscard]] std::int64_t line() const { return row_line_; }
  /// Bytes read from the disk so far and in all, for progress.
  [[nodiscard]] std::uint64_t bytes_read() const;
  [[nodiscard]] std::uint64_t bytes_total() const { return bytes_total_; }

  [[noreturn]] void refuse(std::int64_t line, const std::string& what) const;

 private:
  struct Source;
  [[nodiscard]] bool read_row();
  [[nodiscard]] int get();
  [[nodiscard]] int peek();
  void read_quoted(std::string& cell);

  std::string file_;
  std::unique_ptr<Source> source_;
  std::uint64_t bytes_total_ = 0;
  std::vector<std::string> columns_;
  std::vector<std::string> cells_;
  std::int64_t line_ = 1;
  std::int64_t row_line_ = 1;
};

}  // namespace fairsweep
