#include "workers/data/people/group_counts.hpp"

#include <cstddef>

namespace fairsweep {

std::vector<GroupCounts> counts_of_groups(const PreferenceData& data, const People& people) {
  std::vector<GroupCounts> counts(people.groups.size() + 1);
  for (std::size_t group = 0; group < people.groups.size(); ++group)
    counts[group].name = people.groups[group];
  const auto place = [&](std::size_t person) {
    return people.group[person] < 0 ? people.groups.size() : static_cast<std::size_t>(people.group[person]);
  };
  std::vector<std::uint8_t> seen(people.group.size(), 0);  // a bit for each part a person was met in
  for (std::size_t row = 0; row < people.split.size(); ++row) {
    if (data.comparison_ranked[row] == 0)
      continue;
    const auto person = static_cast<std::size_t>(data.comparison_user[row]);
    const auto code = static_cast<std::size_t>(people.split[row]);
    GroupCounts& group = counts[place(person)];
    ++group.part[code].comparisons;
    if ((seen[person] >> code & 1U) == 0)
      ++group.part[code].people;
    seen[person] = static_cast<std::uint8_t>(seen[person] | 1U << code);
    if (people.split[row] == Split::test && people.in_training[person] == 0)
      ++group.test_of_unseen;
  }
  for (std::size_t person = 0; person < people.group.size(); ++person)
    ++counts[place(person)].people;
  if (counts.back().people == 0)
    counts.pop_back();
  return counts;
}

}  // namespace fairsweep
