#include "objectives/training/score_scale.hpp"

#include <cmath>
#include <limits>

namespace fairsweep {
namespace {

constexpr int k_most_steps = 60;
constexpr double k_widest = 1000;

/// First and second derivative of the weighted negative log-likelihood at b.
struct Slope {
  double first = 0;
  double second = 0;
};

Slope slope_at(double b, const at::Tensor& margins, const at::Tensor& present, const at::Tensor& weight) {
  const at::Tensor logits = (margins * b).masked_fill(present.logical_not(), -std::numeric_limits<double>::infinity());
  const at::Tensor probability = logits.softmax(1);
  const at::Tensor mean = (probability * margins).sum(1);
  const at::Tensor spread = (probability * margins.square()).sum(1) - mean.square();
  return {(weight * mean).sum().item<double>(), (weight * spread).sum().item<double>()};
}

/// Margins as doubles, 0 where absent.
at::Tensor known(const at::Tensor& margins, const at::Tensor& present) {
  return at::where(present, margins.to(at::kDouble), at::zeros({}, margins.options().dtype(at::kDouble)));
}

double root_mean_square(const at::Tensor& margins, const at::Tensor& present, const at::Tensor& weight) {
  if (margins.size(0) == 0)
    return 0;
  const at::Tensor rivals = (present.sum(1) - 1).clamp_min(1).to(at::kDouble);
  const at::Tensor square = margins.square().sum(1) / rivals;
  return std::sqrt((weight * square).sum().item<double>() / weight.sum().item<double>());
}

}  // namespace

double likeliest_scale(const at::Tensor& margins, const at::Tensor& present, const at::Tensor& weight) {
  const at::Tensor d = known(margins, present);
  const at::Tensor w = weight.to(at::kDouble);
  const double unit = root_mean_square(d, present, w);
  if (!(unit > 0) || !std::isfinite(unit))
    return 1;
  double low = 1 / (k_widest * unit);
  double high = k_widest / unit;
  if (slope_at(low, d, present, w).first >= 0)
    return low;
  if (slope_at(high, d, present, w).first <= 0)
    return high;
  double b = 1 / unit;
  for (int step = 0; step < k_most_steps; ++step) {
    const Slope slope = slope_at(b, d, present, w);
    (slope.first < 0 ? low : high) = b;
    double next = b - slope.first / slope.second;
    if (!(next > low && next < high))
      next = std::sqrt(low * high);
    if (std::fabs(next - b) <= 1e-12 * b)
      return next;
    b = next;
  }
  return b;
}

double unit_scale(const at::Tensor& margins, const at::Tensor& present, const at::Tensor& weight) {
  const double unit = root_mean_square(known(margins, present), present, weight.to(at::kDouble));
  return unit > 0 && std::isfinite(unit) ? 1 / unit : 1;
}

}  // namespace fairsweep
