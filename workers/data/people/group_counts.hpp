#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/domain/people.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// How much there is of a group.
struct GroupCounts {
  struct Part {
    std::int64_t people = 0;
    std::int64_t comparisons = 0;  ///< without ties
  };
  std::string name;                 ///< empty: people of no group
  std::int64_t people = 0;          ///< with or without comparisons
  std::array<Part, 5> part;         ///< by the codes of Split
  std::int64_t test_of_unseen = 0;  ///< test comparisons of people without training comparisons
};

/// Of every group in the order of its code, and of the people of no group where there are any.
/// @param data  as resolve_people left it. O(comparisons).
[[nodiscard]] std::vector<GroupCounts> counts_of_groups(const PreferenceData& data, const People& people);

}  // namespace fairsweep
