#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fairsweep::fairness {

/// Normalised Borda count of candidates from comparisons: wins / (wins + losses), weighted; in [0, 1], NaN for a
/// candidate that nobody compared. Who answered does not count. Source: A. Shirali et al., arXiv 2502.16320.
class BordaCount {
 public:
  explicit BordaCount(std::size_t candidates) : wins_(candidates, 0.0), losses_(candidates, 0.0) {}
  /// One comparison: each of the first `ranked` candidates won against all after it. @param order  rows, best first
  void add(std::span<const std::int64_t> order, std::size_t ranked, double weight);
  [[nodiscard]] double of(std::size_t candidate) const;

 private:
  std::vector<double> wins_, losses_;
};

/// The count that endless comparisons would give: sum over types of share x mean over alternatives, drawn by
/// `sampling`, of sigma(r(y) - r(y')). A candidate may meet itself. [candidates]
/// @param rewards [types][candidates]  @param shares [types], sum 1  @param sampling [candidates], sum 1
/// Cost: types x candidates squared. Source: the same.
[[nodiscard]] std::vector<double> expected_borda_counts(const std::vector<std::vector<double>>& rewards,
                                                        std::span<const double> shares,
                                                        std::span<const double> sampling);

/// Of the pairs of candidates that `wanted` tells apart, the share that `given` orders the same way; one it does not
/// tell apart counts one half. Differences up to `tolerance` are ties. NaN where `wanted` tells no pair apart; pairs
/// with a NaN are left out. O(candidates squared).
[[nodiscard]] double order_agreement(std::span<const double> given, std::span<const double> wanted,
                                     double tolerance = 1e-12);

}  // namespace fairsweep::fairness
