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
  line_.clear();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0)
      line_ += ',';
    const std::string text = report::printable(cells[i]);
    if (text.find('"') == std::string::npos && text.find(',') == std::string::npos) {
      line_ += text;
      continue;
    }
    line_ += '"';
    for (const char letter : text) {
      if (letter == '"')
        line_ += '"';
      line_ += letter;
    }
    line_ += '"';
  }
  line_ += '\n';
  out_ << line_;
}

std::string csv_number(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

}  // namespace fairsweep::exports
