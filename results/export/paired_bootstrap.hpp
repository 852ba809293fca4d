#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "core/random/philox.hpp"

namespace fairsweep::exports {

/// A mean difference over people, with what chance in the choice of people does to it.
struct PairedDifference {
  std::size_t people = 0;
  double mean = std::numeric_limits<double>::quiet_NaN();            ///< NaN: of nobody
  double standard_error = std::numeric_limits<double>::quiet_NaN();  ///< sd / sqrt(people); NaN for fewer than two
  double low = std::numeric_limits<double>::quiet_NaN();             ///< 2.5 % quantile of the drawn means
  double high = std::numeric_limits<double>::quiet_NaN();            ///< 97.5 % quantile
  double p_value = std::numeric_limits<double>::quiet_NaN();         ///< two-sided; NaN for fewer than two people
};

/// The bootstrap over people: as many of them are drawn, with replacement, as there are, and their differences
/// averaged, `draws` times. All rows are averaged over the same drawn people, so rows may be compared.
/// p = min(1, 2 (1 + min(draws with a mean <= 0, draws with a mean >= 0)) / (1 + draws)), never 0.
/// @param differences  [rows][people], the same people in every row; NaN: nothing is known of this person there
/// @param draws  above 0
/// Cost: draws x people x rows. Source: B. Efron, Ann. Statist. 7 (1979); the ones added to p: A. Davison, D. Hinkley,
/// Bootstrap Methods and their Application (1997), section 4.2. @throws InternalError where rows differ in length.
[[nodiscard]] std::vector<PairedDifference> paired_bootstrap(const std::vector<std::vector<double>>& differences,
                                                             std::size_t draws, RandomStream& random);

/// p-values adjusted for their number (S. Holm, Scand. J. Statist. 6 (1979)): rejecting what is at most alpha keeps the
/// probability of any wrong rejection at alpha. NaN stays NaN and does not count. O(n log n).
[[nodiscard]] std::vector<double> holm_adjusted(const std::vector<double>& p_values);

}  // namespace fairsweep::exports
