#pragma once

#include <string>
#include <vector>

#include "results/report/display_text.hpp"

namespace fairsweep::report {

/// A table in plain text: two spaces between columns, a line under the header, as wide as its cells.
class TextTable {
 public:
  /// @param header  may have several lines, parted by '\n'; they end at the bottom
  void add_column(const std::string& header, Align align = Align::left);
  /// One cell a column; made printable().
  void add_row(const std::vector<std::string>& cells);
  [[nodiscard]] std::size_t row_count() const { return rows_.size(); }
  /// Lines end with '\n' and have no space at their ends. @param indent spaces before each line
  [[nodiscard]] std::string text(std::size_t indent = 0) const;

 private:
  struct Column {
    std::vector<std::string> header;
    Align align;
  };
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace fairsweep::report
