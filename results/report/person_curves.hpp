#pragma once

#include <cstddef>
#include <string>
#include <vector>

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

/// People of about the same preference support rate.
struct SupportBin {
  double support = 0;         ///< mean
  double low = 0, high = 0;   ///< smallest and largest
  double mean = 0;            ///< of the metric, over people
  double standard_error = 0;  ///< over people: sd / sqrt(n); NaN for one
  std::size_t people = 0;
};

/// The metric over the preference support rate.
struct SupportCurve {
  std::vector<SupportBin> bins;  ///< up to ten, of about as many people each; equal rates stay together
  double slope = 0;        ///< least squares over people: Cov(support, metric) / Var(support); NaN where all are equal
  double correlation = 0;  ///< Spearman's, ties at their mean rank; NaN likewise
  std::size_t people = 0;  ///< whose support rate is known
};

/// One configuration in one split. Each person counts once: with the mean over the replicates that say something.
struct PersonCurves {
  ConfigurationId configuration;
  std::size_t replicates = 0;  ///< that left values
  std::vector<PersonSpread> spreads;
  SupportCurve support;
};

/// @param values       of results.trials; results.validation or results.test
/// @param configuration  whose trials to average. O(replicates people + people log people)
[[nodiscard]] PersonCurves person_curves(const RunSummary& run, const PersonResults& results,
                                         const PersonValues& values, ConfigurationId configuration);

/// Mean over the configuration's trials of each person's value, NaN where none says one. [values.people]
[[nodiscard]] std::vector<double> person_means(const RunSummary& run, const PersonResults& results,
                                               const PersonValues& values, ConfigurationId configuration,
                                               std::size_t& replicates);

/// The curve for people with these rates and values; pairs with a NaN are left out.
[[nodiscard]] SupportCurve support_curve(const std::vector<double>& support, const std::vector<double>& values);

}  // namespace fairsweep::report
