#pragma once

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep::testing {

inline const at::TensorOptions k_double(at::kDouble);

inline at::Tensor doubles(const std::vector<double>& values) { return at::tensor(values, at::kDouble); }

/// Numbers from the seed, uniform in [low, high).
inline at::Tensor random_numbers(const std::vector<std::int64_t>& shape, std::uint32_t seed, double low, double high) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(low, high);
  at::Tensor values = at::empty(shape, at::kDouble);
  for (std::int64_t i = 0; i < values.numel(); ++i)
    values.data_ptr<double>()[i] = uniform(random);
  return values;
}

/// The gradient of f by automatic differentiation against central differences.
inline void expect_gradient(const std::function<at::Tensor(const at::Tensor&)>& f, const at::Tensor& point,
                            double tolerance) {
  at::Tensor variable = point.clone().requires_grad_(true);
  f(variable).sum().backward();
  const at::Tensor gradient = variable.grad().contiguous();
  constexpr double k_step = 1e-6;
  for (std::int64_t i = 0; i < point.numel(); ++i) {
    at::Tensor above = point.clone();
    at::Tensor below = point.clone();
    above.data_ptr<double>()[i] += k_step;
    below.data_ptr<double>()[i] -= k_step;
    const double slope = (f(above).sum() - f(below).sum()).item<double>() / (2 * k_step);
    EXPECT_NEAR(gradient.data_ptr<double>()[i], slope, tolerance * (1 + std::fabs(slope))) << "entry " << i;
  }
}

/// Facts of pairs (best, other, group), ranked unless said otherwise.
inline ComparisonFacts pairs_of(const std::vector<std::array<std::int64_t, 3>>& rows) {
  const auto count = static_cast<std::int64_t>(rows.size());
  ComparisonFacts facts;
  facts.candidates = at::empty({count, 2}, at::kLong);
  facts.group = at::empty({count}, at::kLong);
  facts.present = at::ones({count, 2}, at::kBool);
  facts.ranked = at::ones({count}, at::kLong);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto& row = rows[static_cast<std::size_t>(i)];
    facts.candidates[i][0] = row[0];
    facts.candidates[i][1] = row[1];
    facts.group[i] = row[2];
  }
  return facts;
}

}  // namespace fairsweep::testing
