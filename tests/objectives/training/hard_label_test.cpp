// Label-only distillation: the student follows which candidate its target puts first, and not by how much.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "objectives/training/margin_supervision.hpp"

namespace fairsweep {
namespace {

constexpr std::int64_t k_stored = 32;

Settings settings(const std::string& form) {
  return {{"method.pafo.distillation", 1.0},
          {"method.pafo.minority_share", 0.5},
          {"method.pafo.condition", std::string("group")},
          {"method.pafo.form", form},
          {"method.pafo.temperature", 1.0}};
}

/// Comparisons of one user in one group, all candidates in each but the last of odd ones where `mixed`.
struct OneUser {
  TrainingFacts facts;
  std::int64_t count;
  OneUser(std::int64_t comparisons, std::int64_t candidates, bool mixed) : count(comparisons) {
    facts.comparisons = comparisons;
    facts.groups = {"all"};
    facts.group_users = {1};
    facts.training.user = at::zeros({comparisons}, at::kLong);
    facts.training.group = at::zeros({comparisons}, at::kLong);
    facts.training.weight = at::ones({comparisons}, at::kDouble);
    facts.training.present = at::ones({comparisons, candidates}, at::kBool);
    if (mixed)
      facts.training.present.select(1, candidates - 1).copy_(at::arange(comparisons, at::kLong).remainder(2).eq(0));
  }
  [[nodiscard]] PackBatch batch(const at::Tensor& scores) const {
    PackBatch batch;
    batch.index = at::constant_pad_nd(at::arange(count, at::kLong), {0, k_stored - count}).unsqueeze(0);
    batch.group = at::zeros({1, k_stored}, at::kLong);
    batch.weight = at::constant_pad_nd(facts.training.weight, {0, k_stored - count}).unsqueeze(0);
    batch.present = facts.training.present.index_select(0, batch.index[0]).unsqueeze(0);
    batch.scores = scores.index_select(0, batch.index[0]).unsqueeze(0);
    const at::Tensor open = batch.scores.masked_fill(batch.present.logical_not(), -INFINITY);
    batch.loss = at::logsumexp(open, 2) - batch.scores.select(2, 0);
    batch.margin = batch.scores.select(2, 0) - open.narrow(2, 1, scores.size(1) - 1).amax(2);
    return batch;
  }
  [[nodiscard]] at::Tensor loss(const std::string& form, const at::Tensor& target, const at::Tensor& scores) const {
    const at::TensorOptions options(at::kDouble);
    return supervised_loss(batch(scores), supervision_constants({settings(form)}, facts, {target}, options));
  }
};

at::Tensor rows(const std::vector<std::vector<double>>& values) {
  at::Tensor result = at::empty(
      {static_cast<std::int64_t>(values.size()), static_cast<std::int64_t>(values.front().size())}, at::kDouble);
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < values[i].size(); ++j)
      result[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(j)] = values[i][j];
  }
  return result;
}

TEST(HardLabel, ByHand) {
  const at::Tensor scores = rows({{std::log(2.0), 0, std::log(5.0)}});  // probabilities 2/8, 1/8, 5/8
  const OneUser one(1, 3, false);
  const auto loss = [&](const std::vector<double>& target) {
    return one.loss("hard_label", rows({target}), scores).item<double>();
  };
  EXPECT_NEAR(loss({0, -0.1, -3}), std::log(4.0), 1e-14) << "the label itself";
  EXPECT_NEAR(loss({0, 0.1, -3}), std::log(8.0), 1e-14);
  EXPECT_NEAR(loss({0, 2, 4}), std::log(8.0 / 5), 1e-14);
  EXPECT_NEAR(loss({0, 4, 4}), (std::log(8.0) + std::log(8.0 / 5)) / 2, 1e-14) << "equal parts";
  EXPECT_NEAR(loss({0, 0, -1}), (std::log(4.0) + std::log(8.0)) / 2, 1e-14) << "equal parts with the label";
}

std::vector<at::Tensor> random_rows(std::uint32_t seed, std::int64_t count, std::int64_t candidates) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 1);
  std::vector<at::Tensor> made;
  for (int i = 0; i < 2; ++i) {
    made.push_back(at::empty({count, candidates}, at::kDouble));
    for (std::int64_t j = 0; j < made.back().numel(); ++j)
      made.back().data_ptr<double>()[j] = normal(random);
  }
  return made;
}

TEST(HardLabel, IsWhatSoftLabelsBecomeAsTheTargetGrows) {
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    const OneUser one(20, 4, true);
    const std::vector<at::Tensor> made = random_rows(seed, 20, 4);
    const at::Tensor target = margins_to_best(made[0], one.facts.training.present);
    const double hard = one.loss("hard_label", target, made[1]).item<double>();
    EXPECT_NEAR(one.loss("soft_label", target * 1e4, made[1]).item<double>(), hard, 1e-9) << "seed " << seed;
    EXPECT_NEAR(one.loss("hard_label", target * 1e-3, made[1]).item<double>(), hard, 1e-14) << "only the order counts";
  }
}

TEST(HardLabel, GradientsAreThoseOfFiniteDifferences) {
  for (const bool mixed : {false, true}) {
    const OneUser one(12, 3, mixed);
    const std::vector<at::Tensor> made = random_rows(4, 12, 3);
    const at::Tensor target = margins_to_best(made[0], one.facts.training.present);
    at::Tensor scores = made[1].clone().requires_grad_(true);
    one.loss("hard_label", target, scores).backward(at::ones({1}, at::kDouble));
    for (std::int64_t i = 0; i < scores.numel(); ++i) {
      constexpr double k_step = 1e-5;
      at::Tensor up = made[1].clone();
      at::Tensor down = made[1].clone();
      up.view({-1})[i] += k_step;
      down.view({-1})[i] -= k_step;
      const double slope =
          (one.loss("hard_label", target, up) - one.loss("hard_label", target, down)).item<double>() / (2 * k_step);
      EXPECT_NEAR(scores.grad().view({-1})[i].item<double>(), slope, 1e-9) << i << " mixed " << mixed;
    }
  }
}

TEST(HardLabel, TowardsTargetsOfTheStepIsTheSame) {
  for (const bool mixed : {false, true}) {
    const OneUser one(12, 3, mixed);
    const std::vector<at::Tensor> made = random_rows(5, 12, 3);
    const at::Tensor target = margins_to_best(made[0], one.facts.training.present);
    const PackBatch batch = one.batch(made[1]);
    const ObjectiveConstants constants =
        supervision_constants({settings("hard_label")}, one.facts, {target}, at::TensorOptions(at::kDouble));
    const at::Tensor now = target.index_select(0, batch.index[0]).transpose(0, 1).narrow(0, 1, 2).unsqueeze(0);
    EXPECT_NEAR(supervised_loss_towards(batch, constants, now).item<double>(),
                supervised_loss(batch, constants).item<double>(), 1e-14);
  }
}

}  // namespace
}  // namespace fairsweep
