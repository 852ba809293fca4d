#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fairsweep::fairness {

/// People of about the same preference support rate.
struct SupportBin {
  double support = 0;         ///< mean
  double low = 0, high = 0;   ///< smallest and largest
  double mean = 0;            ///< of the metric, over people
  double standard_error = 0;  ///< over people: sd / sqrt(n); NaN for one
  std::size_t people = 0;
};

/// A metric over the preference support rate.
struct SupportCurve {
  std::vector<SupportBin> bins;  ///< up to ten, of about as many people each; equal rates stay together
  double slope = 0;        ///< least squares over people: Cov(support, metric) / Var(support); NaN where all are equal
  double correlation = 0;  ///< Spearman's, ties at their mean rank; NaN likewise
  double pearson = 0;      ///< Pearson's correlation; NaN likewise
  std::size_t people = 0;  ///< whose support rate is known
};

/// The curve for people with these rates and values; pairs with a NaN are left out. O(n log n).
[[nodiscard]] SupportCurve support_curve(std::span<const double> support, std::span<const double> values);

}  // namespace fairsweep::fairness
