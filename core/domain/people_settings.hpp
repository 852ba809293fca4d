#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairsweep {

/// What is done about training answers that may be no preferences (data.labels).
struct LabelSettings {
  std::string policy = "keep";  ///< keep, drop, weight, noise_aware
  double least_stable = 0.2;    ///< drop: people whose stable share of answers is below
  double prior_pairs = 4;       ///< how many pairs of answers everybody's mean counts for in a person's own
  std::string ties = "drop";    ///< drop, keep: answers that prefer nothing
  [[nodiscard]] bool keeps_ties() const { return ties == "keep"; }
  bool operator==(const LabelSettings&) const = default;
};

/// How people become groups (data.groups). The schema says what each option means and where it counts; members that
/// do not count keep their default.
struct GroupSettings {
  std::string by = "attribute";         ///< attribute, combination, support_rate, agreement
  std::string attribute;                ///< by attribute: one of the users or of the comparisons
  std::vector<std::string> attributes;  ///< by combination: a group for each combination of their labels
  std::int64_t minimum_size = 1;        ///< by attribute or combination: people a group must have to be one
  std::string similarity = "pairs";     ///< by support_rate: pairs, clusters
  std::int64_t support_clusters = 4;    ///< similarity clusters
  std::string threshold = "quantile";   ///< by support_rate: quantile, absolute, two_means
  double quantile = 0.3;                ///< threshold quantile
  double absolute = 0.5;                ///< threshold absolute
  std::string algorithm = "spectral";   ///< by agreement: spectral, k_means
  std::int64_t clusters = 2;            ///< by agreement
  std::string membership = "hard";      ///< by support_rate or agreement: hard, soft
  double softness = 0.25;               ///< membership soft
  double precision = 1;                 ///< half width of the 95 % interval of a group's test accuracy; 1: any
  bool operator==(const GroupSettings&) const = default;

  /// Are the groups known before anything is split, from the data alone?
  [[nodiscard]] bool known_before_split() const { return by == "attribute" || by == "combination"; }
};

/// How comparisons are dealt out (data.split). Shares sum to 1.
struct SplitSettings {
  std::string by = "user";  ///< user, context, comparison, time
  double train = 0.7;
  double validation = 0.15;
  double test = 0.15;
  /// Comparisons of each held-out user that are shown as history and never scored (split by user only).
  std::int64_t history = 0;
  bool few_shot = false;               ///< also score people by fewer and fewer comparisons of their history
  std::string same_text = "refuse";    ///< by context: refuse, together, allow
  bool stratified = false;             ///< by context or comparison: deal each group by itself
  double unseen_users = 0;             ///< by context, comparison or time: share of users kept out of training
  std::vector<std::string> imbalance;  ///< "group=number": training people of these groups in this proportion
  bool operator==(const SplitSettings&) const = default;
};

/// "majority=10" as a group and its number; nothing where it is not of that form or the number is not above 0.
struct Proportion {
  std::string group;
  double number = 0;
};
[[nodiscard]] std::optional<Proportion> proportion_in(const std::string& text);

}  // namespace fairsweep
