#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"

namespace fairsweep {

/// Who is in which group and what each comparison is for: what the group and split settings of a sweep make of its
/// data. A person is a user of the data; where the groups come from an attribute of the comparisons, a user who
/// answered under several labels is several persons.
struct People {
  std::vector<std::string> groups;         ///< names, in the order of the codes
  std::vector<std::string> names;          ///< [people]
  std::vector<std::int64_t> user;          ///< [people] row of the user in the data
  std::vector<std::int32_t> group;         ///< [people], -1: none
  std::vector<double> membership;          ///< [people, groups], rows sum to 1, NaN where not known; empty: hard
  std::vector<double> support;             ///< [people] preference support rate, NaN where not known
  std::vector<std::uint8_t> in_training;   ///< [people] 1: has training comparisons
  std::vector<double> label_weight;        ///< [people] factor of training comparisons' weights; empty: 1
  std::vector<double> label_flip;          ///< [people] probability that a training answer is turned around; empty: 0
  std::vector<Split> split;                ///< [comparisons]
  std::vector<std::int32_t> person;        ///< [comparisons] row of the person; empty: people are the users, row by row
  std::vector<float> weight;               ///< [comparisons] of the data; empty: 1, or not known
  std::map<std::string, std::string> how;  ///< what was found on the way: thresholds, people left out, ...
  bool operator==(const People&) const = default;
};

}  // namespace fairsweep
