#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/random/philox.hpp"

namespace fairsweep {

// Plackett-Luce: the first place is drawn among all candidates with probability proportional to exp(utility), each
// further one in the same way among those that are left (Luce 1959; Plackett 1975). Two candidates are Bradley-Terry.

/// Probability of each candidate to be put first: the softmax of the utilities. Finite utilities, at least one. O(n).
[[nodiscard]] std::vector<double> first_place_probabilities(std::span<const double> utilities);

/// All candidates, those in the first `ranked` places in the order drawn, the others in the order of the utilities'
/// list, which says nothing. O(n ranked).
[[nodiscard]] std::vector<std::size_t> draw_ranking(std::span<const double> utilities, std::size_t ranked,
                                                    RandomStream& stream);

/// Probability that the first places are `order[0]`, `order[1]`, ... `order[ranked - 1]`, whatever comes after.
/// @param order  different candidates, at least `ranked`
/// O(n ranked).
[[nodiscard]] double ranking_probability(std::span<const double> utilities, std::span<const std::size_t> order,
                                         std::size_t ranked);

}  // namespace fairsweep
