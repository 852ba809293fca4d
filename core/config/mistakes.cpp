#include "core/config/mistakes.hpp"

#include <map>
#include <tuple>
#include <utility>

#include "core/config/config_errors.hpp"

namespace fairsweep {
namespace {

constexpr std::size_t k_most_shown = 100;

std::string with_place(const std::string& file, int line, int column) {
  if (line == 0)
    return file;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace

std::string ConfigurationIssue::text() const {
  std::string text = with_place(file, line, column) + ": " + message;
  if (!hint.empty())
    text += "; " + hint;
  return text;
}

void MistakeList::add(const Place& place, Mistake mistake) {
  ++count_;
  // A megabyte of nonsense is a hundred thousand mistakes; the first ones say it all.
  if (placed_.size() < 10 * k_most_shown)
    placed_.push_back({place, std::move(mistake)});
}

std::string MistakeList::text_of(const Place& place) const {
  return with_place(source(place.source), place.line, place.column);
}

std::vector<ConfigurationIssue> MistakeList::issues() const {
  // Mistakes at one place stay in the order in which they were found.
  std::multimap<std::tuple<int, int, int>, const Placed*> ordered;
  for (const Placed& found : placed_)
    ordered.emplace(std::tuple(found.place.source, found.place.line, found.place.column), &found);
  std::vector<ConfigurationIssue> issues;
  issues.reserve(k_most_shown + 1);
  const auto append = [&](const Place& place, const Mistake& mistake) {
    issues.push_back({source(place.source), place.line, place.column, mistake.path, mistake.message, mistake.hint});
  };
  for (const auto& [key, found] : ordered) {
    if (issues.size() == k_most_shown)
      break;
    append(found->place, found->mistake);
  }
  if (count_ > issues.size())
    append({}, config_errors::more_mistakes(count_ - issues.size()));
  return issues;
}

}  // namespace fairsweep
