#include "objectives/training/dvao_weighted.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

constexpr std::int64_t k_stored = 32;

at::Tensor row(const std::vector<double>& values) {
  return at::tensor(at::ArrayRef<double>(values), at::kDouble).unsqueeze(0);
}

RunningMoments nothing(std::int64_t groups) {
  const at::Tensor none = at::zeros({1, groups}, at::kDouble);
  return {none, none, none};
}

/// One trial's batch of these groups, with margins and losses; the rest is padding.
PackBatch batch_of(const std::vector<std::int64_t>& group, const std::vector<double>& weight,
                   const std::vector<double>& margin) {
  PackBatch batch;
  batch.group = at::zeros({1, k_stored}, at::kLong);
  batch.weight = at::zeros({1, k_stored}, at::kDouble);
  batch.margin = at::full({1, k_stored}, 3.0, at::kDouble);
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto place = static_cast<std::int64_t>(i);
    batch.group[0][place] = group[i];
    batch.weight[0][place] = weight[i];
    batch.margin[0][place] = margin[i];
  }
  batch.loss = at::softplus(batch.margin.neg());
  return batch;
}

TEST(DvaoWeighted, WeightsByHand) {
  const at::Tensor weights = spread_weights(row({0.7, 0.3}), row({0.2, 0.4}));  // 0.14 : 0.12
  EXPECT_NEAR(weights[0][0].item<double>(), 0.14 / 0.26, 1e-15);
  EXPECT_NEAR(weights[0][1].item<double>(), 0.12 / 0.26, 1e-15);
  EXPECT_TRUE(spread_weights(row({0.7, 0.3}), row({0.3, 0})).equal(row({1, 0}))) << "no spread, no weight";
  EXPECT_TRUE(spread_weights(row({0.7, 0.3}), row({0, 0})).equal(row({0.7, 0.3}))) << "no spread at all";
}

TEST(DvaoWeighted, DividingEachLossByItsSpreadLeavesStaticWeights) {
  // The literal copy of DVAO: sum_g w~_g L_g / sigma_g = sum_g w_g L_g / S.
  const std::vector<double> share = {0.5, 0.2, 0.3}, spread = {0.1, 0.5, 0.3}, loss = {0.6, 0.9, 0.4};
  const at::Tensor weights = spread_weights(row(share), row(spread));
  double literal = 0;
  double plain = 0;
  double sum = 0;
  for (std::size_t g = 0; g < 3; ++g) {
    literal += weights[0][static_cast<std::int64_t>(g)].item<double>() * loss[g] / spread[g];
    plain += share[g] * loss[g];
    sum += share[g] * spread[g];
  }
  EXPECT_NEAR(literal, plain / sum, 1e-14);
}

TEST(DvaoWeighted, TheFirstStepHasTheBatchsOwnDeviation) {
  const PackBatch batch = batch_of({0, 0, 0, 1, 1, -1}, {1, 2, 1, 1, 1, 5}, {0, 0, 0, 0, 0, 0});
  at::Tensor utility = at::full({1, k_stored}, 0.9, at::kDouble);
  const std::vector<double> said = {0.2, 0.6, 1.0, 0.3, 0.7, 0.1};
  for (std::int64_t i = 0; i < 6; ++i)
    utility[0][i] = said[static_cast<std::size_t>(i)];
  const at::Tensor deviation = running_deviation(moved_moments(nothing(3), batch, utility));
  EXPECT_NEAR(deviation[0][0].item<double>(), std::sqrt(0.08), 1e-14) << "mean 0.6, squares 0.16, 0, 0, 0.16";
  EXPECT_NEAR(deviation[0][1].item<double>(), 0.2, 1e-14);
  EXPECT_EQ(deviation[0][2].item<double>(), 0) << "never there";
}

TEST(DvaoWeighted, OfCorrectAnswersTheDeviationIsTheRootOfPTimesOneMinusP) {
  // The caveat of the page: the group that is served worse has more weight while both are above one half, and less of
  // it the worse it gets below.
  const auto deviation = [](int right) {
    std::vector<double> margin(20, -1.0);
    std::fill_n(margin.begin(), right, 1.0);
    const PackBatch batch = batch_of(std::vector<std::int64_t>(20, 0), std::vector<double>(20, 1.0), margin);
    return running_deviation(moved_moments(nothing(1), batch, (batch.margin.sign() + 1) / 2))[0][0].item<double>();
  };
  for (const int right : {2, 6, 10, 14, 18}) {
    const double p = right / 20.0;
    EXPECT_NEAR(deviation(right), std::sqrt(p * (1 - p)), 1e-14);
  }
  EXPECT_GT(deviation(12), deviation(17)) << "0.6 against 0.85";
  EXPECT_LT(deviation(4), deviation(7)) << "0.2 against 0.35: the worse one has less";
}

TEST(DvaoWeighted, AGroupThatIsAbsentKeepsItsMoments) {
  const PackBatch both = batch_of({0, 0, 1, 1}, {1, 1, 1, 1}, {-1, 1, 2, -2});
  const PackBatch one = batch_of({0, 0}, {1, 1}, {5, -5});
  const RunningMoments before = moved_moments(nothing(2), both, both.margin.sigmoid());
  const RunningMoments after = moved_moments(before, one, one.margin.sigmoid());
  EXPECT_TRUE(after.seen.select(1, 1).equal(before.seen.select(1, 1)));
  EXPECT_TRUE(after.second.select(1, 1).equal(before.second.select(1, 1)));
  EXPECT_NEAR(after.seen[0][0].item<double>(), 1 - 0.99 * 0.99, 1e-15);
  EXPECT_FALSE(after.second.select(1, 0).equal(before.second.select(1, 0)));
}

