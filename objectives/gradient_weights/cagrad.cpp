#include "objectives/gradient_weights/cagrad.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "objectives/gradient_weights/growing_factor.hpp"
#include "objectives/gradient_weights/non_negative_quadratic.hpp"

namespace fairsweep {

namespace {

/// Share of the squared greatest length below which the mean is 0 as far as doubles can tell.
constexpr double k_no_mean = 1e-15;
constexpr int k_most_rounds = 100;
constexpr double k_rounding = std::numeric_limits<double>::epsilon();
/// Distances this close, as a share, are equal.
constexpr double k_same = 1e-13;

/// The point nearest to the mean with <g_i, d> >= level, in units of the mean's length: d = g_0 + sum y_i g_i / |g_i|.
struct NearestPoint {
  std::vector<double> added;  ///< y, [P]
  double distance = 0;        ///< from the mean; infinite where no point is so good
  double slope = 0;           ///< sum of y_i `needs`_i: half the derivative of the squared distance by the level
  double rounding = 0;        ///< of the squared distance
};

class Levels {
 public:
  /// @param needs  least length / |g_i|: a level asks for level * needs_i along the unit gradient i
  /// @param has    the cosine of the mean with each gradient
  Levels(const SquareMatrix& cosines, std::vector<double> needs, std::vector<double> has)
      : cosines_(cosines), needs_(std::move(needs)), has_(std::move(has)), lacks_(needs_.size()) {}

  /// The greatest level up to which nothing need be added to the mean.
  [[nodiscard]] double of_mean() const { return of_best_single(0); }
  /// No point within `radius` is better: each loss by itself gets no further.
  [[nodiscard]] double of_best_single(double radius) const {
    double level = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < needs_.size(); ++i) {
      level = std::min(level, (has_[i] + radius) / needs_[i]);
    }
    return level;
  }

  [[nodiscard]] NearestPoint nearest(double level) {
    for (std::size_t i = 0; i < lacks_.size(); ++i) {
      lacks_[i] = level * needs_[i] - has_[i];
    }
    auto minimum = non_negative_minimum(cosines_, lacks_);
    NearestPoint point{.added = std::move(minimum.at)};
    if (!minimum.bounded) {
      point.distance = std::numeric_limits<double>::infinity();
      return point;
    }
    point.distance = std::sqrt(std::max(0.0, dot(point.added, product(cosines_, point.added))));
    point.slope = dot(point.added, needs_);
    const double sum = std::accumulate(point.added.begin(), point.added.end(), 0.0);
    point.rounding = 0.5 * k_rounding * sum * sum;
    return point;
  }

  /// How far the level may rise from that of `point` for its distance to become `radius`, as long as the same
  /// gradients are added: the squared distance is then a quadratic in the level. NaN where it never does.
  [[nodiscard]] double rise(const NearestPoint& point, double radius) const {
    std::vector<std::size_t> active;
    active.reserve(needs_.size());
    GrowingFactor factor(needs_.size());
    std::vector<double> row(needs_.size());
    std::vector<double> needs;
    needs.reserve(needs_.size());
    for (std::size_t i = 0; i < needs_.size(); ++i) {
      if (!(point.added[i] > 0)) {
        continue;
      }
      for (std::size_t k = 0; k < active.size(); ++k) {
        row[k] = cosines_(i, active[k]);
      }
      row[active.size()] = 1;
      if (!(factor.stage(std::span<const double>(row).first(active.size() + 1)) > 0)) {
        return std::numeric_limits<double>::quiet_NaN();
      }
      factor.accept();
      active.push_back(i);
      needs.push_back(needs_[i]);
    }
    const double curvature = dot(factor.solve(needs), needs);
    const double missing = (radius - point.distance) * (radius + point.distance);
    return missing / (point.slope + std::sqrt(point.slope * point.slope + curvature * missing));
  }

 private:
  const SquareMatrix& cosines_;
  std::vector<double> needs_;
  std::vector<double> has_;
  std::vector<double> lacks_;  ///< scratch
};

/// The y of the greatest level within `radius`. The distance is a convex, increasing function of the level, infinite
/// above 0 where the hull of the gradients holds 0, and steep there where it nearly does.
std::vector<double> best_within(Levels levels, std::size_t count, double radius) {
  double low = levels.of_mean();
  double high = levels.of_best_single(radius);
  std::vector<double> best(count, 0.0);
  double level = high;
  double tangent = high;
  for (int round = 0; round < k_most_rounds; ++round) {
    auto point = levels.nearest(level);
    const bool endless = std::isinf(point.distance);
    if (endless && low >= 0) {
      break;  // 0 is in the hull, so that 0 is the greatest level there is
    }
    const double rise = endless ? std::numeric_limits<double>::quiet_NaN() : levels.rise(point, radius);
    const double missing = std::abs(point.distance - radius) * (point.distance + radius);  // of the square
    const bool there = missing <= k_same * radius * radius + point.rounding ||
                       std::abs(rise) <= 8 * k_rounding * std::max(1.0, std::abs(level));
    const bool inside = point.distance <= radius;
    (inside ? low : high) = level;
    if (inside || there) {
      best = std::move(point.added);
    }
    if (there) {
      break;
    }
    if (!inside) {
      // Below its tangent a convex function does not fall: the level searched for is not above this.
      tangent = endless ? 0 : level + (radius - point.distance) * (point.distance / point.slope);
    }
    const double middle = low + 0.5 * (high - low);
    level += rise;
    for (const double other : {tangent, middle}) {
      level = low < level && level < high ? level : other;
    }
    if (!(low < level && level < high)) {
      break;
    }
  }
  return best;
}

}  // namespace

std::vector<double> cagrad_weights(const Gramian& gramian, double c) {
  check(std::isfinite(c) && c >= 0, "the radius of CAGrad is 0 or more");
  return gramian.weigh([&](const Gradients& gradients) {
    const std::size_t count = gradients.count();
    const double share = 1 / static_cast<double>(count);
    const double greatest = gradients.greatest_length();
    const double least = gradients.least_length();
    std::vector<double> weights(count, share);
    std::vector<double> mean(gradients.lengths);  // in unit gradients; unit of length: the greatest
    for (double& value : mean) {
      value *= share / greatest;
    }
    auto has = product(gradients.cosines, mean);
    const double square = dot(mean, has);
    if (c == 0 || square <= k_no_mean) {
      return weights;
    }
    const double length = std::sqrt(square);
    std::vector<double> needs(count);
    for (std::size_t i = 0; i < count; ++i) {
      has[i] = std::clamp(has[i] / length, -1.0, 1.0);
      needs[i] = least / gradients.lengths[i];
    }
    const auto added = best_within(Levels(gradients.cosines, std::move(needs), std::move(has)), count, c);
    for (std::size_t i = 0; i < count; ++i) {
      weights[i] += length * added[i] * (greatest / gradients.lengths[i]);
    }
    return weights;
  });
}

}  // namespace fairsweep
