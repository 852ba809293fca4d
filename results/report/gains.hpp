#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "results/report/run_summary.hpp"

namespace fairsweep::report {

/// What a group has of one configuration beside another, on test: positive is better for the group, whatever the
/// metric's direction.
struct Gain {
  double mean = 0;               ///< NaN: no replicate has both
  double half_width = 0;         ///< of the 95 % interval; NaN: fewer than two replicates have both
  std::uint32_t replicates = 0;  ///< of the same number in both, whose differences these are
  /// The interval lies on one side of 0.
  [[nodiscard]] bool gains() const { return mean > half_width; }
  [[nodiscard]] bool pays() const { return -mean > half_width; }
};

/// Who gains and who pays: each member of the front beside the pooled model.
struct GainTable {
  std::size_t pooled = 0;                ///< in front.points: the best pooled configuration, see best_of_methods
  std::vector<std::size_t> axes;         ///< in front.objectives: those of groups
  std::vector<std::vector<Gain>> gains;  ///< [members][axes]
};

/// Differences are taken replicate by replicate, because replicates of one number share the models that methods share;
/// the interval is Student's over them. It is about seeds on one split of the people, not about other people.
/// Nothing where no pooled configuration competes or no axis is a group's. O(trials + members x axes x replicates).
[[nodiscard]] std::optional<GainTable> gain_table(const RunSummary& run);

}  // namespace fairsweep::report
