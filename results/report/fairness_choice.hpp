#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "results/report/fairness_summary.hpp"

namespace fairsweep::report {

/// A configuration, or one of its trials, that a fairness summary shows.
struct ShownPoint {
  std::size_t point = 0;  ///< in front.points
  std::optional<TrialId> trial;
};

/// The trial asked for, or the front's members and after them the best pooled configuration that is no member.
[[nodiscard]] std::vector<ShownPoint> shown_points(const RunSummary& run, const FairnessRequest& request);

/// Which way is better, as the front says, else the catalogue; larger where neither knows the metric.
[[nodiscard]] Direction direction_of_fairness(const RunSummary& run, const std::string& metric);

/// For each group of the run the configuration that competes with the best mean of the metric on validation; nothing
/// where none has one. Test values are not read. O(metrics of trials x groups).
[[nodiscard]] std::vector<std::optional<ConfigurationId>> best_of_groups(const RunSummary& run,
                                                                         const std::string& metric);

}  // namespace fairsweep::report
