#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "results/report/environment_comparison.hpp"
#include "results/report/number_agreement.hpp"
#include "results/report/run_summary.hpp"

namespace fairsweep::report {

/// A trial that two runs do not agree on within the tolerance.
struct TrialDifference {
  TrialId first;
  TrialId second;          ///< its number in the other run
  NumberDifference worst;  ///< of its numbers
};

/// Whether the reported trials of two runs agree. Trials are paired by all their settings and the replicate; where
/// settings occur more than once, in order.
struct TrialAgreement {
  std::size_t identical = 0;            ///< every metric the same bits, users and comparisons the same
  std::size_t different = 0;            ///< the others that both report
  std::size_t within = 0;               ///< of the different ones: every number within the tolerance
  std::size_t other_arrays = 0;         ///< of the identical ones: values of each person or comparison are others
  std::vector<TrialDifference> beyond;  ///< the different ones that are not within
  std::map<std::string, double>
      largest;                 ///< metric -> the largest distance of two of its values, where both are finite
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
  std::vector<EnvironmentDifference> environment;
  /// What is not the same in all runs, in words: "settings", "seed", "data", "versions", "kernel set", "threads",
  /// "device", "trials" (some are reported in one run only), "numbers" (beyond the tolerance), "late digits" (within
  /// it).
  [[nodiscard]] std::vector<std::string> differing() const;
  /// Every later run has exactly the first one's reported trials, bit for bit, and there is at least one.
  [[nodiscard]] bool identical() const;
};
/// @param runs at least two
[[nodiscard]] RunComparison compare_runs(const std::vector<RunSummary>& runs);

[[nodiscard]] std::string comparison_text(const std::vector<RunSummary>& runs, const RunComparison& comparison);
[[nodiscard]] nlohmann::json comparison_json(const std::vector<RunSummary>& runs, const RunComparison& comparison);

}  // namespace fairsweep::report
