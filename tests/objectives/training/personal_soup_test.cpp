#include "objectives/training/personal_soup.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/ensemble_source.hpp"
#include "objectives/training/soup_models.hpp"
#include "tests/objectives/training/loss_tests.hpp"

namespace fairsweep {
namespace {

using testing::doubles;
using testing::k_double;
using testing::pairs_of;
using testing::random_numbers;

/// People 0, 1 ("large") and 2 ("small") are trained on, with two answers each; 3 is a newcomer who told two, 4 one
/// who told nothing.
TrainingFacts five_people() {
  TrainingFacts facts;
  facts.groups = {"large", "small"};
  facts.group_users = {2, 1};
  facts.group_weight = {4, 2};
  facts.users = 5;
  facts.comparisons = 6;
  facts.training = pairs_of({{0, 1, 0}, {0, 1, 0}, {0, 1, 0}, {0, 1, 0}, {0, 1, 1}, {0, 1, 1}});
  facts.training.user = at::tensor({0, 0, 1, 1, 2, 2}, at::kLong);
  facts.training.weight = doubles({1, 3, 1, 1, 0.5, 2});
  facts.validation = facts.training;
  facts.history = pairs_of({{0, 1, -1}, {0, 1, -1}});
  facts.history.user = at::tensor({3, 3}, at::kLong);
  facts.history.weight = doubles({2, 1});
  return facts;
}

Settings settings_of(double sharpness) {
  return {{"method.name", std::string("personal_soup")},  {"method.personal_soup.sharpness", sharpness},
          {"method.soup.models.epochs", std::int64_t{3}}, {"method.soup.models.learning_rate", 0.01},
          {"method.soup.models.weight_decay", 0.0},       {"training.epochs", std::int64_t{7}}};
}

/// Weights [K, 2, 5] after the losses were looked at.
at::Tensor weights_by(const std::vector<Settings>& trials, const TrainingFacts& facts, const EpochLosses& losses) {
  const TrainingObjective& method = *find_objective("personal_soup");
  const ObjectiveConstants constants = method.constants(trials, facts, {}, k_double);
  ObjectiveState state = method.initial_state(trials, facts, constants, k_double);
  EXPECT_FALSE(method.after_epoch(losses, facts, constants, state)) << "nothing starts anew";
  return method.member_weights(static_cast<std::int64_t>(trials.size()), 2, {{"weight", state.at("weight")}}, k_double);
}

TEST(PersonalSoup, WeightsAreSharesTimesLikelihoodsToASharpness) {
  const TrainingFacts facts = five_people();
  const std::vector<double> sharpness = {0, 0.5, 1, 3};
  std::vector<Settings> trials;
  for (const double one : sharpness)
    trials.push_back(settings_of(one));
  const at::Tensor training = random_numbers({4, 2, 6}, 21, 0, 2);
  const at::Tensor history = random_numbers({4, 2, 2}, 22, 0, 2);
  const at::Tensor weight = weights_by(trials, facts, {training, history});
  ASSERT_EQ(weight.sizes(), (std::vector<std::int64_t>{4, 2, 5}));
  for (std::int64_t k = 0; k < 4; ++k) {
    for (std::int64_t person = 0; person < 5; ++person) {
      std::vector<double> product = {2.0 / 3, 1.0 / 3};  // shares of the people trained on
      for (std::int64_t group = 0; group < 2; ++group) {
        double likelihood = 1;
        const auto answers = [&](const at::Tensor& loss, const ComparisonFacts& about) {
          for (std::int64_t i = 0; i < about.user.size(0); ++i) {
            if (about.user[i].item<std::int64_t>() == person)
              likelihood *= std::pow(std::exp(-loss[k][group][i].item<double>()), about.weight[i].item<double>());
          }
        };
        answers(training, facts.training);
        answers(history, facts.history);
        product[static_cast<std::size_t>(group)] *= std::pow(likelihood, sharpness[static_cast<std::size_t>(k)]);
      }
      EXPECT_NEAR(weight[k][0][person].item<double>(), product[0] / (product[0] + product[1]), 1e-12)
          << "trial " << k << " person " << person;
      EXPECT_NEAR(weight[k].select(1, person).sum().item<double>(), 1, 1e-12);
    }
  }
  EXPECT_NEAR(weight[2][0][4].item<double>(), 2.0 / 3, 1e-15) << "who told nothing has the shares";
}

TEST(PersonalSoup, WhoIsNotLookedAtKeepsWhatHeHas) {
  const TrainingFacts facts = five_people();
  const std::vector<Settings> trials = {settings_of(1)};
  const at::Tensor history = random_numbers({1, 2, 2}, 5, 0, 2);
  const at::Tensor weight = weights_by(trials, facts, {{}, history});
  for (const std::int64_t person : {0, 1, 2, 4})
    EXPECT_NEAR(weight[0][0][person].item<double>(), 2.0 / 3, 1e-15) << person;
  EXPECT_GT(std::fabs(weight[0][0][3].item<double>() - 2.0 / 3), 1e-3);
}

TEST(PersonalSoup, SharesTheModelsOfASoupAndTrainsNothingItself) {
  const TrainingFacts facts = five_people();
  const std::vector<Stage> own = find_objective("personal_soup")->stages(settings_of(2), facts);
  Settings soup = settings_of(2);
  soup["method.name"] = std::string("soup");
  for (const char* split : {"method.soup.share", "method.soup.second_share", "method.soup.third_share"})
    soup[split] = 0.5;
  const std::vector<Stage> shared = find_objective("soup")->stages(soup, facts);
  ASSERT_EQ(own.size(), 4U);
  ASSERT_EQ(shared.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(own[i], shared[i]) << own[i].name;
  EXPECT_TRUE(own[3].trains_nothing);
  EXPECT_FALSE(own[3].averages_parameters);
  EXPECT_EQ(own[3].members, 2);
  EXPECT_EQ(find_objective("personal_soup")->member_join({}), MemberJoin::mean_of_parameters);
  EXPECT_EQ(find_objective("personal_soup")->mixed_models({}, facts), facts.groups);
  TrainingFacts without = facts;
  without.groups.clear();
  EXPECT_THROW((void)find_objective("personal_soup")->stages(settings_of(1), without), UserError);
}

}  // namespace
}  // namespace fairsweep
