#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/agreement.hpp"
#include "tests/objectives/training/loss_tests.hpp"
#include "tests/objectives/training/population.hpp"

namespace fairsweep {
namespace {

using testing::differences;
using testing::doubles;
using testing::expect_gradient;
using testing::k_double;
using testing::k_offsets;
using testing::minimised;
using testing::pairs_of;
using testing::random_numbers;
using testing::ring_rewards;

TEST(Agreement, FindsTheAverageRewardInFewerThanOneInSixComparisons) {
  const at::Tensor rewards = ring_rewards();
  const at::Tensor mean = rewards.mean(0);
  const at::Tensor each = differences(rewards).sigmoid();
  const at::Tensor all = each.prod(0);
  const at::Tensor none = (1 - each).prod(0);
  const at::Tensor different = at::eye(k_offsets, k_double).eq(0);
  EXPECT_NEAR((all + none).index({different}).mean().item<double>(), 0.1537, 5e-5);
  const at::Tensor found = minimised(at::zeros({k_offsets}, at::kDouble), [&](const at::Tensor& table) {
    PackBatch batch;
    batch.margin = differences(table).reshape({1, -1});
    batch.scores = at::zeros({1, k_offsets * k_offsets, 2}, k_double);
    return (all.reshape({1, -1}) * agreement_loss(batch, doubles({3}))).mean();
  });
  EXPECT_LT((found - (mean - mean.mean())).abs().max().item<double>(), 1e-4);
}

/// Where a convex function of one number is least, between -8 and 8.
double least(const std::function<at::Tensor(const at::Tensor&)>& function) {
  double low = -8;
  double high = 8;
  for (int step = 0; step < 90; ++step) {
    const double left = low + (high - low) / 3;
    const double right = high - (high - low) / 3;
    const bool falls = function(doubles({left})).item<double>() > function(doubles({right})).item<double>();
    (falls ? low : high) = falls ? left : right;
  }
  return (low + high) / 2;
}

TEST(Agreement, LearnsTheTrueGapWhereThePublishedCodeShrinksIt) {
  const auto ours = [](const at::Tensor& margin) {
    PackBatch batch;
    batch.margin = margin.view({1, 1});
    batch.scores = at::zeros({1, 1, 2}, k_double);
    return agreement_loss(batch, doubles({3})).view({1});
  };
  const std::vector<std::pair<double, double>> slip = {{0.25, 0.231}, {0.5, 0.458}, {1, 0.894}, {2, 1.799}};
  for (const auto& [gap, shrunk] : slip) {
    const double agree = 1 / (1 + std::exp(-3 * gap));
    EXPECT_NEAR(least([&](const at::Tensor& h) { return agree * ours(h) + (1 - agree) * ours(-h); }), gap, 1e-6);
    // What the published code has: sigma(K (1 - h)) where sigma(-K h) is meant, for both orders of a pair.
    const auto published = [&](const at::Tensor& h) {
      const auto one_order = [](const at::Tensor& margin, double yes) {
        return yes * at::softplus(-3 * margin) + (1 - yes) * at::softplus(-3 * (1 - margin));
      };
      return one_order(h, agree) + one_order(-h, 1 - agree);
    };
    EXPECT_NEAR(least(published), shrunk, 1e-3) << "true gap " << gap;
  }
}

TEST(Agreement, PutsTheAnswersOfAllGroupsTogether) {
  ComparisonFacts facts = pairs_of({{7, 8, 0},    // with row 2: unanimous
                                    {8, 7, 0},    // with row 4: not
                                    {7, 8, 1},    //
                                    {7, 9, 0},    // other candidates; nobody of group 1
                                    {7, 8, 1},    //
                                    {7, 8, 1},    // no third answer of group 0
                                    {5, 6, -1},   // no group
                                    {5, 6, 0},    // with row 8: unanimous
                                    {5, 6, 1}});  //
  const AgreedSets agreed = agreed_sets(facts, 2);
  EXPECT_EQ(agreed.sets, 3);
  EXPECT_EQ(agreed.unanimous, 2);
  EXPECT_TRUE(agreed.kept.equal(at::tensor({1, 0, 1, 0, 0, 0, 0, 1, 1}, at::kLong).to(at::kBool)));
  facts.ranked[0] = 0;  // a tie: now row 1 is the first answer of group 0
  EXPECT_EQ(agreed_sets(facts, 2).sets, 2);
  EXPECT_EQ(agreed_sets(facts, 2).unanimous, 1);
  EXPECT_EQ(agreed_sets(facts, 3).sets, 0);
}

TEST(Agreement, ChoicesOfAPairAreThePair) {
  PackBatch pair;
  pair.scores = random_numbers({2, 32, 2}, 4, -2, 2);
  pair.margin = pair.scores.select(2, 0) - pair.scores.select(2, 1);
  PackBatch wide = pair;
  wide.scores = at::constant_pad_nd(pair.scores, {0, 1});
  wide.present = at::ones({2, 32, 3}, at::kBool);
  wide.present.select(2, 2).fill_(false);
  EXPECT_TRUE(at::allclose(agreement_loss(pair, doubles({2, 3})), agreement_loss(wide, doubles({2, 3})), 1e-12, 1e-12));
}

TEST(Agreement, GradientsAreThoseOfFiniteDifferences) {
  for (const std::int64_t candidates : {2, 3}) {
    const auto loss = [candidates](const at::Tensor& scores) {
      PackBatch batch;
      batch.scores = scores;
      batch.margin = scores.select(2, 0) - scores.select(2, 1);
      batch.present = at::ones(scores.sizes(), at::kBool);
      batch.present.select(2, candidates - 1).narrow(1, 0, candidates == 3 ? 7 : 0).fill_(false);
      return agreement_loss(batch, doubles({3}));
    };
    expect_gradient(loss, random_numbers({1, 32, candidates}, 17, -2, 2), 1e-6);
  }
}

TEST(Agreement, RefusesDataThatCannotAgree) {
  const TrainingObjective& method = *find_objective("agreement");
  TrainingFacts facts;
  EXPECT_THROW((void)method.stages({}, facts), UserError);
  facts.groups = {"a", "b"};
  facts.training = pairs_of({{7, 8, 0}, {7, 9, 1}});
  facts.training.weight = at::ones({2}, at::kDouble);
  const auto message = [&] {
    try {
      (void)method.constants({{}}, facts, {}, k_double);
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  EXPECT_NE(message().find("no training comparison is about candidates of which every group has an answer"),
            std::string::npos);
  facts.training = pairs_of({{7, 8, 0}, {8, 7, 1}});
  facts.training.weight = at::ones({2}, at::kDouble);
  EXPECT_NE(message().find("of 1 that every group has labelled, none is unanimous"), std::string::npos);
}

TEST(Agreement, NotesTheShareItKeeps) {
  TrainingFacts facts;
  facts.groups = {"a", "b"};
  facts.training = pairs_of({{7, 8, 0}, {7, 8, 1}, {5, 6, 0}, {6, 5, 1}, {5, 6, 0}, {6, 5, 1}, {1, 2, 0}, {1, 2, 1}});
  const auto notes = find_objective("agreement")->notes({}, facts, {}, {});
  EXPECT_EQ(notes.at("comparisons that every group has labelled"), 4);
  EXPECT_EQ(notes.at("share of them that is unanimous"), 0.5);
}

}  // namespace
}  // namespace fairsweep
