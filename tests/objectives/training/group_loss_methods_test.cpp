#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/famo.hpp"
#include "objectives/training/group_losses.hpp"
#include "objectives/training/linear.hpp"
#include "objectives/training/smooth_tchebycheff.hpp"

namespace fairsweep {
namespace {

constexpr std::int64_t k_trials = 3, k_batch = 32, k_used = 21, k_groups = 4;

/// Groups 0 to 2 or none, group 3 is in no batch; weights 0 in the padding.
PackBatch random_batch(std::uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0.1, 2);
  PackBatch batch;
  batch.group = at::zeros({k_trials, k_batch}, at::kLong);
  batch.weight = at::zeros({k_trials, k_batch}, at::kDouble);
  batch.loss = at::zeros({k_trials, k_batch}, at::kDouble);
  for (std::int64_t k = 0; k < k_trials; ++k) {
    for (std::int64_t b = 0; b < k_batch; ++b) {
      batch.group[k][b] = b < 3 ? b : static_cast<std::int64_t>(random() % 4) - 1;
      batch.weight[k][b] = b < k_used ? uniform(random) : 0.0;
      batch.loss[k][b] = uniform(random);
    }
  }
  return batch;
}

double number(const at::Tensor& tensor, std::int64_t k, std::int64_t j) { return tensor[k][j].item<double>(); }

/// Mean losses by plain loops, [trials][groups].
std::vector<std::vector<double>> plain_losses(const PackBatch& batch) {
  std::vector<std::vector<double>> losses;
  for (std::int64_t k = 0; k < k_trials; ++k) {
    std::vector<double> sum(k_groups, 0), weight(k_groups, 0);
    for (std::int64_t b = 0; b < k_batch; ++b) {
      const auto g = batch.group[k][b].item<std::int64_t>();
      if (g < 0)
        continue;
      sum[static_cast<std::size_t>(g)] += number(batch.weight, k, b) * number(batch.loss, k, b);
      weight[static_cast<std::size_t>(g)] += number(batch.weight, k, b);
    }
    for (std::size_t g = 0; g < k_groups; ++g)
      sum[g] = weight[g] > 0 ? sum[g] / weight[g] : 0;
    losses.push_back(sum);
  }
  return losses;
}

at::Tensor some_weights() {
  return at::tensor({0.1, 0.2, 0.3, 0.4, 0.4, 0.3, 0.2, 0.1, 0.25, 0.25, 0.25, 0.25}, at::kDouble)
      .view({k_trials, k_groups});
}

TEST(GroupLosses, AreThePlainMeans) {
  const PackBatch batch = random_batch(1);
  const at::Tensor losses = group_losses(batch, k_groups);
  const at::Tensor shares = group_shares(batch, k_groups);
  const auto plain = plain_losses(batch);
  for (std::int64_t k = 0; k < k_trials; ++k) {
    for (std::int64_t g = 0; g < k_groups; ++g) {
      EXPECT_NEAR(number(losses, k, g), plain[static_cast<std::size_t>(k)][static_cast<std::size_t>(g)], 1e-14);
      EXPECT_NEAR(shares[k][g].sum().item<double>(), g < 3 ? 1 : 0, 1e-14);
    }
  }
}

TEST(Linear, IsThePlainTwin) {
  const PackBatch batch = random_batch(2);
  const at::Tensor weight = some_weights();
  const at::Tensor loss = linear_loss(batch, weight);
  const auto plain = plain_losses(batch);
  for (std::int64_t k = 0; k < k_trials; ++k) {
    double sum = 0;
    for (std::int64_t g = 0; g < k_groups; ++g)
      sum += number(weight, k, g) * plain[static_cast<std::size_t>(k)][static_cast<std::size_t>(g)];
    EXPECT_NEAR(loss[k].item<double>(), sum, 1e-14);
  }
}

TEST(SmoothTchebycheff, IsThePlainTwinOverTheGroupsThatAreThere) {
  const PackBatch batch = random_batch(3);
  const at::Tensor weight = some_weights();
  const at::Tensor smoothness = at::tensor({0.05, 0.5, 3.0}, at::kDouble);
  const at::Tensor loss = smooth_tchebycheff_loss(batch, weight, smoothness);
  const auto plain = plain_losses(batch);
  for (std::int64_t k = 0; k < k_trials; ++k) {
    const double mu = smoothness[k].item<double>();
    double sum = 0;
    for (std::int64_t g = 0; g < 3; ++g)
      sum += std::exp(number(weight, k, g) * plain[static_cast<std::size_t>(k)][static_cast<std::size_t>(g)] / mu);
    EXPECT_NEAR(loss[k].item<double>(), mu * std::log(sum), 1e-13);
  }
}

TEST(SmoothTchebycheff, BecomesTheLargestAndTheSumInItsLimits) {
  const PackBatch batch = random_batch(4);
  const at::Tensor weight = some_weights();
  const at::Tensor weighted = (weight * group_losses(batch, k_groups)).narrow(1, 0, 3);
  const auto at_smoothness = [&](double mu) {
    return smooth_tchebycheff_loss(batch, weight, at::full({k_trials}, mu, at::kDouble));
  };
  EXPECT_LT((at_smoothness(1e-4) - weighted.amax(-1)).abs().max().item<double>(), 2e-4);
  // mu log sum exp(l / mu) = mu log 3 + mean l + O(1 / mu)
  EXPECT_LT((at_smoothness(1e6) - 1e6 * std::log(3.0) - weighted.mean(-1)).abs().max().item<double>(), 1e-5);
}

TEST(Famo, ItsLossIsAMeanOfGradients) {
  // Losses 1 and 1/2, equal shares: c = 1 / (1/2 + 1) = 2/3, so the gradient is (1/3, 2/3).
  at::Tensor losses = at::tensor({1.0, 0.5, 9.0}, at::kDouble).view({1, 3}).requires_grad_(true);
  const at::Tensor present = at::tensor({1, 1, 0}, at::kLong).to(at::kBool).view({1, 3});
  const at::Tensor shares = famo_shares(at::zeros({1, 3}, at::kDouble), present);
  EXPECT_NEAR(number(shares, 0, 0), 0.5, 1e-15);
  EXPECT_EQ(number(shares, 0, 2), 0);
  const at::Tensor loss = famo_loss(losses, shares, present);
  EXPECT_NEAR(loss.item<double>(), 2.0 / 3 * 0.5 * std::log(0.5), 1e-7);
  loss.backward(at::ones({1}, at::kDouble));
  EXPECT_NEAR(number(losses.grad(), 0, 0), 1.0 / 3, 1e-7);
  EXPECT_NEAR(number(losses.grad(), 0, 1), 2.0 / 3, 1e-7);
  EXPECT_EQ(number(losses.grad(), 0, 2), 0);
}

TEST(Famo, MovesItsLogitsByHandNumbers) {
  const at::Tensor none = at::zeros({1, 3}, at::kDouble);
  FamoWeights weights = {none, none.clone(), none.clone(), none.clone()};
  const at::Tensor before = at::tensor({1.0, 0.5, 0.0}, at::kDouble).view({1, 3});
  const at::Tensor after = at::tensor({0.5, 0.5, 0.0}, at::kDouble).view({1, 3});
  const at::Tensor present = at::tensor({1, 1, 0}, at::kLong).to(at::kBool).view({1, 3});
  const at::Tensor step = at::tensor({0.025}, at::kDouble), decay = at::tensor({0.01}, at::kDouble);
  move_famo_weights(weights, before, after, present, step, decay);
  // Only the first gained, so its gradient is z_1 e_1 (1 - z_1) = log 2 / 4; Adam's first step is one step size.
  EXPECT_NEAR(number(weights.first, 0, 0), 0.1 * std::log(2.0) / 4, 1e-8);
  EXPECT_NEAR(number(weights.second, 0, 1), 0.001 * std::pow(std::log(2.0) / 4, 2), 1e-10);
  EXPECT_NEAR(number(weights.logits, 0, 0), -0.025, 1e-8);
  EXPECT_NEAR(number(weights.logits, 0, 1), 0.025, 1e-8);
  EXPECT_EQ(number(weights.logits, 0, 2), 0);
  EXPECT_EQ(number(weights.steps, 0, 2), 0);
  // Nothing gained: what is left is the decay on the mean of two gradients.
  move_famo_weights(weights, after, after, present, step, decay);
  const double gradient = 0.01 * -0.025, first = 0.9 * 0.1 * std::log(2.0) / 4 + 0.1 * gradient;
  const double second = 0.999 * 0.001 * std::pow(std::log(2.0) / 4, 2) + 0.001 * gradient * gradient;
  const double moved = -0.025 - 0.025 * (first / (1 - 0.81)) / (std::sqrt(second / (1 - 0.999 * 0.999)) + 1e-8);
  EXPECT_NEAR(number(weights.logits, 0, 0), moved, 1e-8);
}

/// Gradients of a loss with respect to the comparisons' losses, against central differences.
void expect_gradients(const std::function<at::Tensor(const PackBatch&)>& loss_of, const std::string& what) {
  PackBatch batch = random_batch(5);
  batch.loss.requires_grad_(true);
  loss_of(batch).backward(at::ones({k_trials}, at::kDouble));
  const at::Tensor gradient = batch.loss.grad().clone();
  batch.loss = batch.loss.detach();
  constexpr double k_step = 1e-5;
  for (std::int64_t b = 0; b < k_batch; ++b) {
    const at::Tensor whole = batch.loss.clone();
    const auto moved = [&](double step) {
      batch.loss = whole.clone();
      batch.loss.select(1, b).add_(step);
      return loss_of(batch);
    };
    const at::Tensor difference = (moved(k_step) - moved(-k_step)) / (2 * k_step);
    batch.loss = whole;
    for (std::int64_t k = 0; k < k_trials; ++k)
      EXPECT_NEAR(number(gradient, k, b), difference[k].item<double>(), 1e-9) << what << ", comparison " << b;
  }
}

TEST(GroupLosses, GradientsAgreeWithDifferences) {
  expect_gradients([](const PackBatch& batch) { return linear_loss(batch, some_weights()); }, "linear");
  const at::Tensor smoothness = at::tensor({0.05, 0.5, 3.0}, at::kDouble);
  expect_gradients([&](const PackBatch& batch) { return smooth_tchebycheff_loss(batch, some_weights(), smoothness); },
                   "smooth_tchebycheff");
  // FAMO holds c and the shares fixed, as they are at the point where the gradient is taken.
  const PackBatch here = random_batch(5);
  const at::Tensor losses = group_losses(here, k_groups);
  const at::Tensor present = group_shares(here, k_groups).gt(0).any(-1);
  const at::Tensor shares = famo_shares(at::log(some_weights()), present);
  const at::Tensor there = at::where(present, losses, at::ones({}, at::kDouble));
  const at::Tensor scale = 1 / (shares / (there + 1e-8)).sum(-1);
  PackBatch batch = here;
  batch.loss.requires_grad_(true);
  famo_loss(group_losses(batch, k_groups), shares, present).backward(at::ones({k_trials}, at::kDouble));
  const at::Tensor slope = (scale.unsqueeze(-1) * shares / (there + 1e-8)).unsqueeze(1);  // [K, 1, G]
  const at::Tensor expected = at::bmm(slope, group_shares(here, k_groups)).squeeze(1);
  EXPECT_LT((batch.loss.grad() - expected).abs().max().item<double>(), 1e-12);
}

TEST(GroupLosses, MethodsWithoutGroupsSaySo) {
  for (const char* name :
       {"linear", "smooth_tchebycheff", "famo", "mgda", "pcgrad", "cagrad", "nash_mtl", "upgrad", "dual_proj", "epo"}) {
    const TrainingObjective* method = find_objective(name);
    ASSERT_NE(method, nullptr) << name;
    try {
      (void)method->stages({}, TrainingFacts{});
      ADD_FAILURE() << name;
    } catch (const UserError& error) {
      EXPECT_NE(std::string(error.what()).find(std::string("method ") + name + " needs groups"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace fairsweep
