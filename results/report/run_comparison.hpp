#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "results/report/run_summary.hpp"

namespace fairsweep::report {

/// Whether the reported trials of two runs agree. Trials are paired by all their settings and the replicate; where
/// settings occur more than once, in order.
struct TrialAgreement {
  std::size_t identical = 0;  ///< every metric the same bits, users and comparisons the same
  std::size_t different = 0;
  std::size_t only_first = 0;  ///< reported there only
  std::size_t only_second = 0;
  [[nodiscard]] bool complete() const { return different + only_first + only_second == 0; }
};
/// O(n log n) for n trials.
[[nodiscard]] TrialAgreement compare_trials(const RunSummary& first, const RunSummary& second);

/// One line of the resolved configurations, one text a run; "" where a run has no such line.
struct ConfigurationDifference {
  std::string path;
  std::vector<std::string> texts;
};
/// @param resolved  resolved configurations as fairsweep writes them: "key: value" lines, two spaces a level
[[nodiscard]] std::vector<ConfigurationDifference> differences(const std::vector<std::string>& resolved);

/// Several runs side by side.
struct RunComparison {
  bool same_objectives = false;
  std::vector<double> reference;  ///< front_reference over all runs' points; empty where there is none
  std::vector<std::optional<double>> hypervolumes;  ///< by run, with respect to `reference`
  std::vector<ConfigurationDifference> configuration;
  bool same_data = false;
  std::vector<TrialAgreement> agreements;  ///< of each later run with the first
  /// Every later run has exactly the first one's reported trials, bit for bit, and there is at least one.
  [[nodiscard]] bool identical() const;
};
/// @param runs at least two
[[nodiscard]] RunComparison compare_runs(const std::vector<RunSummary>& runs);

[[nodiscard]] std::string comparison_text(const std::vector<RunSummary>& runs, const RunComparison& comparison);
[[nodiscard]] nlohmann::json comparison_json(const std::vector<RunSummary>& runs, const RunComparison& comparison);

}  // namespace fairsweep::report
