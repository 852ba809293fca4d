#include "results/report/confidence_ellipse.hpp"

#include <algorithm>
#include <cmath>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::report {

Scatter2& Scatter2::operator+=(const Scatter2& other) {
  xx += other.xx;
  xy += other.xy;
  yy += other.yy;
  degrees += other.degrees;
  return *this;
}

Scatter2 scatter_of(const std::vector<double>& x, const std::vector<double>& y) {
  check(x.size() == y.size(), "pairs have two numbers");
  double n = 0, mean_x = 0, mean_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isfinite(x[i]) && std::isfinite(y[i])) {
      ++n;
      mean_x += x[i];
      mean_y += y[i];
    }
  }
  Scatter2 scatter;
  if (n < 2)
    return scatter;
  mean_x /= n;
  mean_y /= n;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isfinite(x[i]) && std::isfinite(y[i]))
      scatter +=
          {(x[i] - mean_x) * (x[i] - mean_x), (x[i] - mean_x) * (y[i] - mean_y), (y[i] - mean_y) * (y[i] - mean_y), 0};
  }
  scatter.degrees = n - 1;
  return scatter;
}

double mean_region(double degrees, double confidence) {
  check(degrees > 1 && confidence > 0 && confidence < 1, "a region needs two degrees of freedom and a probability");
  return degrees * (std::pow(1 - confidence, -2 / (degrees - 1)) - 1);
}

std::optional<Ellipse> mean_ellipse(const Scatter2& scatter, std::size_t replicates, double confidence) {
  if (!(scatter.degrees > 1) || replicates == 0)
    return std::nullopt;
  const double scale = mean_region(scatter.degrees, confidence) / scatter.degrees / static_cast<double>(replicates);
  const double middle = (scatter.xx + scatter.yy) / 2, half = (scatter.xx - scatter.yy) / 2;
  const double spread = std::hypot(half, scatter.xy);
  return Ellipse{std::sqrt(scale * (middle + spread)), std::sqrt(scale * std::max(0.0, middle - spread)),
                 std::atan2(scatter.xy, half + spread)};
}

}  // namespace fairsweep::report
