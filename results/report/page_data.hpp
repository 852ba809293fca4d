#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "results/report/run_summary.hpp"
#include "results/store/person_results.hpp"
#include "results/store/run_timeline.hpp"

namespace fairsweep::report {

/// Everything a report is made from.
struct ReportInput {
  RunSummary run;
  RunTimeline timeline;
  PersonResults people;
};

/// How much of a large run goes into the page. The front is always whole.
struct ReportLimits {
  std::size_t points = 8000;        ///< configurations off the front
  std::size_t axes = 24;            ///< metrics and groups that can be drawn
  std::size_t person_curves = 200;  ///< configurations shown person by person
  std::size_t curve_steps = 160;    ///< of the hypervolume
  std::size_t workers = 40;         ///< rows of the workers' course
  std::size_t worker_bins = 60;
  std::size_t failures = 100;  ///< shown one by one
};

/// The configurations that a report shows person by person: of the front as many as fit, spread evenly along it, and
/// the best of each method, to compare with.
[[nodiscard]] std::vector<ConfigurationId> person_configurations(const RunSummary& run,
                                                                 const ReportLimits& limits = {});
/// Their trials, for read_person_results.
[[nodiscard]] std::vector<TrialId> person_trials(const RunSummary& run, const ReportLimits& limits = {});

/// What the page shows, as the page reads it; docs/report.md says how each number is worked out. Texts are printable().
[[nodiscard]] nlohmann::json page_data(const ReportInput& input, const ReportLimits& limits = {});

// Its parts, one for each view.
/// Axes, searched settings, and the points: all of the front, then some of the others.
[[nodiscard]] nlohmann::json points_json(const RunSummary& run, const ReportLimits& limits);
[[nodiscard]] nlohmann::json curve_json(const ReportInput& input, const ReportLimits& limits);
[[nodiscard]] nlohmann::json importance_json(const RunSummary& run);
[[nodiscard]] nlohmann::json persons_json(const ReportInput& input, const ReportLimits& limits);
[[nodiscard]] nlohmann::json work_json(const ReportInput& input, const ReportLimits& limits);
[[nodiscard]] nlohmann::json failures_json(const RunSummary& run, const ReportLimits& limits);
/// What was declared, what was chosen on what, who is in which group and split.
[[nodiscard]] nlohmann::json declaration_json(const ReportInput& input);
[[nodiscard]] nlohmann::json provenance_json(const RunSummary& run);

}  // namespace fairsweep::report
