#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "results/export/paired_bootstrap.hpp"
#include "results/report/run_summary.hpp"
#include "results/store/person_results.hpp"

namespace fairsweep::exports {

inline constexpr std::size_t k_bootstrap_draws = 10000;
inline constexpr double k_significance_level = 0.05;

/// What one point of the front gives the people of one objective beyond what the reference gives them, on test.
struct ReferenceDifference {
  std::size_t point = 0;                                         ///< index into front.points
  std::size_t objective = 0;                                     ///< index into front.objectives
  PairedDifference difference;                                   ///< this point's value minus the reference's, raw
  double adjusted_p = std::numeric_limits<double>::quiet_NaN();  ///< by Holm over all differences of the comparison
  /// 1: significantly better than the reference, -1: significantly worse, 0: neither is shown.
  int verdict = 0;
};

/// The front beside the best configuration of one method.
struct ReferenceComparison {
  std::string method;                            ///< of the reference
  std::optional<std::size_t> reference;          ///< index into front.points; nothing: the sweep has no such point
  std::vector<ReferenceDifference> differences;  ///< points in the order of the front, then objectives
  std::string note;                              ///< why differences are missing; empty where none is
  /// Null where there is none.
  [[nodiscard]] const ReferenceDifference* find(std::size_t point, std::size_t objective) const;
};

/// A trial counts in the means of the front: it is reported with a finite validation value of every objective.
[[nodiscard]] bool counts_in_front(const TrialRecord& trial, const std::vector<Objective>& objectives);

/// Compares every point of the front with the best configuration of `method` (best mean over the objectives on
/// validation) by a bootstrap over the people of the test split. A person's value is the mean over the replicates of a
/// configuration. What replicates on other seeds or splits would give is not in it.
/// @param people  one entry a metric; values of the trials of the front and of the reference
/// Deterministic: the draws are keyed by the data's digest. O(draws x people x front) for each objective.
[[nodiscard]] ReferenceComparison compare_with_method(const report::RunSummary& run,
                                                      const std::vector<PersonResults>& people,
                                                      const std::string& method);

/// Index into front.points of the reference compare_with_method takes.
[[nodiscard]] std::optional<std::size_t> reference_point(const report::RunSummary& run, const std::string& method);

}  // namespace fairsweep::exports