TrainingFacts two_groups() {
  TrainingFacts facts;
  facts.groups = {"large", "small"};
  facts.group_users = {9, 3};
  return facts;
}

/// The method's loss of one trial in plain doubles, step after step.
class PlainTwin {
 public:
  PlainTwin(double minority_share, bool counts) : share_{1 - minority_share, minority_share}, counts_(counts) {}

  double step(const PackBatch& batch) {
    std::vector<double> weight(2, 0), first(2, 0), second(2, 0), loss(2, 0);
    for (std::int64_t i = 0; i < k_stored; ++i) {
      const auto code = batch.group[0][i].item<std::int64_t>();
      const double w = batch.weight[0][i].item<double>();
      if (code < 0 || w == 0)
        continue;
      const auto g = static_cast<std::size_t>(code);
      const double margin = batch.margin[0][i].item<double>();
      const double utility = counts_ ? (margin > 0 ? 1 : (margin < 0 ? 0 : 0.5)) : 1 / (1 + std::exp(-margin));
      weight[g] += w;
      first[g] += w * utility;
      second[g] += w * utility * utility;
      loss[g] += w * batch.loss[0][i].item<double>();
    }
    std::vector<double> spread(2, 0);
    for (std::size_t g = 0; g < 2; ++g) {
      if (weight[g] > 0) {
        seen_[g] = 0.99 * seen_[g] + 0.01;
        first_[g] = 0.99 * first_[g] + 0.01 * first[g] / weight[g];
        second_[g] = 0.99 * second_[g] + 0.01 * second[g] / weight[g];
        loss[g] /= weight[g];
      }
      if (seen_[g] > 0)
        spread[g] = std::sqrt(std::max(0.0, second_[g] / seen_[g] - std::pow(first_[g] / seen_[g], 2)));
    }
    const double sum = share_[0] * spread[0] + share_[1] * spread[1];
    double total = 0;
    for (std::size_t g = 0; g < 2; ++g)
      total += (sum > 1e-6 ? share_[g] * spread[g] / sum : share_[g]) * loss[g];
    return total;
  }

 private:
  std::vector<double> share_;
  bool counts_;
  std::vector<double> seen_{0, 0}, first_{0, 0}, second_{0, 0};
};

TEST(DvaoWeighted, FollowsThePlainTwinOverManySteps) {
  const TrainingObjective& method = *find_objective("dvao_weighted");
  for (const std::string utility : {"probability", "correct"}) {
    const std::vector<Settings> trials = {
        {{"method.dvao_weighted.minority_share", 0.4}, {"method.dvao_weighted.utility", utility}}};
    const at::TensorOptions options(at::kDouble);
    const ObjectiveConstants constants = method.constants(trials, two_groups(), {}, options);
    ObjectiveState state = method.initial_state(trials, two_groups(), constants, options);
    PlainTwin twin(0.4, utility == "correct");
    std::mt19937 random(31);
    std::normal_distribution<double> normal(0.5, 2);
    for (int step = 0; step < 25; ++step) {
      std::vector<std::int64_t> group;
      std::vector<double> weight, margin;
      for (int i = 0; i < 21; ++i) {
        group.push_back(step % 5 == 2 ? 0 : static_cast<std::int64_t>(random() % 3) - 1);
        weight.push_back(0.5 + 0.5 * (i % 3));
        margin.push_back(i % 7 == 0 ? 0 : normal(random));
      }
      const PackBatch batch = batch_of(group, weight, margin);
      ASSERT_NEAR(method.loss(batch, constants, state).item<double>(), twin.step(batch), 1e-12)
          << utility << " step " << step << ", seed 31";
    }
  }
}

TEST(DvaoWeighted, GradientsFlowThroughTheLossesAlone) {
  const TrainingObjective& method = *find_objective("dvao_weighted");
  const std::vector<Settings> trials = {
      {{"method.dvao_weighted.minority_share", 0.4}, {"method.dvao_weighted.utility", std::string("probability")}}};
  const at::TensorOptions options(at::kDouble);
  const ObjectiveConstants constants = method.constants(trials, two_groups(), {}, options);
  ObjectiveState state = method.initial_state(trials, two_groups(), constants, options);
  PackBatch batch = batch_of({0, 0, 1, 1, -1}, {1, 3, 2, 1, 1}, {-1, 2, 0.5, 1, 3});
  batch.loss = batch.loss.detach().requires_grad_(true);
  batch.margin = batch.margin.detach().requires_grad_(true);
  method.loss(batch, constants, state).backward(at::ones({1}, at::kDouble));
  EXPECT_FALSE(batch.margin.grad().defined());
  const at::Tensor weights = spread_weights(
      constants.at("share"), running_deviation({state.at("seen"), state.at("first"), state.at("second")}));
  const at::Tensor& slope = batch.loss.grad();
  EXPECT_NEAR(slope[0][1].item<double>(), weights[0][0].item<double>() * 3 / 4, 1e-14);
  EXPECT_NEAR(slope[0][2].item<double>(), weights[0][1].item<double>() * 2 / 3, 1e-14);
  EXPECT_EQ(slope[0][4].item<double>(), 0) << "nobody's group";
}

TEST(DvaoWeighted, NeedsGroups) {
  EXPECT_THROW((void)find_objective("dvao_weighted")->stages({}, TrainingFacts{}), UserError);
}

}  // namespace
}  // namespace fairsweep
