#include "workers/trainer/context_comparisons.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/trainer/initialisation.hpp"
#include "workers/trainer/reward_model.hpp"
#include "workers/trainer/split_scoring.hpp"

namespace fairsweep {
namespace {

using testing::make_synthetic;
using testing::Synthetic;

TEST(ContextComparisons, PutEveryOtherCandidateBehindTheComparisonsOwn) {
  for (const bool mixed : {false, true}) {
    const Synthetic made = make_synthetic({.candidates = 3, .mixed = mixed, .unasked = true});
    const ComparisonTensors& own = made.set.train;
    const ComparisonTensors more = with_other_candidates(own);
    ASSERT_EQ(more.candidates.sizes(), (std::vector<std::int64_t>{own.count(), 4}));
    EXPECT_TRUE(more.candidates.narrow(1, 0, 3).equal(own.candidates));
    EXPECT_TRUE(more.present.narrow(1, 0, 3).equal(own.present));
    EXPECT_FALSE(more.present.select(1, 3).any().item<bool>()) << "the likelihood does not see them";
    EXPECT_EQ(more.history_share.select(1, 3).abs().sum().item<double>(), 0);
    std::int64_t others = 0;
    for (std::int64_t i = 0; i < own.count(); ++i) {
      // In every third context the candidate before the others was not asked about.
      const auto other = more.candidates[i][3].item<std::int64_t>();
      EXPECT_EQ(other, i % 3 == 0 ? own.context_first[i].item<std::int64_t>() : 0) << i;
      others += i % 3 == 0 ? 1 : 0;
    }
    EXPECT_GT(others, 5);
  }
}

TEST(ContextComparisons, LeaveLikelihoodAndHistoryAsTheyWere) {
  for (const std::string user : {"features", "history"}) {
    const Synthetic made = make_synthetic({.candidates = 3, .mixed = true, .ranked = 2, .unasked = true});
    ModelSettings settings;
    settings.head = Head::linear;
    settings.user = user == "features" ? UserInput::features : UserInput::history;
    const RewardModel model(settings, made.set);
    const at::Tensor row = start_values(model.layout(), {2, 0, 0}, at::kFloat).unsqueeze(0);
    const std::vector<at::Tensor> blocks = block_views(model.layout(), row);
    const SplitEvaluation own = evaluate_split(model, blocks, made.set.features, made.set.train);
    const SplitEvaluation more =
        evaluate_split(model, blocks, made.set.features, with_other_candidates(made.set.train));
    EXPECT_TRUE(at::allclose(more.loss, own.loss, 1e-6, 1e-6)) << user;
    EXPECT_TRUE(at::allclose(more.margin, own.margin, 1e-6, 1e-6)) << user;
    EXPECT_TRUE(at::allclose(more.scores.narrow(1, 0, 3), own.scores, 1e-6, 1e-6)) << user;
  }
}

TEST(ContextComparisons, AreTheSameWhereEverythingWasCompared) {
  const Synthetic made = make_synthetic({.candidates = 3});
  const ComparisonTensors more = with_other_candidates(made.set.train);
  EXPECT_TRUE(more.candidates.equal(made.set.train.candidates));
  EXPECT_TRUE(more.present.equal(made.set.train.present));
}

}  // namespace
}  // namespace fairsweep
