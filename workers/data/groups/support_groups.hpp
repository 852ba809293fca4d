#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/domain/people_settings.hpp"

namespace fairsweep {

/// Names of the groups by support rate, in the order of their codes.
inline constexpr std::string_view k_majority = "majority";
inline constexpr std::string_view k_minority = "minority";

/// Majority and minority by how common people's preferences are.
struct SupportGroups {
  double threshold = 0;             ///< a rate up to this is the minority's
  std::vector<std::int32_t> group;  ///< [users] 0 majority, 1 minority, -1 where the rate is not known
  std::vector<double> membership;   ///< [users, 2] where the settings ask for soft membership, NaN where not known
};

/// The threshold is, over the known rates of users with training comparisons,
///   quantile   their q-quantile, linear between neighbours
///   absolute   the number given
///   two_means  the middle between the two sides of best_cut
/// Soft membership in the minority is 1 / (1 + exp((rate - threshold) / width)) with the width softness times the
/// standard deviation of those rates (handbook of PAFO, reading C4).
/// @throws UserError (configuration) where no rate is known, or one of the two would be empty.
[[nodiscard]] SupportGroups groups_by_support(const std::vector<double>& rates, const std::vector<bool>& user_trained,
                                              const GroupSettings& settings);

/// 2-means of numbers on a line, exactly: where to cut the sorted numbers so that the sum of squared distances to the
/// mean of each side is least; the lowest such cut. The middle between its neighbours; NaN where all numbers are equal.
/// O(n log n).
[[nodiscard]] double best_cut(std::vector<double> numbers);

}  // namespace fairsweep
