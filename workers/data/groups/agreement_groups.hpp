#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/domain/people_settings.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Clusters of users who agree.
struct AgreementGroups {
  std::vector<std::string> names;   ///< cluster_1, the largest, cluster_2, ...
  std::vector<std::int32_t> group;  ///< [users], -1 for users of whom nothing is shown
  std::vector<double>
      membership;  ///< [users, clusters] where the settings ask for soft membership, NaN where not known
};

/// The most users that are clustered by eigenvectors: the matrix and the time grow with the square and the cube.
inline constexpr std::int64_t k_most_spectral_users = 2000;

/// Users with something shown, clustered by k_means over
///   spectral  the eigenvectors of their agreement on the pairs that they shared (user_agreement)
///   k_means   their tastes (user_tastes), which needs no shared pairs and takes any number of users
/// Soft membership is softmax(-distance to each centre / width), the width being softness times the mean distance of
/// users to their own centre.
/// @param shown rows of the comparisons that may be read of anybody: training and history
/// @throws UserError (configuration) where there are too many users for spectral, no two of them share a pair, or fewer
///         clusters are found than asked for.
[[nodiscard]] AgreementGroups groups_by_agreement(const PreferenceData& data, std::span<const std::int64_t> shown,
                                                  std::span<const std::int64_t> training, const GroupSettings& settings,
                                                  std::uint64_t seed);

}  // namespace fairsweep
