#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/pooled.hpp"
#include "objectives/training/reweighted.hpp"
#include "tests/objectives/training/training_batches.hpp"

namespace fairsweep::testing {
namespace {

const at::TensorOptions k_double(at::kDouble);

/// 12 comparisons of group 0, 4 of group 1, 2 of nobody's; users 0 (8), 1 (8), 2 (2).
TrainingFacts uneven() {
  TrainingFacts facts;
  facts.groups = {"large", "small"};
  facts.group_weight = {12, 4};
  facts.users = 3;
  facts.comparisons = 18;
  facts.training.group = at::cat({at::zeros({12}, at::kLong), at::ones({4}, at::kLong), at::full({2}, -1, at::kLong)});
  facts.training.user = at::cat({at::zeros({8}, at::kLong), at::ones({8}, at::kLong), at::full({2}, 2, at::kLong)});
  facts.training.weight = at::ones({18}, at::kDouble);
  return facts;
}

Settings by(const std::string& whom, double strength) {
  return {{"method.oversampled.by", whom}, {"method.oversampled.strength", strength}};
}

std::vector<double> shares(const Settings& settings) {
  return find_objective("oversampled")->draw_shares(settings, uneven());
}

TEST(Oversampled, ByHandNumbers) {
  const std::vector<double> of_groups = shares(by("group", 1));
  ASSERT_EQ(of_groups.size(), 18U);
  EXPECT_NEAR(of_groups[0], 16.0 / 2 / 12, 1e-15) << "16 comparisons of two groups: 8 draws over 12";
  EXPECT_NEAR(of_groups[15], 16.0 / 2 / 4, 1e-15);
  EXPECT_EQ(of_groups[16], 1.0) << "people without a group are drawn as before";
  const std::vector<double> of_users = shares(by("user", 1));
  EXPECT_NEAR(of_users[0], 6.0 / 8, 1e-15) << "18 comparisons of three people: 6 draws each";
  EXPECT_NEAR(of_users[15], 6.0 / 8, 1e-15);
  EXPECT_NEAR(of_users[17], 6.0 / 2, 1e-15);
}

TEST(Oversampled, StrengthZeroDrawsAllAlike) {
  for (const std::string whom : {"group", "user"})
    EXPECT_EQ(shares(by(whom, 0)), std::vector<double>(18, 1.0)) << whom;
}

TEST(Oversampled, DrawsWhatReweightedWeighs) {
  // The expected loss of a draw is the loss that reweighted has on all comparisons at once.
  const TrainingFacts facts = uneven();
  const TrainingObjective& reweighted = *find_objective("reweighted");
  for (const double strength : {0.0, 0.4, 1.0}) {
    PackBatch all = random_pairs({.trials = 1, .used = 18}, 3);
    all.group = at::constant_pad_nd(facts.training.group.unsqueeze(0), {0, 14});
    all.weight = at::constant_pad_nd(facts.training.weight.unsqueeze(0), {0, 14});
    ObjectiveState state = reweighted.initial_state({{{"method.reweighted.strength", strength}}}, facts, {}, k_double);
    const std::vector<double> share = shares(by("group", strength));
    double sum = 0;
    double expected = 0;
    for (std::size_t i = 0; i < share.size(); ++i) {
      sum += share[i];
      expected += share[i] * all.loss[0][static_cast<std::int64_t>(i)].item<double>();
    }
    EXPECT_NEAR(reweighted.loss(all, {}, state).item<double>(), expected / sum, 1e-14) << strength;
  }
}

TEST(Oversampled, ItsLossIsPooled) {
  const PackBatch batch = random_pairs({}, 4);
  ObjectiveState state;
  EXPECT_TRUE(find_objective("oversampled")->loss(batch, {}, state).equal(pooled_loss(batch)));
  expect_gradient_in_margins(
      batch,
      [](const PackBatch& one) {
        ObjectiveState none;
        return find_objective("oversampled")->loss(one, {}, none);
      },
      "oversampled");
}

TEST(Oversampled, NeedsGroupsOnlyWhereGroupsDecide) {
  const TrainingObjective& method = *find_objective("oversampled");
  EXPECT_NO_THROW((void)method.stages(by("user", 1), TrainingFacts{}));
  try {
    (void)method.stages(by("group", 1), TrainingFacts{});
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(),
                 "method oversampled needs groups, and the data have none; choose another method or set data.groups");
  }
}

TEST(DrawShares, AreNoneForEveryOtherMethod) {
  for (const auto& method : objective_catalogue()) {
    if (method->name() == "oversampled")
      continue;
    EXPECT_TRUE(method->draw_shares({}, uneven()).empty()) << method->name();
  }
}

}  // namespace
}  // namespace fairsweep::testing
