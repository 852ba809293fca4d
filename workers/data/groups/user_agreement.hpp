#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// How much users agree, [n, n] for the n users given, row-major, symmetric, in [0, 1]; the diagonal is 1.
///
/// Two users agree on a pair that both answered by m_u m_v + (1 - m_u)(1 - m_v), with m the share of a user's answers
/// that prefer its first candidate. The mean over their pairs is shrunk towards the mean of all users as if they had
/// shared `k_shrinking_pairs` more; users who share none have exactly that mean, which says nothing of the two.
/// @param shown rows of the comparisons that may be read; @param users [all users] place in the matrix, -1: not in it
/// Cost: O(sum over pairs of the square of their answers) + O(n^2) memory.
[[nodiscard]] std::vector<double> user_agreement(const PreferenceData& data, std::span<const std::int64_t> shown,
                                                 const std::vector<std::int32_t>& users);

inline constexpr double k_shrinking_pairs = 2;

/// Coordinates of n things by the leading eigenvectors of their similarity W [n, n], scaled by the degrees
/// (D^-1/2 W D^-1/2, diagonal left out), each row of length 1 (Ng, Jordan, Weiss, NIPS 2001). The sign of each vector
/// makes its largest entry positive. @return [n, dimensions]. O(n^3).
[[nodiscard]] std::vector<double> spectral_embedding(const std::vector<double>& similarity, std::size_t n,
                                                     std::size_t dimensions);

}  // namespace fairsweep
