#include "results/report/student.hpp"

#include <cmath>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::report {
namespace {

/// Continued fraction of the incomplete beta function, good for x below (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
  constexpr int k_most = 10000;
  constexpr double k_tiny = 1e-300;
  const auto safe = [](double value) { return std::abs(value) < k_tiny ? k_tiny : value; };
  double c = 1, d = 1 / safe(1 - (a + b) * x / (a + 1)), fraction = d;
  for (int m = 1; m <= k_most; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / safe(1 + even * d);
    c = safe(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / safe(1 + odd * d);
    c = safe(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < 1e-15)
      break;
  }
  return fraction;
}

double beta_share(double a, double b, double x) {
  if (x <= 0 || x >= 1)
    return x <= 0 ? 0 : 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

}  // namespace

double student_share(double t, double degrees) {
  check(degrees >= 1, "Student's distribution has one degree of freedom at least");
  const double tail = beta_share(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2;
  return t > 0 ? 1 - tail : tail;
}

double student_quantile(double share, double degrees) {
  check(share > 0 && share < 1, "a share lies between 0 and 1");
  if (share < 0.5)
    return -student_quantile(1 - share, degrees);
  double low = 0, high = 1;
  while (student_share(high, degrees) < share)
    high *= 2;
  for (int halving = 0; halving < 200 && high - low > 1e-13 * high; ++halving) {
    const double middle = (low + high) / 2;
    (student_share(middle, degrees) < share ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace fairsweep::report
