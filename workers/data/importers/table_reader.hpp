#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "workers/data/importers/text_source.hpp"

namespace fairsweep {

/// How a table is written.
struct TableFormat {
  char delimiter = ',';
  bool header = true;           ///< the first row names the columns; otherwise they are called "1", "2", ...
  bool repeated_names = false;  ///< several columns may have one name; then nobody may ask for it
};

/// A table of text (RFC 4180: quotes, quoted delimiters and line breaks, LF or CRLF), plain or gzip, read row by row.
/// Empty lines are skipped.
/// Every function throws UserError (file) as "file:line: what", where the table is not one.
class TableReader {
 public:
  explicit TableReader(const std::filesystem::path& file, const TableFormat& format = {});

  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  /// The next row, as many cells as columns; false at the end. A row of another length is refused, and the next call
  /// goes on behind it.
  [[nodiscard]] bool next();
  [[nodiscard]] const std::vector<std::string>& cells() const { return cells_; }
  /// Line on which the current row began, from 1.
  [[nodiscard]] std::int64_t line() const { return row_line_; }
  /// Bytes read from the disk so far and in all, for progress.
  [[nodiscard]] std::uint64_t bytes_read() const { return source_.bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const { return source_.bytes_total(); }

  [[noreturn]] void refuse(std::int64_t line, const std::string& what) const { source_.refuse(line, what); }

 private:
  void name_columns();
  [[nodiscard]] bool read_row();
  [[nodiscard]] bool read_plain_row();
  void read_quoted_row();
  void read_quoted(std::string& cell);
  [[nodiscard]] int get();
  [[nodiscard]] int peek();
  [[nodiscard]] std::string& next_cell();

  TableFormat format_;
  TextSource source_;
  std::vector<std::string> columns_;
  std::vector<std::string> cells_;
  std::size_t used_ = 0;  ///< cells of the current row; the strings behind them keep their memory for the next
  std::int64_t line_ = 1;
  std::int64_t row_line_ = 1;
  bool first_row_waits_ = false;  ///< without a header, the row that told the number of columns
};

}  // namespace fairsweep
