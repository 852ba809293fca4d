#include "workers/data/importers/import_preview.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "core/diagnostics/counted.hpp"
#include "core/protocol/utf8.hpp"

namespace fairsweep {

namespace {

/// The beginning of a text on one line; nothing for an empty one.
std::string quoted(const std::string& text) {
  constexpr std::size_t k_longest = 60;
  if (text.empty()) {
    return "";
  }
  std::string line = text.substr(0, k_longest);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return fmt::format(" (\"{}{}\")", to_utf8(line), text.size() > k_longest ? "..." : "");
}

std::string line_of(const PreviewedComparison& comparison) {
  std::string line = fmt::format("{} in {}{}: ", comparison.user, comparison.context, quoted(comparison.question));
  for (std::size_t place = 0; place < comparison.candidates.size(); ++place) {
    const auto& [name, text] = comparison.candidates[place];
    const bool unordered = comparison.candidates.size() > 2 && static_cast<std::int32_t>(place) > comparison.ranked;
    line += place == 0 ? "" : comparison.ranked == 0 ? " = " : unordered ? ", " : " > ";
    line += name + quoted(text);
  }
  if (comparison.weight != 1.0F) {
    line += fmt::format(", weight {:g}", comparison.weight);
  }
  if (comparison.time) {
    line += fmt::format(", {:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(static_cast<std::time_t>(*comparison.time)));
  }
  for (const auto& [attribute, value] : comparison.circumstances) {
    line += fmt::format(", {} {}", attribute, value.empty() ? "not known" : value);
  }
  return line + "\n";
}

}  // namespace

std::string left_out_text(const std::map<std::string, std::int64_t>& records,
                          const std::map<std::string, std::int64_t>& pairs, std::int64_t skipped,
                          const std::vector<std::string>& first_errors, const std::string& unit) {
  std::string text;
  for (const auto& [reason, count] : records) {
    text += "left out " + counted(count, unit, unit + "s") + ": " + reason + "\n";
  }
  for (const auto& [reason, count] : pairs) {
    text += "left out " + counted(count, "pair", "pairs") + ": " + reason + "\n";
  }
  if (skipped > 0) {
    text += "skipped " + counted(skipped, "wrong " + unit, "wrong " + unit + "s") + ":\n";
    for (const std::string& error : first_errors) {
      text += "  " + error + "\n";
    }
    if (skipped > std::ssize(first_errors)) {
      text += fmt::format("  and {} more\n", skipped - std::ssize(first_errors));
    }
  }
  return text;
}

std::string preview_text(const ImportPreview& preview) {
  std::string text;
  for (const PreviewedComparison& comparison : preview.comparisons) {
    text += line_of(comparison);
  }
  for (const auto& [person, values] : preview.people) {
    std::string known;
    for (const auto& [name, value] : values) {
      known += fmt::format("{}{} {}", known.empty() ? "" : ", ", name, value.empty() ? "not known" : value);
    }
    if (!known.empty()) {
      text += fmt::format("{}: {}\n", person, known);
    }
  }
  text +=
      fmt::format("read {} so far, for {}; nothing is written, and what lies behind was not looked at\n",
                  counted(preview.records, "record", "records"),
                  preview.comparisons.size() == 1 ? "this comparison"
                                                  : fmt::format("these {} comparisons", preview.comparisons.size()));
  return text + left_out_text(preview.dropped, preview.dropped_pairs, preview.skipped, preview.first_errors);
}

std::string preview_json(const ImportPreview& preview) {
  nlohmann::ordered_json comparisons = nlohmann::ordered_json::array();
  for (const PreviewedComparison& comparison : preview.comparisons) {
    nlohmann::ordered_json one{{"user", comparison.user}, {"context", comparison.context}};
    if (!comparison.question.empty()) {
      one["question"] = comparison.question;
    }
    for (const auto& [name, text] : comparison.candidates) {
      nlohmann::ordered_json candidate{{"name", name}};
      if (!text.empty()) {
        candidate["text"] = text;
      }
      one["candidates"].push_back(std::move(candidate));
    }
    one["ranked"] = comparison.ranked;
    one["weight"] = comparison.weight;
    if (comparison.time) {
      one["time"] = *comparison.time;
    }
    if (!comparison.circumstances.empty()) {
      one["circumstances"] = comparison.circumstances;
    }
    comparisons.push_back(std::move(one));
  }
  return nlohmann::ordered_json{{"dry_run", true},
                                {"comparisons", std::move(comparisons)},
                                {"people", preview.people},
                                {"records_so_far", preview.records},
                                {"dropped", preview.dropped},
                                {"dropped_pairs", preview.dropped_pairs},
                                {"skipped", preview.skipped},
                                {"first_errors", preview.first_errors}}
             .dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

}  // namespace fairsweep
