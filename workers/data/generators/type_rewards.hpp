#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairsweep {

/// What the reward of a type is as a function of a candidate's features.
enum class RewardShape {
  linear,   ///< a weighted sum of the features
  network,  ///< a random network of one hidden layer of 8 tanh units
};
/// By its name on the command line. @throws UserError (configuration) where there is none of that name.
[[nodiscard]] RewardShape reward_shape_named(std::string_view name);
[[nodiscard]] std::string_view name_of(RewardShape shape);

/// Rewards of `types` types for every candidate, [types][candidates]: random functions of this shape, each with mean 0
/// and variance 1 over the candidates, of which any two have exactly this correlation over them (but for rounding).
///
/// T random functions are centred and made orthonormal over the candidates (modified Gram-Schmidt, which keeps sums of
/// features sums of features), and mixed with the square root of the matrix that has 1 on the diagonal and
/// `similarity` beside it.
/// @param features    [candidates, feature_count], row-major; more candidates than types, and for linear rewards at
///                    least as many features as types
/// @param similarity  -1 / (types - 1) to 1, where all types are one
/// Cost: O(candidates * types * (feature_count + types)). The construction is ours.
[[nodiscard]] std::vector<std::vector<double>> type_rewards(std::span<const float> features, std::size_t feature_count,
                                                            std::size_t types, RewardShape shape, double similarity,
                                                            std::uint64_t seed);

}  // namespace fairsweep
