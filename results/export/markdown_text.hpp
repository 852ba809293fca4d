#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace fairsweep::exports {

/// `text` on one line of Markdown that shows it as it is: marks are escaped, control characters replaced.
[[nodiscard]] std::string markdown_text(const std::string& text);

/// A page of headings, facts and tables, written as it comes.
class MarkdownPage {
 public:
  MarkdownPage(std::ostream& out, const std::string& title);
  void heading(const std::string& text);
  void paragraph(const std::string& text);
  /// "- name: value"; a value that is empty is said to be not known.
  void fact(const std::string& name, const std::string& value);
  /// Begins a table; rows follow.
  void table(const std::vector<std::string>& columns);
  void row(const std::vector<std::string>& cells);

 private:
  enum class Last { text, fact, row };
  void begin(Last what);

  std::ostream& out_;
  Last last_ = Last::text;
};

}  // namespace fairsweep::exports
