#include "workers/trainer/stacked_optimizer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "workers/trainer/learning_rate.hpp"

namespace fairsweep {
namespace {

/// AdamW of one trial as the paper writes it, in plain doubles.
struct ScalarAdamW {
  std::vector<double> parameters, first, second;
  int steps = 0;

  explicit ScalarAdamW(std::vector<double> start)
      : parameters(std::move(start)), first(parameters.size(), 0.0), second(parameters.size(), 0.0) {}

  void step(std::vector<double> gradient, double rate, double decay, double clip) {
    ++steps;
    double norm = 0;
    for (const double g : gradient)
      norm += g * g;
    norm = std::sqrt(norm);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const double g = clip > 0 && norm > clip ? gradient[i] * clip / norm : gradient[i];
      first[i] = 0.9 * first[i] + 0.1 * g;
      second[i] = 0.999 * second[i] + 0.001 * g * g;
      const double m = first[i] / (1 - std::pow(0.9, steps));
      const double v = second[i] / (1 - std::pow(0.999, steps));
      parameters[i] -= rate * decay * parameters[i];
      parameters[i] -= rate * m / (std::sqrt(v) + 1e-8);
    }
  }
};

at::Tensor column(const std::vector<double>& values) {
  return at::tensor(at::ArrayRef<double>(values), at::kDouble).view({-1, 1});
}

TEST(StackedOptimizer, EveryTrialFollowsTheScalarReference) {
  constexpr std::int64_t k_trials = 3;
  constexpr std::int64_t k_parameters = 32;
  const std::vector<double> decays = {0, 0.1, 0.5};
  const std::vector<double> clips = {0, 0.7, 100};
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  at::Tensor parameters = at::empty({k_trials, k_parameters}, at::kDouble);
  for (std::int64_t i = 0; i < parameters.numel(); ++i)
    parameters.data_ptr<double>()[i] = normal(random);
  std::vector<ScalarAdamW> references;
  for (std::int64_t k = 0; k < k_trials; ++k) {
    const auto* row = parameters.data_ptr<double>() + k * k_parameters;
    references.emplace_back(std::vector<double>(row, row + k_parameters));
  }
  OptimizerState state{at::zeros_like(parameters), at::zeros_like(parameters), 0};
  for (int step = 0; step < 50; ++step) {
    at::Tensor gradient = at::empty_like(parameters);
    for (std::int64_t i = 0; i < gradient.numel(); ++i)
      gradient.data_ptr<double>()[i] = normal(random);
    std::vector<double> rates;
    std::vector<double> keeps;
    std::vector<double> limits;
    for (std::size_t k = 0; k < 3; ++k) {
      rates.push_back(0.01 * static_cast<double>(k + 1) / (1 + step));
      keeps.push_back(1 - rates[k] * decays[k]);
      limits.push_back(clips[k] > 0 ? clips[k] : std::numeric_limits<double>::infinity());
      const auto* row = gradient.data_ptr<double>() + static_cast<std::int64_t>(k) * k_parameters;
      references[k].step(std::vector<double>(row, row + k_parameters), rates[k], decays[k], clips[k]);
    }
    adamw_step(parameters, gradient, state, {column(rates), column(keeps), column(limits)});
  }
  EXPECT_EQ(state.steps, 50);
  for (std::int64_t k = 0; k < k_trials; ++k) {
    for (std::int64_t i = 0; i < k_parameters; ++i) {
      EXPECT_NEAR(parameters[k][i].item<double>(),
                  references[static_cast<std::size_t>(k)].parameters[static_cast<std::size_t>(i)], 1e-12)
          << "trial " << k;
    }
  }
}

TEST(StackedOptimizer, ClippingLooksAtEachTrialAlone) {
  at::Tensor parameters = at::zeros({2, 32}, at::kDouble);
  at::Tensor gradient = at::zeros({2, 32}, at::kDouble);
  gradient[0][0] = 3.0;
  gradient[0][1] = 4.0;  // norm 5, clipped to 1
  gradient[1][0] = 0.3;  // norm below the limit: left alone
  OptimizerState state{at::zeros_like(parameters), at::zeros_like(parameters), 0};
  adamw_step(parameters, gradient, state, {column({0.1, 0.1}), column({1, 1}), column({1, 1})});
  EXPECT_NEAR(state.first[0][0].item<double>(), 0.1 * 0.6, 1e-15);
  EXPECT_NEAR(state.first[0][1].item<double>(), 0.1 * 0.8, 1e-15);
  EXPECT_NEAR(state.first[1][0].item<double>(), 0.1 * 0.3, 1e-15);
}

TEST(StackedOptimizer, AnInfiniteLimitChangesNothingEvenWhereTheNormOverflows) {
  at::Tensor parameters = at::zeros({1, 32}, at::kFloat);
  at::Tensor gradient = at::full({1, 32}, 1e30F, at::kFloat);
  OptimizerState state{at::zeros_like(parameters), at::zeros_like(parameters), 0};
  const at::Tensor one = at::ones({1, 1}, at::kFloat);
  adamw_step(parameters, gradient, state, {one * 0.1F, one, one * std::numeric_limits<float>::infinity()});
  EXPECT_FLOAT_EQ(state.first[0][0].item<float>(), 1e29F);
}

TEST(LearningRate, RisesThenFollowsItsSchedule) {
  // 10 steps, 4 of them warm-up.
  EXPECT_DOUBLE_EQ(schedule_factor(Schedule::constant, 0.4, 0, 10), 0.25);
  EXPECT_DOUBLE_EQ(schedule_factor(Schedule::constant, 0.4, 3, 10), 1.0);
  EXPECT_DOUBLE_EQ(schedule_factor(Schedule::constant, 0.4, 9, 10), 1.0);
  EXPECT_DOUBLE_EQ(schedule_factor(Schedule::linear, 0.4, 1, 10), 0.5);
  EXPECT_DOUBLE_EQ(schedule_factor(Schedule::linear, 0.4, 4, 10), 1.0);
  EXPECT_DOUBLE_EQ(schedule_factor(Schedule::linear, 0.4, 7, 10), 0.5);
  EXPECT_NEAR(schedule_factor(Schedule::linear, 0.4, 9, 10), 1.0 / 6, 1e-15);
  EXPECT_DOUBLE_EQ(schedule_factor(Schedule::cosine, 0.0, 0, 8), 1.0);
  EXPECT_NEAR(schedule_factor(Schedule::cosine, 0.0, 4, 8), 0.5, 1e-15);
  EXPECT_NEAR(schedule_factor(Schedule::cosine, 0.0, 6, 8), 0.5 * (1 - std::sqrt(0.5)), 1e-15);
}

TEST(LearningRate, WarmupOfEverythingOnlyRises) {
  for (std::int64_t step = 0; step < 5; ++step) {
    EXPECT_DOUBLE_EQ(schedule_factor(Schedule::cosine, 1.0, step, 5), static_cast<double>(step + 1) / 5);
  }
}

}  // namespace
}  // namespace fairsweep
