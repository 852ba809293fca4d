#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

namespace fairsweep::exports {

/// A table of comma-separated values (RFC 4180, lines end with a line feed, UTF-8), written row by row.
class CsvTable {
 public:
  /// Writes the header.
  CsvTable(std::ostream& out, const std::vector<std::string>& columns);
  /// @throws InternalError unless there is one cell a column.
  void add_row(const std::vector<std::string>& cells);

 private:
  void write(const std::vector<std::string>& cells);

  std::ostream& out_;
  std::size_t columns_;
  std::string line_;  ///< of the row being written; kept, so that rows do not ask for memory
};

/// The shortest text that reads back to the same double; empty for NaN, "inf" and "-inf".
[[nodiscard]] std::string csv_number(double value);

}  // namespace fairsweep::exports
