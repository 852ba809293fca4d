#pragma once

#include <optional>
#include <span>
#include <vector>

namespace fairsweep {

/// A small linear program: the greatest gain^T x over x >= 0 with total^T x = 1 and some lower bounds on rows.
class SimplexProgram {
 public:
  /// @param gain   [n]
  /// @param total  [n], > 0 and at most 1
  SimplexProgram(std::span<const double> gain, std::span<const double> total);

  /// Asks that coefficients^T x >= least. @param coefficients  [n], of the order of 1    @param least  <= 0
  void require(std::span<const double> coefficients, double least);

  /// The x [n] of the greatest gain; of several, the one that Bland's rule meets first. Nothing where no x fulfils all
  /// rows. Bounds hold up to rounding: a coefficient below 1e-11 counts as 0.
  ///
  /// Simplex method with Bland's rule, which cannot cycle: from x = 0, where every row holds because no bound is above
  /// 0, to total^T x = 1, and from there to the greatest gain. O(n (n + rows)) a pivot, some n + rows pivots as a rule,
  /// 5,000 at most.
  [[nodiscard]] std::optional<std::vector<double>> solve() const;

 private:
  std::vector<double> gain_;
  std::vector<double> total_;
  std::vector<double> rows_;  ///< [rows, n]
  std::vector<double> least_;
};

}  // namespace fairsweep
