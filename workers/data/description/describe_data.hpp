#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "workers/data/description/ceiling.hpp"
#include "workers/data/description/disagreement.hpp"
#include "workers/data/description/flip.hpp"
#include "workers/data/description/identifiability.hpp"
#include "workers/data/description/link_agreement.hpp"
#include "workers/data/description/support_summary.hpp"
#include "workers/data/description/vote_counts.hpp"
#include "workers/data/labels/label_classes.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// What shares one label of an attribute: people, or single comparisons.
struct GroupDescription {
  std::string label;
  std::int64_t users = 0;  ///< with this label; of an attribute of comparisons: with at least one such comparison
  std::int64_t comparisons = 0;
  /// Alternative -> share of this group's favourites; only where the features name alternatives. Ties are left out.
  std::vector<std::pair<std::string, double>> choice_shares;
  std::optional<double> ceiling;  ///< as stored in the data
  GroupSupport support;           ///< of an attribute of users
  ClassCounts classes;
};

/// How often the majorities of two groups disagree about what both judged.
struct Conflict {
  std::string first;
  std::string second;
  std::int64_t shared = 0;    ///< pairs of candidates on which both groups have a clear majority
  std::int64_t opposite = 0;  ///< of these, with different favourites
};

struct AttributeDescription {
  std::string name;
  bool of_comparisons = false;  ///< a circumstance of single comparisons, not of people
  std::int64_t unknown_users = 0;
  std::int64_t unknown_comparisons = 0;
  std::vector<GroupDescription> groups;
  std::vector<Conflict> conflicts;  ///< every two groups; none where there are more than k_most_conflict_groups
  SingleModelCeiling ceiling;       ///< each group of a pair weighs the same
};
inline constexpr std::size_t k_most_conflict_groups = 32;

struct DescribeOptions {
  std::string attribute = {};      ///< only this one, of users or comparisons; empty: all
  std::int64_t minimum_votes = 2;  ///< of a pair that the ceiling looks at; at least 2
  ClassRules rules = {};
};

/// What is in a data set; numbers only, see describe_text() and describe_json() for people and programs. A number that
/// the data cannot give is NaN. What each means: docs/describing_data.md.
struct DataDescription {
  DescribeOptions options;
  std::string digest;
  std::int64_t users = 0;
  std::int64_t users_without_comparisons = 0;
  std::int64_t contexts = 0;
  std::int64_t candidates = 0;
  std::int64_t comparisons = 0;
  std::int64_t pairs = 0;                              ///< two candidates in order
  std::int64_t choices = 0;                            ///< one of more than two
  std::int64_t rankings = 0;                           ///< several in order
  std::int64_t ties = 0;                               ///< any number without order
  bool weighted = false;                               ///< some comparisons weigh more than others in training
  std::int64_t least_per_user = 0, most_per_user = 0;  ///< over users with comparisons
  double median_per_user = 0;
  std::vector<std::string> features;
  std::vector<std::string> user_features;
  VoteCounts votes;
  Disagreement disagreement;
  SingleModelCeiling ceiling;
  TopAnswerFlips flips;
  Identifiability identifiability;
  std::optional<LinkAgreement> links;  ///< where the data have any
  SupportSummary support;
  SelfConsistency consistency;  ///< of all people together
  ClassCounts classes;
  std::vector<AttributeDescription> attributes;
  std::map<std::string, std::string> about;
};

/// Cost: O(v log w + attributes v) for v answered pairs of candidates, of which w share a candidate or a user; about
/// 64 bytes each beside the data.
/// @throws UserError (configuration) where there is no such attribute, or an option is out of its range.
[[nodiscard]] DataDescription describe_data(const PreferenceData& data, const DescribeOptions& options = {});

/// A page of plain text, lines end with a line feed.
[[nodiscard]] std::string describe_text(const DataDescription& description);

/// One JSON object, indented; keys as docs/describing_data.md says. What is not known is null.
[[nodiscard]] std::string describe_json(const DataDescription& description);

}  // namespace fairsweep
