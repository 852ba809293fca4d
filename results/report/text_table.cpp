#include "results/report/text_table.hpp"

#include <algorithm>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::report {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (std::size_t to = 0; to != std::string::npos; from = to + 1) {
    to = text.find('\n', from);
    lines.push_back(printable(text.substr(from, to == std::string::npos ? to : to - from)));
  }
  return lines;
}

void end_line(std::string& text, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  text += line + '\n';
}

}  // namespace

void TextTable::add_column(const std::string& header, Align align) {
  check(rows_.empty(), "columns come before rows");
  columns_.push_back({lines_of(header), align});
}

void TextTable::add_row(const std::vector<std::string>& cells) {
  check(cells.size() == columns_.size(), "a row has one cell a column");
  std::vector<std::string>& row = rows_.emplace_back();
  for (const std::string& cell : cells)
    row.push_back(printable(cell));
}

std::string TextTable::text(std::size_t indent) const {
  std::vector<std::size_t> widths;
  std::size_t header_lines = 0;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::size_t width = 0;
    for (const std::string& line : columns_[c].header)
      width = std::max(width, display_width(line));
    for (const auto& row : rows_)
      width = std::max(width, display_width(row[c]));
    widths.push_back(width);
    header_lines = std::max(header_lines, columns_[c].header.size());
  }
  std::string text;
  const auto add_line = [&](const auto& cell_of) {
    std::string line(indent, ' ');
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (c > 0)
        line += "  ";
      line += padded(cell_of(c), widths[c], columns_[c].align);
    }
    end_line(text, line);
  };
  for (std::size_t i = 0; i < header_lines; ++i) {
    add_line([&](std::size_t c) -> std::string {
      const auto& header = columns_[c].header;
      const std::size_t missing = header_lines - header.size();
      return i < missing ? "" : header[i - missing];
    });
  }
  add_line([&](std::size_t c) { return std::string(widths[c], '-'); });
  for (const auto& row : rows_) {
    add_line([&](std::size_t c) { return row[c]; });
  }
  return text;
}

}  // namespace fairsweep::report
