#include "workers/data/people/label_policy_of_people.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/counted.hpp"
#include "workers/data/labels/label_policy.hpp"
#include "workers/data/people/resolve_people.hpp"

namespace fairsweep {
namespace {

/// Training people and comparisons of each group, "31 people, 420 comparisons"; last of people without a group, where
/// there are any.
std::vector<std::string> composition(const PreferenceData& data, const People& people) {
  std::vector<std::int64_t> persons(people.groups.size() + 1, 0), comparisons(persons.size(), 0);
  std::vector<bool> seen(data.user_names.size(), false);
  for (const std::int64_t row : rows_of_part(data, people.split, Split::train)) {
    const auto person = static_cast<std::size_t>(data.comparison_user[static_cast<std::size_t>(row)]);
    const std::int32_t group = people.group[person];
    const std::size_t cell = group < 0 ? people.groups.size() : static_cast<std::size_t>(group);
    ++comparisons[cell];
    persons[cell] += seen[person] ? 0 : 1;
    seen[person] = true;
  }
  std::vector<std::string> words;
  words.reserve(persons.size());
  const std::size_t shown = persons.back() > 0 ? persons.size() : people.groups.size();
  for (std::size_t cell = 0; cell < shown; ++cell)
    words.push_back(counted(persons[cell], "person", "people") + ", " +
                    counted(comparisons[cell], "comparison", "comparisons"));
  return words;
}

void note(const People& people, const std::vector<std::string>& words, const std::string& when,
          std::map<std::string, std::string>& how) {
  for (std::size_t cell = 0; cell < words.size(); ++cell) {
    const std::string group = cell < people.groups.size() ? people.groups[cell] : "people of no group";
    how["training " + when + " data.labels, " + group] = words[cell];
  }
}

}  // namespace

void apply_labels(const PreferenceData& data, const LabelSettings& settings, People& people) {
  if (settings.policy == "keep")
    return;
  const std::vector<std::int64_t> training = rows_of_part(data, people.split, Split::train);
  LabelDecision decision = decide_labels(data, training, settings);
  note(people, composition(data, people), "before", people.how);
  if (!decision.dropped.empty()) {
    for (const std::int64_t row : rows_of_part(data, people.split, Split::train, settings.keeps_ties())) {
      const auto at = static_cast<std::size_t>(row);
      if (decision.dropped[static_cast<std::size_t>(data.comparison_user[at])])
        people.split[at] = Split::unused;
    }
  }
  note(people, composition(data, people), "after", people.how);
  people.how["people asked something again in training"] = std::to_string(decision.repeated_users);
  people.label_weight = std::move(decision.weight);
  people.label_flip = std::move(decision.flip);
}

}  // namespace fairsweep
