#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "results/store/run_record.hpp"

namespace fairsweep::report {

/// Something a report can draw a configuration along: a metric over one group.
struct Axis {
  std::string metric;
  std::string group;                   ///< empty: all users
  std::optional<Direction> direction;  ///< nothing: the run does not say which way is better
  std::string unit;
  bool objective = false;  ///< an axis of the front
  [[nodiscard]] std::string label() const { return Objective{metric, group, Direction::maximise, unit}.label(); }
};

/// The objectives in their order, then the other metrics and groups of the trials' validation values, as many as fit
/// into `most` axes in all. A metric that is an objective of another group keeps its direction. O(metrics of trials).
[[nodiscard]] std::vector<Axis> report_axes(const RunRecord& record, std::size_t most);

/// The trials of one configuration. O(log trials). Trials of a record are ordered by configuration.
[[nodiscard]] std::span<const TrialRecord> trials_of(const RunRecord& record, ConfigurationId id);

/// What the replicates of one configuration say: those that count for the front (see FrontPoint).
struct ReplicateValues {
  std::vector<TrialId> trials;
  std::vector<double> validation;  ///< [replicates, axes], raw; NaN where one says nothing
  std::vector<double> test;        ///< the same replicates
};
[[nodiscard]] ReplicateValues replicate_values(const RunRecord& record, ConfigurationId id,
                                               const std::vector<Axis>& axes);

/// Mean over the replicates that say something, NaN where none does. @param values [replicates, axes]
[[nodiscard]] std::vector<double> means_of(const std::vector<double>& values, std::size_t axes);

}  // namespace fairsweep::report
