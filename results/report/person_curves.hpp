#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "objectives/metrics/support/support_curve.hpp"
#include "results/report/run_summary.hpp"
#include "results/store/person_results.hpp"

namespace fairsweep::report {

/// How a metric is spread over the people of one group under one configuration.
struct PersonSpread {
  std::string group;              ///< empty: everybody
  std::size_t people = 0;         ///< with a value
  double mean = 0;                ///< over people
  std::vector<double> quantiles;  ///< at 0, 1 / 40, ... 1: inverse of the share of people at or below; empty: nobody
};

/// One configuration in one split. Each person counts once: with the mean over the replicates that say something.
struct PersonCurves {
  ConfigurationId configuration;
  std::size_t replicates = 0;  ///< that left values
  std::vector<PersonSpread> spreads;
  fairness::SupportCurve support;
};

/// @param values       of results.trials; results.validation or results.test
/// @param configuration  whose trials to average. O(replicates people + people log people)
[[nodiscard]] PersonCurves person_curves(const RunSummary& run, const PersonResults& results,
                                         const PersonValues& values, ConfigurationId configuration);

/// Mean over the configuration's trials of each person's value, NaN where none says one. [values.people]
[[nodiscard]] std::vector<double> person_means(const RunSummary& run, const PersonResults& results,
                                               const PersonValues& values, ConfigurationId configuration,
                                               std::size_t& replicates);

}  // namespace fairsweep::report
