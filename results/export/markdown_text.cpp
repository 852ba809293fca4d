#include "results/export/markdown_text.hpp"

#include <string_view>

#include "results/report/display_text.hpp"

namespace fairsweep::exports {

std::string markdown_text(const std::string& text) {
  constexpr std::string_view marks = "\\`*_[]<>|#";
  std::string shown;
  for (const char letter : report::printable(text)) {
    if (marks.find(letter) != std::string_view::npos)
      shown += '\\';
    shown += letter;
  }
  return shown;
}

MarkdownPage::MarkdownPage(std::ostream& out, const std::string& title) : out_(out) {
  out_ << "# " << markdown_text(title) << '\n';
}

void MarkdownPage::begin(Last what) {
  if (what != last_ || what == Last::text)
    out_ << '\n';
  last_ = what;
}

void MarkdownPage::heading(const std::string& text) {
  begin(Last::text);
  out_ << "## " << markdown_text(text) << '\n';
}

void MarkdownPage::paragraph(const std::string& text) {
  begin(Last::text);
  out_ << text << '\n';
}

void MarkdownPage::fact(const std::string& name, const std::string& value) {
  begin(Last::fact);
  out_ << "- " << markdown_text(name) << ": " << (value.empty() ? "not known" : markdown_text(value)) << '\n';
}

void MarkdownPage::table(const std::vector<std::string>& columns) {
  begin(Last::text);
  last_ = Last::row;
  row(columns);
  out_ << '|';
  for (std::size_t i = 0; i < columns.size(); ++i)
    out_ << "---|";
  out_ << '\n';
}

void MarkdownPage::row(const std::vector<std::string>& cells) {
  out_ << '|';
  for (const std::string& cell : cells)
    out_ << ' ' << markdown_text(cell) << (cell.empty() ? "|" : " |");
  out_ << '\n';
}

}  // namespace fairsweep::exports
