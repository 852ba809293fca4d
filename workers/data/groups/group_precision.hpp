#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fairsweep {

/// How well the test part can tell a group's accuracy, before anything is trained.
struct GroupPrecision {
  std::int64_t users = 0;        ///< with test comparisons
  std::int64_t comparisons = 0;  ///< of theirs
  double half_width = 0;         ///< of the 95 % interval; infinite without users
};

/// Share of the variance of single answers being right that is between users, taken for granted: true accuracies of
/// users then spread by a standard deviation of sqrt(0.2 / 4) = 0.22, more than a uniform spread between 0.5 and 1 has.
inline constexpr double k_between_users = 0.2;

/// The accuracy of a group is the mean over its n users of each user's share of right answers. One answer has a
/// variance of at most 1/4; of it a share r = k_between_users is the user's, so that m answers of one user count as m /
/// (1 + (m - 1) r) independent ones (Kish's design effect):
///   half width = 1.96 sqrt((r + (1 - r) mean(1 / m)) / 4 / n)
/// @param comparisons_of_users [users] test comparisons of each user of the group; 0 of those who have none
[[nodiscard]] GroupPrecision precision_of(const std::vector<std::int64_t>& comparisons_of_users);

/// Users with as many comparisons as these that a half width of `wanted` needs.
[[nodiscard]] std::int64_t users_needed(const GroupPrecision& found, double wanted);

/// @throws UserError (configuration) where the half width is above `wanted`, with the users that it needs. 1 asks for
///         nothing, because no half width is above 0.98.
void require_precision(const std::string& group, const GroupPrecision& found, double wanted);

}  // namespace fairsweep
