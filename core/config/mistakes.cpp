#include "core/config/mistakes.hpp"

#include <algorithm>
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
  std::vector<Placed> ordered = placed_;
  std::stable_sort(ordered.begin(), ordered.end(), [](const Placed& a, const Placed& b) {
    return std::tie(a.place.source, a.place.line, a.place.column) <
           std::tie(b.place.source, b.place.line, b.place.column);
  });
  if (ordered.size() > k_most_shown)
    ordered.resize(k_most_shown);
  const std::size_t hidden = count_ - ordered.size();
  if (hidden > 0)
    ordered.push_back({{}, config_errors::more_mistakes(hidden)});
  std::vector<ConfigurationIssue> issues;
  for (auto& [place, mistake] : ordered) {
    issues.push_back({source(place.source), place.line, place.column, std::move(mistake.path),
                      std::move(mistake.message), std::move(mistake.hint)});
  }
  return issues;
}

}  // namespace fairsweep
