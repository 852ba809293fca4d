#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "objectives/training/training_objective.hpp"

// Batches in plain doubles for tests of methods: pairs whose margins are the only unknowns.
namespace fairsweep::testing {

struct BatchRecipe {
  std::int64_t trials = 3;
  std::int64_t stored = 32;
  std::int64_t used = 21;  ///< the rest is padding: weight 0, and margins like the others'
  std::int64_t groups = 2;
  std::int64_t users = 5;
  bool people_without_group = true;
};

/// The loss of a pair is log(1 + e^-margin).
inline void set_margin(PackBatch& batch, const at::Tensor& margin) {
  batch.margin = margin;
  batch.loss = at::softplus(margin.neg());
}

inline PackBatch random_pairs(const BatchRecipe& recipe, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> weight(0.1, 2);
  std::normal_distribution<double> margin(0.3, 1.5);
  PackBatch batch;
  batch.user = at::zeros({recipe.trials, recipe.stored}, at::kLong);
  batch.group = at::zeros_like(batch.user);
  batch.weight = at::zeros({recipe.trials, recipe.stored}, at::kDouble);
  at::Tensor margins = at::zeros_like(batch.weight);
  for (std::int64_t k = 0; k < recipe.trials; ++k) {
    for (std::int64_t b = 0; b < recipe.stored; ++b) {
      const std::int64_t least = recipe.people_without_group ? -1 : 0;
      batch.group[k][b] =
          static_cast<std::int64_t>(random() % static_cast<std::uint32_t>(recipe.groups - least)) + least;
      batch.user[k][b] = static_cast<std::int64_t>(random() % static_cast<std::uint32_t>(recipe.users));
      batch.weight[k][b] = b < recipe.used ? weight(random) : 0.0;
      margins[k][b] = margin(random);
    }
  }
  set_margin(batch, margins);
  return batch;
}

/// Compares the gradient of a loss in the margins with central differences, trial by trial.
/// @param loss of a batch, [K]; must not remember what it was asked before
inline void expect_gradient_in_margins(PackBatch batch, const std::function<at::Tensor(const PackBatch&)>& loss,
                                       const std::string& what, double tolerance = 1e-8) {
  constexpr double k_step = 1e-5;
  const at::Tensor at_margin = batch.margin.clone();
  const at::Tensor unknown = at_margin.clone().requires_grad_(true);
  set_margin(batch, unknown);
  const at::Tensor value = loss(batch);
  value.backward(at::ones_like(value));
  ASSERT_TRUE(unknown.grad().defined()) << what;
  for (std::int64_t k = 0; k < at_margin.size(0); ++k) {
    for (std::int64_t b = 0; b < at_margin.size(1); ++b) {
      const auto value_at = [&](double step) {
        at::Tensor moved = at_margin.clone();
        moved[k][b] += step;
        set_margin(batch, moved);
        return loss(batch);
      };
      const at::Tensor slope = (value_at(k_step) - value_at(-k_step)) / (2 * k_step);
      for (std::int64_t other = 0; other < at_margin.size(0); ++other) {
        const double expected = other == k ? unknown.grad()[k][b].item<double>() : 0.0;
        EXPECT_NEAR(slope[other].item<double>(), expected, tolerance)
            << what << ", trial " << other << ", margin " << b << " of trial " << k;
      }
    }
  }
}

/// The same numbers for each trial, or one number each.
inline std::vector<Settings> each_with(const std::string& path, const std::vector<double>& numbers,
                                       const Settings& more = {}) {
  std::vector<Settings> trials;
  trials.reserve(numbers.size());
  for (const double number : numbers) {
    Settings settings = more;
    settings[path] = number;
    trials.push_back(settings);
  }
  return trials;
}

}  // namespace fairsweep::testing
