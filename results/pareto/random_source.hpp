#pragma once

namespace fairsweep::pareto {

/// Where the random numbers of this folder come from. Whoever calls gives one over a counter-based stream, so that the
/// same key gives the same answer; this folder draws none of its own.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  /// Uniform in [0, 1).
  [[nodiscard]] virtual double uniform() = 0;
  /// Standard normal.
  [[nodiscard]] virtual double normal() = 0;
  /// Gamma with this shape > 0 and scale 1.
  [[nodiscard]] virtual double gamma(double shape) = 0;
};

}  // namespace fairsweep::pareto
