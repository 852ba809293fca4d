#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace fairsweep::report {

/// Sums of squared and crossed deviations of pairs from their means, and the degrees of freedom in them.
struct Scatter2 {
  double xx = 0;
  double xy = 0;
  double yy = 0;
  double degrees = 0;
  Scatter2& operator+=(const Scatter2& other);
};

/// Of the pairs (x, y) in which both are numbers; degrees = pairs - 1. Fewer than two pairs: all 0.
[[nodiscard]] Scatter2 scatter_of(const std::vector<double>& x, const std::vector<double>& y);

/// The squared radius, in units of the mean's covariance, of the region that holds the true mean of two normal
/// variables with probability `confidence`, where the covariance was estimated with these degrees of freedom:
/// Hotelling's T², 2 v / (v - 1) F(2, v - 1) = v ((1 - confidence)^(-2 / (v - 1)) - 1). Tends to the chi-squared
/// quantile -2 ln(1 - confidence). Source: Hotelling (1931); the F quantile with two degrees above is in closed form.
/// @param degrees  above 1. Example: 2 degrees, 0.95 -> 798.
[[nodiscard]] double mean_region(double degrees, double confidence);

/// Half axes and the angle of the longer one against x, counter-clockwise, in radians.
struct Ellipse {
  double major = 0;
  double minor = 0;
  double angle = 0;
};

/// The region of the mean of `replicates` pairs whose covariance is scatter / degrees; nothing where there are not
/// more than one degree of freedom.
[[nodiscard]] std::optional<Ellipse> mean_ellipse(const Scatter2& scatter, std::size_t replicates, double confidence);

}  // namespace fairsweep::report
