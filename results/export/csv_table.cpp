#include "results/export/csv_table.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/diagnostics/errors.hpp"
#include "results/report/display_text.hpp"

namespace fairsweep::exports {

CsvTable::CsvTable(std::ostream& out, const std::vector<std::string>& columns) : out_(out), columns_(columns.size()) {
  write(columns);
}

void CsvTable::add_row(const std::vector<std::string>& cells) {
  check(cells.size() == columns_, "a row of a table has one cell a column");
  write(cells);
}

void CsvTable::write(const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0)
      out_ << ',';
    const std::string text = report::printable(cells[i]);
    if (text.find_first_of("\",") == std::string::npos) {
      out_ << text;
      continue;
    }
    out_ << '"';
    for (const char letter : text)
      out_ << (letter == '"' ? "\"\"" : std::string(1, letter));
    out_ << '"';
  }
  out_ << '\n';
}

std::string csv_number(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

}  // namespace fairsweep::exports
