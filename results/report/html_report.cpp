#include "results/report/html_report.hpp"

#include <nlohmann/json.hpp>

#include "core/diagnostics/errors.hpp"
#include "results/report/display_text.hpp"
#include "results/report/page_files.hpp"

namespace fairsweep::report {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char sign : text) {
    if (sign == '<') {
      result += "&lt;";
    } else if (sign == '&') {
      result += "&amp;";
    } else {
      result += sign;
    }
  }
  return result;
}

}  // namespace

std::string fill_page(std::string_view page, const std::map<std::string, std::string>& parts) {
  std::string result;
  std::size_t filled = 0;
  for (std::size_t at = 0; at < page.size();) {
    const std::size_t begin = page.find('@', at);
    const std::size_t end = begin == std::string_view::npos ? begin : page.find('@', begin + 1);
    const auto part =
        end == std::string_view::npos ? parts.end() : parts.find(std::string(page.substr(begin + 1, end - begin - 1)));
    if (part == parts.end()) {
      const std::size_t to = begin == std::string_view::npos ? page.size() : begin + 1;
      result += page.substr(at, to - at);
      at = to;
      continue;
    }
    result += page.substr(at, begin - at);
    result += part->second;
    at = end + 1;
    ++filled;
  }
  check(filled == parts.size(), "the page has a place for each of its parts");
  return result;
}

std::string script_json(const nlohmann::json& data) {
  std::string text = data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char sign : text) {
    if (sign == '<') {
      safe += "\\u003c";
    } else {
      safe += sign;
    }
  }
  return safe;
}

std::string html_report(const ReportInput& input, const ReportLimits& limits) {
  return fill_page(page_file("page.html"),
                   {{"title", escaped(printable(input.run.record.sweep)) + ", a fairsweep report"},
                    {"style", std::string(page_file("style.css"))},
                    {"data", script_json(page_data(input, limits))},
                    {"licence", escaped(page_file("licence"))},
                    {"library", std::string(page_file("library"))},
                    {"scripts", std::string(page_file("scripts"))}});
}

}  // namespace fairsweep::report
