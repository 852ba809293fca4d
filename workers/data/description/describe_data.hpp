#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// The people who share one label of an attribute.
struct GroupDescription {
  std::string label;
  std::int64_t users = 0;
  std::int64_t comparisons = 0;
  /// Alternative -> share of this group's choices; only where the features name alternatives.
  std::vector<std::pair<std::string, double>> choice_shares;
  std::optional<double> ceiling;
};

/// How often the majorities of two groups disagree about what both judged.
struct Conflict {
  std::string first;
  std::string second;
  std::int64_t shared = 0;    ///< questions (sets of candidates) that both groups judged with a clear majority
  std::int64_t opposite = 0;  ///< of these, with different favourites
};

struct AttributeDescription {
  std::string name;
  std::int64_t unknown_users = 0;
  std::vector<GroupDescription> groups;
  std::vector<Conflict> conflicts;  ///< every pair of groups; none where there are more than k_most_conflict_groups
};
inline constexpr std::size_t k_most_conflict_groups = 8;

/// What is in a data set; numbers only, see describe_text() and describe_json() for people and programs.
struct DataDescription {
  std::string digest;
  std::int64_t users = 0;
  std::int64_t users_without_comparisons = 0;
  std::int64_t contexts = 0;
  std::int64_t candidates = 0;
  std::int64_t comparisons = 0;
  std::int64_t pairs = 0;                              ///< two candidates
  std::int64_t choices = 0;                            ///< one of more than two
  std::int64_t rankings = 0;                           ///< several in order
  std::int64_t least_per_user = 0, most_per_user = 0;  ///< over users with comparisons
  double median_per_user = 0;
  std::int64_t repeated = 0;          ///< questions put to one user more than once
  std::int64_t repeat_pairs = 0;      ///< pairs of answers to one question
  std::int64_t consistent_pairs = 0;  ///< of these, with the same favourite
  std::vector<std::string> features;
  std::vector<std::string> user_features;
  std::vector<AttributeDescription> attributes;
  std::map<std::string, std::string> about;
};

/// @param attribute  only this one; empty: all
/// Cost: O(comparisons log comparisons) for each attribute.
/// @throws UserError (configuration) where there is no such attribute.
[[nodiscard]] DataDescription describe_data(const PreferenceData& data, const std::string& attribute = "");

/// A page of plain text, lines end with a line feed.
[[nodiscard]] std::string describe_text(const DataDescription& description);

/// One JSON object, indented; keys as in DataDescription.
[[nodiscard]] std::string describe_json(const DataDescription& description);

}  // namespace fairsweep
