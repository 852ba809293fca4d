#include "objectives/gradient_weights/epo.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/random/portable_math.hpp"
#include "objectives/gradient_weights/shortest_combination.hpp"
#include "objectives/gradient_weights/simplex_program.hpp"

namespace fairsweep {

namespace {

/// Non-uniformity up to which the losses count as being on the ray.
constexpr double k_balanced = 1e-4;
/// A pull of the anchor up to here, in units of the greatest squared length, is what rounding leaves of losses on the
/// ray, and has no direction.
constexpr double k_no_pull = 1e-12;

struct Goal {
  double non_uniformity = 0;
  std::vector<double> anchor;  ///< a, [P]
  std::vector<char> greatest;  ///< whether r_i l_i is the greatest, [P]
};

Goal goal_of(const std::vector<double>& losses, const std::vector<double>& ray) {
  const std::size_t count = losses.size();
  const double longest = *std::max_element(ray.begin(), ray.end());
  const double highest = *std::max_element(losses.begin(), losses.end());
  std::vector<double> shares(count);
  double square = 0;
  double sum = 0;
  double most = 0;
  for (std::size_t i = 0; i < count; ++i) {
    shares[i] = highest > 0 ? (ray[i] / longest) * (losses[i] / highest) : 1;  // no loss at all is on every ray
    square += (ray[i] / longest) * (ray[i] / longest);
    sum += shares[i];
    most = std::max(most, shares[i]);
  }
  Goal goal{.anchor = std::vector<double>(count), .greatest = std::vector<char>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    goal.greatest[i] = shares[i] == most ? 1 : 0;
    const double share = std::max(shares[i] / sum, std::numeric_limits<double>::epsilon());
    goal.anchor[i] = portable::log(share * static_cast<double>(count));
    goal.non_uniformity += share * goal.anchor[i];
  }
  for (std::size_t i = 0; i < count; ++i) {
    goal.anchor[i] = (ray[i] / longest) / std::sqrt(square) * (goal.anchor[i] - goal.non_uniformity);
  }
  return goal;
}

/// The two programmes in unit gradients, x_i = w_i |g_i| / least length: rows of cosines, and a total that gives long
/// gradients their small weight.
class Programmes {
 public:
  Programmes(const Gradients& gradients, const Goal& goal)
      : gradients_(gradients), goal_(goal), relative_(gradients.lengths), total_(gradients.lengths) {
    const double greatest = gradients.greatest_length();
    const double least = gradients.least_length();
    bound_unit_ = greatest / least;
    for (std::size_t i = 0; i < relative_.size(); ++i) {
      relative_[i] /= greatest;
      total_[i] = least / total_[i];
    }
    std::vector<double> anchor(goal.anchor);
    for (std::size_t i = 0; i < anchor.size(); ++i) {
      anchor[i] *= relative_[i];
    }
    pull_ = product(gradients.cosines, anchor);
  }

  [[nodiscard]] std::optional<std::vector<double>> balance() const {
    SimplexProgram program(pull_, total_);
    const bool any_pull = std::any_of(pull_.begin(), pull_.end(), [](double value) { return value > 0; });
    for (std::size_t i = 0; i < pull_.size(); ++i) {
      if (!any_pull || goal_.greatest[i] == 1) {
        program.require(gradients_.cosines.row(i), 0);
      } else if (pull_[i] <= 0) {
        program.require(gradients_.cosines.row(i), pull_[i] * bound_unit_);
      }
    }
    return program.solve();
  }

  [[nodiscard]] std::optional<std::vector<double>> descent(bool restricted) const {
    SimplexProgram program(product(gradients_.cosines, relative_), total_);
    for (std::size_t i = 0; i < pull_.size(); ++i) {
      program.require(gradients_.cosines.row(i), 0);
    }
    double steepest = 0;
    double best_pull = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < pull_.size(); ++i) {
      steepest = std::max(steepest, std::abs(pull_[i]));
      best_pull = std::max(best_pull, pull_[i] * relative_[i]);
    }
    if (restricted && steepest > k_no_pull) {
      std::vector<double> row(pull_);
      for (double& value : row) {
        value /= steepest;
      }
      program.require(row, std::min(0.0, best_pull / steepest) * bound_unit_);
    }
    return program.solve();
  }

  /// From x to w.
  [[nodiscard]] std::vector<double> weights(std::vector<double> solution) const {
    double sum = 0;
    for (std::size_t i = 0; i < solution.size(); ++i) {
      solution[i] *= total_[i];
      sum += solution[i];
    }
    for (double& weight : solution) {
      weight /= sum;
    }
    return solution;
  }

 private:
  const Gradients& gradients_;
  const Goal& goal_;
  std::vector<double> relative_;  ///< |g_i| / greatest length
  std::vector<double> total_;     ///< least length / |g_i|
  std::vector<double> pull_;      ///< (G a)_i / |g_i| / greatest length
  double bound_unit_ = 1;
};

}  // namespace

std::vector<double> epo_weights(const Gramian& gramian, std::span<const double> losses, std::span<const double> ray) {
  check(losses.size() == gramian.losses() && ray.size() == gramian.losses(), "a value and a ray for each loss");
  check(std::all_of(ray.begin(), ray.end(), [](double value) { return std::isfinite(value) && value > 0; }),
        "a ray is positive and finite");
  return gramian.weigh([&](const Gradients& gradients) {
    std::vector<double> values;
    std::vector<double> goals;
    values.reserve(gradients.count());
    goals.reserve(gradients.count());
    for (const std::size_t loss : gramian.present()) {
      values.push_back(losses[loss]);
      goals.push_back(ray[loss]);
    }
    if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value) && value >= 0; })) {
      return std::vector(values.size(), std::numeric_limits<double>::quiet_NaN());
    }
    const Goal goal = goal_of(values, goals);
    const Programmes programmes(gradients, goal);
    auto solution = goal.non_uniformity > k_balanced ? programmes.balance() : programmes.descent(true);
    if (!solution && goal.non_uniformity <= k_balanced) {
      solution = programmes.descent(false);
    }
    return solution ? programmes.weights(std::move(*solution)) : shortest_combination(gradients);
  });
}

}  // namespace fairsweep
