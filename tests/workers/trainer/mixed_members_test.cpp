#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/workers/trainer/mixed_ensemble.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/trainer/members.hpp"

namespace fairsweep {
namespace {

using testing::expect_same_bits;
using testing::make_synthetic;
using testing::outcomes_of;
using testing::plain_settings;
using testing::seeded;
using testing::Synthetic;
using testing::varied_trials;
using testing::with;
using testing::with_mixed;

Settings settings_of(const std::string& join, const std::string& by) {
  return with(plain_settings(), {{"method.name", std::string("mixed")},
                                 {"method.mixed.join", join},
                                 {"method.mixed.by", by},
                                 {"model.head", std::string("linear")},
                                 {"model.user", std::string("none")},
                                 {"training.epochs", std::int64_t{2}}});
}

/// Log-probability of an order under plain scores, place after place.
double order_log_probability(const std::vector<double>& scores, std::int64_t ranked) {
  double sum = 0;
  for (std::size_t place = 0; place < static_cast<std::size_t>(ranked); ++place) {
    double rest = 0;
    for (std::size_t other = place; other < scores.size(); ++other)
      rest += std::exp(scores[other]);
    sum += scores[place] - std::log(rest);
  }
  return sum;
}

struct Expected {
  double margin = 0;
  double log_probability = 0;
};

/// What three models with these weights say of a comparison, written out.
Expected expected_of(const std::vector<std::vector<double>>& scores, const std::vector<double>& weight,
                     std::int64_t ranked, bool mixture) {
  const std::size_t candidates = scores.front().size();
  std::vector<double> joined(candidates, 0.0);
  double probability = 0;
  for (std::size_t j = 0; j < scores.size(); ++j) {
    double all = 0;
    for (const double score : scores[j])
      all += std::exp(score);
    for (std::size_t c = 0; c < candidates; ++c)
      joined[c] += weight[j] * (mixture ? std::exp(scores[j][c]) / all : scores[j][c]);
    probability += weight[j] * std::exp(order_log_probability(scores[j], ranked));
  }
  if (mixture) {
    for (double& share : joined)
      share = std::log(share);
  }
  return {joined.front() - *std::max_element(joined.begin() + 1, joined.end()),
          mixture ? std::log(probability) : order_log_probability(joined, ranked)};
}

TEST(MixedMembers, ATrialIsScoredAsWrittenOut) {
  for (const bool rankings : {false, true}) {
    const Synthetic made =
        make_synthetic(rankings ? testing::SyntheticRecipe{.mixed = true} : testing::SyntheticRecipe{.candidates = 2});
    for (const char* join : {"mean", "mixture"}) {
      for (const char* by : {"all", "person"}) {
        TrialOrder order;
        order.settings = settings_of(join, by);
        const TrialOutcome outcome = outcomes_of({order}, made.set, with_mixed(seeded(4))).front();
        ASSERT_FALSE(outcome.failed) << outcome.failure.message;
        const at::Tensor& weight = outcome.parameters.at("member_weight");
        ASSERT_EQ(weight.dim(), by == std::string("all") ? 1 : 2);
        const ComparisonTensors& test = made.set.test;
        for (std::int64_t i = 0; i < test.count(); ++i) {
          const auto place = static_cast<std::size_t>(i);
          const at::Tensor present = test.candidates[i].masked_select(test.present[i]);
          const at::Tensor x = made.set.features.index_select(0, present).to(at::kDouble);
          std::vector<std::vector<double>> scores;
          std::vector<double> own;
          for (int j = 0; j < 3; ++j) {
            const at::Tensor w = outcome.parameters.at("member." + std::to_string(j) + ".weight").to(at::kDouble);
            const at::Tensor values = x.matmul(w);
            scores.emplace_back(values.data_ptr<double>(), values.data_ptr<double>() + values.numel());
            own.push_back(
                (weight.dim() == 1 ? weight[j] : weight[test.user[i].item<std::int64_t>()][j]).item<double>());
          }
          const Expected expected =
              expected_of(scores, own, test.ranked[i].item<std::int64_t>(), join == std::string("mixture"));
          EXPECT_NEAR(outcome.test.margin[place], expected.margin, 3e-6) << join << " " << by << " " << i;
          EXPECT_NEAR(outcome.test.log_probability[place], expected.log_probability, 3e-6)
              << join << " " << by << " " << i;
        }
      }
    }
  }
}

TEST(MixedMembers, ATrialsBitsDoNotDependOnItsPack) {
  const Synthetic made = make_synthetic({.mixed = true});
  for (const char* by : {"all", "person"}) {
    const std::vector<TrialOrder> trials = varied_trials(settings_of("mixture", by), 3);
    const std::vector<TrialOutcome> together = outcomes_of(trials, made.set, with_mixed(seeded(9)));
    for (const TrialOrder& trial : trials) {
      expect_same_bits(outcomes_of({trial}, made.set, with_mixed(seeded(9))).front(), together[trial.trial.value],
                       std::string(by) + ", trial " + std::to_string(trial.trial.value));
    }
  }
}

TEST(MixedMembers, EqualMembersAreOneModel) {
  const Likelihood& bradley_terry = likelihood_of(LikelihoodKind::plackett_luce);
  const at::Tensor one = at::randn({2, 3, 32}, at::kDouble);
  const MemberMix mix{at::full({2, 4}, 0.25, at::kDouble), MemberJoin::mixture_of_probabilities};
  const at::Tensor user = at::zeros({32}, at::kLong);
  const JoinedOutcome joined = joined_outcome(bradley_terry, {one.repeat_interleave(4, 0)}, mix, user, {});
  const JoinedOutcome alone = joined_outcome(bradley_terry, {one}, {}, user, {});
  EXPECT_TRUE(joined.outcome.loss.allclose(alone.outcome.loss, 0, 1e-13));
  EXPECT_TRUE(joined.outcome.margin.allclose(alone.outcome.margin, 0, 1e-13));
}

}  // namespace
}  // namespace fairsweep
