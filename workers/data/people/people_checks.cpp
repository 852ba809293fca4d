#include "workers/data/people/people_checks.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>

#include "core/diagnostics/counted.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "workers/data/groups/group_precision.hpp"
#include "workers/data/people/resolve_people.hpp"

namespace fairsweep {
namespace {

std::int32_t group_of(const PreferenceData& data, const People& people, std::int64_t row) {
  return people.group[static_cast<std::size_t>(data.comparison_user[static_cast<std::size_t>(row)])];
}

void check_word(const char* path, const std::string& word, std::initializer_list<std::string_view> known) {
  if (std::find(known.begin(), known.end(), word) == known.end()) {
    throw UserError(ExitCode::configuration,
                    fmt::format("{} is \"{}\"; it must be one of {}", path, word, fmt::join(known, ", ")));
  }
}

}  // namespace

void check_known_ways(const GroupSettings& settings) {
  check_word("data.groups.by", settings.by, {"attribute", "combination", "support_rate", "agreement"});
  check_word("data.groups.similarity", settings.similarity, {"pairs", "clusters"});
  check_word("data.groups.threshold", settings.threshold, {"quantile", "absolute", "two_means"});
  check_word("data.groups.algorithm", settings.algorithm, {"spectral", "k_means"});
  check_word("data.groups.membership", settings.membership, {"hard", "soft"});
  if (settings.by == "combination" && settings.attributes.size() < 2) {
    throw UserError(ExitCode::configuration,
                    "data.groups.attributes: name at least two, or use data.groups.by: attribute");
  }
}

void check_wanted(const std::vector<std::string>& wanted, const PreferenceData& data, const GroupSettings& settings,
                  const People& people) {
  const std::vector<std::string>& known =
      settings.by == "attribute" ? data.user_attributes.at(settings.attribute).labels : people.groups;
  for (const std::string& name : wanted) {
    if (std::find(people.groups.begin(), people.groups.end(), name) != people.groups.end())
      continue;
    throw UserError(ExitCode::configuration,
                    settings.by == "attribute"
                        ? fmt::format("no user has \"{}\" as \"{}\"{}; the data know: {}", name, settings.attribute,
                                      did_you_mean(name, known), fmt::join(known, ", "))
                        : fmt::format("there is no group \"{}\"{}; the groups are {}", name, did_you_mean(name, known),
                                      fmt::join(known, ", ")));
  }
}

void require_groups_have(const PreferenceData& data, const People& people, Split part) {
  std::vector<std::int64_t> count(people.groups.size(), 0);
  for (const std::int64_t row : rows_of_part(data, people.split, part)) {
    if (const std::int32_t group = group_of(data, people, row); group >= 0)
      ++count[static_cast<std::size_t>(group)];
  }
  const auto empty = std::find(count.begin(), count.end(), 0);
  if (empty == count.end())
    return;
  const auto group = static_cast<std::size_t>(empty - count.begin());
  std::set<std::int32_t> answered;  // no share puts fewer than three people, or comparisons, in three parts
  std::int64_t comparisons = 0;
  for (std::size_t row = 0; row < people.split.size(); ++row) {
    const auto place = static_cast<std::int64_t>(row);
    if (data.comparison_ranked[row] > 0 && group_of(data, people, place) == static_cast<std::int32_t>(group)) {
      answered.insert(data.comparison_user[row]);
      ++comparisons;
    }
  }
  const bool too_few = answered.size() < 3 || comparisons < 3;
  throw UserError(
      ExitCode::configuration,
      fmt::format("group \"{}\" has no {} comparisons under this split ({} of {} users are in the group, {} of whom "
                  "made {} with an answer); {}, or choose groups with more users",
                  people.groups[group], to_text(part),
                  std::count(people.group.begin(), people.group.end(), static_cast<std::int32_t>(group)),
                  data.user_count(), answered.size(), counted(comparisons, "comparison", "comparisons"),
                  too_few ? std::string("leave so small a group out (data.groups.minimum_size)")
                          : fmt::format("give data.split.{} a larger share", to_text(part))));
}

void require_groups_cover(const PreferenceData& data, const GroupSettings& settings, const People& people, Split part) {
  const std::vector<std::int64_t> rows = rows_of_part(data, people.split, part);
  const bool anybody =
      std::any_of(rows.begin(), rows.end(), [&](std::int64_t row) { return group_of(data, people, row) >= 0; });
  if (!anybody) {
    throw UserError(ExitCode::configuration,
                    fmt::format("data.groups.by is {}, but nothing may be read of the users whose {} comparisons are "
                                "scored; set data.split.history, or data.split.by: comparison",
                                settings.by, to_text(part)));
  }
}

void require_precise_groups(const PreferenceData& data, const GroupSettings& settings, const People& people) {
  std::vector<std::int64_t> of_person(people.group.size(), 0);
  for (const std::int64_t row : rows_of_part(data, people.split, Split::test))
    ++of_person[static_cast<std::size_t>(data.comparison_user[static_cast<std::size_t>(row)])];
  for (std::size_t group = 0; group < people.groups.size(); ++group) {
    std::vector<std::int64_t> of_members;
    for (std::size_t person = 0; person < of_person.size(); ++person) {
      if (people.group[person] == static_cast<std::int32_t>(group))
        of_members.push_back(of_person[person]);
    }
    require_precision(people.groups[group], precision_of(of_members), settings.precision);
  }
}

}  // namespace fairsweep
