#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "objectives/training/combined_gradients.hpp"
#include "objectives/training/fair_weights.hpp"
#include "tests/workers/trainer/likelihoods/likelihood_cases.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/trainer/gradient_rows.hpp"

namespace fairsweep {
namespace {

using testing::make_synthetic;
using testing::outcomes_of;
using testing::plain_settings;
using testing::seeded;
using testing::with;

/// Combines the groups' gradients with given weights, which is linear scalarisation by another way.
class GivenWeights final : public CombinedGradients {
 public:
  [[nodiscard]] std::string_view name() const override { return "given"; }
  [[nodiscard]] std::string_view sentence() const override { return "given weights"; }
  [[nodiscard]] std::string_view source() const override { return "this test"; }

 protected:
  [[nodiscard]] std::vector<double> numbers(const Settings& /*settings*/, const TrainingFacts& facts) const override {
    return shares_of_groups(facts, 0.6);
  }
  [[nodiscard]] std::vector<double> weights(const GroupGradients& gradients) const override {
    return {gradients.numbers.begin(), gradients.numbers.end()};
  }
};

double largest_difference(const TrialOutcome& left, const TrialOutcome& right) {
  double largest = 0;
  for (const auto& [name, values] : left.parameters)
    largest = std::max(largest, (values - right.parameters.at(name)).abs().max().item<double>());
  return largest;
}

TEST(CombinedGradients, GivenWeightsAreLinearScalarisation) {
  const GivenWeights given;
  for (const char* head : {"linear", "mlp"}) {
    for (const char* user : {"none", "features", "embedding", "history"}) {
      const auto made = make_synthetic({.training = 200, .type = at::kDouble});
      Settings settings = with(
          plain_settings(),
          {{"model.head", std::string(head)}, {"model.user", std::string(user)}, {"training.epochs", std::int64_t{3}}});
      PackTrainingOptions options = seeded(3);
      options.find_method = [&given](std::string_view name) { return name == "given" ? &given : find_objective(name); };
      TrialOrder combined, linear;
      combined.settings = with(settings, {{"method.name", std::string("given")}});
      linear.settings =
          with(settings, {{"method.name", std::string("linear")}, {"method.linear.minority_weight", 0.6}});
      const TrialOutcome by_gradients = outcomes_of({combined}, made.set, options).front();
      const TrialOutcome by_loss = outcomes_of({linear}, made.set, options).front();
      ASSERT_FALSE(by_gradients.failed || by_loss.failed);
      EXPECT_LT(largest_difference(by_gradients, by_loss), 1e-9) << head << " " << user;
    }
  }
}

TEST(CombinedGradients, GivenWeightsAreLinearScalarisationForLearnedNumbersToo) {
  const GivenWeights given;
  PackTrainingOptions options = seeded(3);
  options.find_method = [&given](std::string_view name) { return name == "given" ? &given : find_objective(name); };
  for (const testing::LikelihoodCase& one : testing::all_likelihoods()) {
    testing::SyntheticRecipe recipe = testing::pairs_for(one.likelihood());
    recipe.training = 200;
    recipe.type = at::kDouble;
    const auto made = make_synthetic(recipe);
    const Settings settings = with(with(plain_settings(), one.settings),
                                   {{"model.head", std::string("mlp")}, {"training.epochs", std::int64_t{3}}});
    TrialOrder combined, linear;
    combined.settings = with(settings, {{"method.name", std::string("given")}});
    linear.settings = with(settings, {{"method.name", std::string("linear")}, {"method.linear.minority_weight", 0.6}});
    const TrialOutcome by_gradients = outcomes_of({combined}, made.set, options).front();
    const TrialOutcome by_loss = outcomes_of({linear}, made.set, options).front();
    ASSERT_FALSE(by_gradients.failed || by_loss.failed) << by_loss.failure.message;
    EXPECT_LT(largest_difference(by_gradients, by_loss), 1e-9) << PrintToString(one);
  }
}

/// Weights that are no numbers for trials whose learning rate is high.
class NoAnswer final : public CombinedGradients {
 public:
  [[nodiscard]] std::string_view name() const override { return "no_answer"; }
  [[nodiscard]] std::string_view sentence() const override { return "no weights for some"; }
  [[nodiscard]] std::string_view source() const override { return "this test"; }

