#include "results/report/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fairsweep::report {

std::string number_text(double value, int significant) {
  if (std::isnan(value))
    return "-";
  if (value == 0)
    return "0";
  const double size = std::fabs(value);
  if (!std::isfinite(value) || size >= 1e6 || size < 1e-4)
    return fmt::format("{:.{}g}", value, significant);
  const int places = std::max(0, significant - 1 - static_cast<int>(std::floor(std::log10(size))));
  return fmt::format("{:.{}f}", value, places);
}

std::string exact_text(double value) { return fmt::format("{:.17g}", value); }

std::string estimate_text(const Estimate& estimate) {
  const double error = estimate.standard_error;
  if (std::isnan(estimate.mean))
    return "-";
  if (!std::isfinite(error))
    return number_text(estimate.mean);
  // Equal replicates leave a rounding error of their mean, which is no spread.
  if (error <= 1e-15 * std::max(1.0, std::fabs(estimate.mean)))
    return number_text(estimate.mean) + " ± 0";
  const int places = 1 - static_cast<int>(std::floor(std::log10(error)));
  // Beyond these an exponent is shorter than the zeros.
  if (places > 8 || places < -4 || std::fabs(estimate.mean) >= 1e9) {
    return fmt::format("{:.4g} ± {:.2g}", estimate.mean, error);
  }
  return fmt::format("{:.{}f} ± {:.{}f}", estimate.mean, std::max(0, places), error, std::max(0, places));
}

std::string duration_text(double seconds) {
  if (!(seconds >= 0) || seconds > 1e12)
    return "-";
  if (seconds < 60)
    return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 3600)
    return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace fairsweep::report