 protected:
  [[nodiscard]] std::vector<double> numbers(const Settings& settings, const TrainingFacts& /*facts*/) const override {
    return {std::get<double>(settings.at("training.learning_rate"))};
  }
  [[nodiscard]] std::vector<double> weights(const GroupGradients& gradients) const override {
    return std::vector<double>(gradients.losses.size(), gradients.numbers.front() > 0.5 ? std::nan("") : 1.0);
  }
};

TEST(CombinedGradients, ATrialWithoutWeightsFailsAndTheOthersOfItsPackDoNot) {
  const NoAnswer method;
  PackTrainingOptions options = seeded(3);
  options.find_method = [&method](std::string_view name) {
    return name == "no_answer" ? &method : find_objective(name);
  };
  std::vector<TrialOrder> trials;
  for (std::uint32_t i = 0; i < 3; ++i) {
    TrialOrder order;
    order.trial = TrialId(i);
    order.configuration = ConfigurationId(i);
    order.settings = with(plain_settings(),
                          {{"method.name", std::string("no_answer")}, {"training.learning_rate", i == 1 ? 0.9 : 0.01}});
    trials.push_back(order);
  }
  const std::vector<TrialOutcome> outcomes = outcomes_of(trials, make_synthetic({}).set, options);
  EXPECT_FALSE(outcomes[0].failed);
  EXPECT_TRUE(outcomes[1].failed);
  EXPECT_NE(outcomes[1].failure.message.find("not finite"), std::string::npos) << outcomes[1].failure.message;
  EXPECT_FALSE(outcomes[2].failed);
}

TEST(GradientRows, GramianAndCombinationAreThePlainTwins) {
  at::manual_seed(7);
  ModelSettings model;
  model.head = Head::mlp;
  model.width = 5;
  model.depth = 2;
  const ParameterLayout layout = make_layout(model, 3, 4, 0);
  constexpr std::int64_t k_trials = 3, k_losses = 4;
  const at::Tensor parameters = at::zeros({k_trials, layout.size});
  GradientRows rows;
  rows.resize(layout, k_losses, parameters);
  std::vector<at::Tensor> flat;
  for (std::int64_t loss = 0; loss < k_losses; ++loss) {
    at::Tensor row = at::zeros({k_trials, layout.size});
    const std::vector<at::Tensor> blocks = block_views(layout, row);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      blocks[i].copy_(at::randn(blocks[i].sizes()));
      rows.blocks(loss)[i].copy_(blocks[i]);
    }
    flat.push_back(row);
  }
  const at::Tensor gramian = rows.gramian();
  const at::Tensor weights = at::randn({k_trials, k_losses});
  at::Tensor gradient = at::zeros({k_trials, layout.size});
  rows.combine(weights, gradient);
  for (std::int64_t k = 0; k < k_trials; ++k) {
    at::Tensor sum = at::zeros({layout.size}, at::kDouble);
    for (std::int64_t i = 0; i < k_losses; ++i) {
      const at::Tensor own = flat[static_cast<std::size_t>(i)][k].to(at::kDouble);
      sum += weights[k][i].item<double>() * own;
      for (std::int64_t j = 0; j < k_losses; ++j) {
        const double plain = (own * flat[static_cast<std::size_t>(j)][k].to(at::kDouble)).sum().item<double>();
        EXPECT_NEAR(gramian[k][i][j].item<double>(), plain, 1e-10);
      }
    }
    EXPECT_LT((gradient[k].to(at::kDouble) - sum).abs().max().item<double>(), 1e-5);
  }
}

}  // namespace
}  // namespace fairsweep
