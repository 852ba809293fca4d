#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/workers/trainer/likelihoods/likelihood_cases.hpp"
#include "tests/workers/trainer/method_cases.hpp"
#include "workers/trainer/model_answers.hpp"

namespace fairsweep {
namespace {

using testing::all_likelihoods;
using testing::expect_same_bits;
using testing::LikelihoodCase;
using testing::make_synthetic;
using testing::outcomes_of;
using testing::pairs_for;
using testing::plain_settings;
using testing::seeded;
using testing::Synthetic;
using testing::SyntheticRecipe;
using testing::varied_trials;
using testing::with;

Settings settings_of(const LikelihoodCase& one, const std::string& head, const std::string& user,
                     const Settings& method = {}) {
  return with(with(with(plain_settings(), one.settings), {{"model.head", head}, {"model.user", user}}), method);
}

/// Methods that use what a likelihood says in different ways: one loss, group weights, members, a look back, combined
/// gradients, and factors in place of matrices.
std::vector<Settings> methods() {
  const auto named = [](const char* name, const Settings& more) {
    return with({{"method.name", std::string(name)}}, more);
  };
  return {named("pooled", {}), named("group_dro", {{"method.group_dro.step_size", 0.1}}),
          named("typewise_average", {{"method.typewise_average.weights", std::string("people")}}),
          named("famo", {{"method.famo.step_size", 0.05}, {"method.famo.decay", 0.01}}),
          named("mgda", {{"method.mgda.normalise", std::string("length")}})};
}

class LikelihoodTraining : public ::testing::TestWithParam<LikelihoodCase> {};

INSTANTIATE_TEST_SUITE_P(Catalogue, LikelihoodTraining, ::testing::ValuesIn(all_likelihoods()),
                         [](const auto& one) { return PrintToString(one.param); });

TEST_P(LikelihoodTraining, ATrialsBitsDoNotDependOnItsPack) {
  const Synthetic made = make_synthetic(pairs_for(GetParam().likelihood()));
  for (const std::string head : {"linear", "mlp"}) {
    for (const Settings& method : methods()) {
      const std::string what = head + " " + std::get<std::string>(method.at("method.name"));
      const std::vector<TrialOrder> trials = varied_trials(settings_of(GetParam(), head, "embedding", method), 8);
      const std::vector<TrialOutcome> together = outcomes_of(trials, made.set, seeded(11));
      for (const TrialOrder& order : trials) {
        const TrialOutcome alone = outcomes_of({order}, made.set, seeded(11)).front();
        EXPECT_FALSE(alone.failed) << alone.failure.message;
        expect_same_bits(alone, together[order.trial.value], what + ", trial " + std::to_string(order.trial.value));
      }
      for (const TrialOutcome& outcome : outcomes_of({trials[6], trials[1], trials[3]}, made.set, seeded(11)))
        expect_same_bits(outcome, together[outcome.trial.value], what + ", pack of 3");
    }
  }
}

TEST_P(LikelihoodTraining, AStoppedTrialGoesOnExactly) {
  const Synthetic made = make_synthetic(pairs_for(GetParam().likelihood()));
  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("fairsweep_likelihood_" + std::to_string(::getpid()));
  std::filesystem::create_directories(directory);
  const std::vector<TrialOrder> trials =
      varied_trials(settings_of(GetParam(), "mlp", "features", {{"training.epochs", std::int64_t{5}}}), 3);
  PackTrainingOptions options = seeded(4);
  options.checkpoint_directory = directory;
  options.data_digest = "data";
  PackTrainingOptions stopped = options;
  int asked = 0;
  stopped.should_stop = [&asked] { return ++asked >= 2; };
  stopped.on_outcome = [](TrialOutcome&&) { FAIL() << "ended early"; };
  train_pack(trials, made.set, stopped);
  PackTrainingOptions plain = seeded(4);
  plain.data_digest = "data";
  const std::vector<TrialOutcome> whole = outcomes_of(trials, made.set, plain);
  for (const TrialOutcome& outcome : outcomes_of(trials, made.set, options))
    expect_same_bits(outcome, whole[outcome.trial.value], "trial " + std::to_string(outcome.trial.value));
  std::filesystem::remove_all(directory);
}

/// Gradients of all parameters by the way back against differences of the loss.
TEST_P(LikelihoodTraining, GradientsOfAllParametersAgreeWithFiniteDifferences) {
  SyntheticRecipe recipe = pairs_for(GetParam().likelihood());
  recipe.features = 4;
  recipe.type = at::kDouble;
  const Synthetic made = make_synthetic(recipe);
  const Likelihood& likelihood = GetParam().likelihood();
  constexpr std::int64_t k_batch = 32;
  const at::Tensor rows = made.set.train.candidates.narrow(0, 0, k_batch).t().reshape({-1});
  const at::Tensor x = made.set.features.index_select(0, rows).unsqueeze(0).expand({2, -1, -1}).contiguous();
  const at::Tensor user = made.set.train.user.narrow(0, 0, k_batch).unsqueeze(0).expand({2, -1}).contiguous();
  ChoiceShape shape;
  if (likelihood.has_ties())
    shape.tied = made.set.train.ranked.narrow(0, 0, k_batch).eq(0).unsqueeze(0).expand({2, -1}).contiguous();
  for (const std::string head : {"linear", "mlp"}) {
    const RewardModel model(model_settings(settings_of(GetParam(), head, "embedding")), made.set);
    std::mt19937 random(3);
    std::normal_distribution<double> normal(0, 0.4);
    at::Tensor parameters = at::zeros({2, model.layout().size}, at::kDouble);
    for (const ParameterBlock& block : model.layout().blocks) {
      for (std::int64_t place = 0; place < 2 * block.used_rows * block.used_columns; ++place) {
        const std::int64_t in_block = place / 2;
        parameters[place % 2][block.offset + in_block / block.used_columns * block.columns +
                              in_block % block.used_columns] = normal(random);
      }
    }
    const auto loss_of = [&](const at::Tensor& of) {
      return likelihood.outcome(answers_of(model, block_views(model.layout(), of), x, user, 2), shape).loss.sum(-1);
    };
    const std::vector<at::Tensor> blocks = block_views(model.layout(), parameters);
    const at::Tensor gradient = at::full_like(parameters, 99);
    ScoreTrace trace;
    const ModelAnswers says = answers_of(model, blocks, x, user, 2, {}, &trace);
    follow(says);
    likelihood.outcome(says, shape).loss.sum(-1).backward(at::ones({2}, at::kDouble));
    back(model, blocks, x, user, gradients_of(says), trace, block_views(model.layout(), gradient));
    constexpr double k_step = 1e-5;
    for (const ParameterBlock& block : model.layout().blocks) {
      for (std::int64_t i = 0; i < block.used_rows * block.used_columns; ++i) {
        const std::int64_t place = block.offset + i / block.used_columns * block.columns + i % block.used_columns;
        const auto moved = [&](double by) {
          at::Tensor other = parameters.clone();
          other[1][place] += by;
          return loss_of(other)[1].item<double>();
        };
        const double slope = (moved(k_step) - moved(-k_step)) / (2 * k_step);
        EXPECT_NEAR(gradient[1][place].item<double>(), slope, 1e-6 * (1 + std::fabs(slope)))
            << head << " " << block.name;
      }
    }
  }
}

TEST_P(LikelihoodTraining, LearnedNumbersAreStepsOfTheTrial) {
  SyntheticRecipe recipe = pairs_for(GetParam().likelihood());
  recipe.training = 300;
  recipe.features = 4;
  const Synthetic made = make_synthetic(recipe);
  TrialOrder order;
  order.settings = settings_of(GetParam(), "linear", "none",
                               {{"training.epochs", std::int64_t{6}}, {"training.learning_rate", 0.05}});
  const TrialOutcome outcome = outcomes_of({order}, made.set, seeded(2)).front();
  ASSERT_FALSE(outcome.failed) << outcome.failure.message;
  const Likelihood& likelihood = GetParam().likelihood();
  const at::Tensor start =
      likelihood.meaning(at::zeros({static_cast<std::int64_t>(likelihood.numbers().size())}, at::kDouble));
  std::size_t place = 0;
  for (const std::string& name : likelihood.numbers()) {
    const double learned = outcome.parameters.at("likelihood." + name).item<double>();
    EXPECT_NE(learned, start[static_cast<std::int64_t>(place++)].item<double>()) << name;
    EXPECT_DOUBLE_EQ(outcome.notes.at("likelihood " + name), learned);
  }
  EXPECT_EQ(outcome.parameters.count("likelihood.nu"), likelihood.name() == "davidson" ? 1U : 0U);
}

TEST(LikelihoodTrainingPlan, MethodsThatReadScoresAreRefusedWithAReason) {
  const Synthetic made = make_synthetic({.candidates = 2, .ties = true});
  TrialOrder order;
  order.settings = with(plain_settings(), {{"model.likelihood", std::string("davidson")},
                                           {"method.name", std::string("dvao_weighted")},
                                           {"method.dvao_weighted.minority_share", 0.4},
                                           {"method.dvao_weighted.utility", std::string("probability")}});
  const TrialOutcome outcome = outcomes_of({order}, made.set, seeded(2)).front();
  EXPECT_TRUE(outcome.failed);
  EXPECT_EQ(outcome.failure.stage, "setup");
  EXPECT_THAT(outcome.failure.message, ::testing::HasSubstr("takes margins for the log-odds of one of two answers"));
}

/// What a person answers to a pair with this margin: the first, a tie, or the second.
enum class Answer { first, tie, second };
using Answering = std::function<Answer(double margin, double uniform, std::mt19937& random)>;

/// Pairs of candidates with features of deviation 1, answered by everybody alike under r = w . x with |w| = 1.5.
Synthetic answered(std::uint32_t seed, const Answering& answer) {
  Synthetic made = make_synthetic({.users = 30,
                                   .training = 6000,
                                   .validation = 600,
                                   .test = 60,
                                   .features = 3,
                                   .candidates = 2,
                                   .groups = 1,
                                   .seed = seed,
                                   .weighted = false});
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  const at::Tensor worth = made.set.features.to(at::kDouble).matmul(at::tensor({1.0, -1.0, 0.5}, at::kDouble));
  for (ComparisonTensors* split : {&made.set.train, &made.set.validation, &made.set.test}) {
    for (std::int64_t i = 0; i < split->count(); ++i) {
      auto* pair = split->candidates.data_ptr<std::int64_t>() + 2 * i;
      const double margin = (worth[pair[0]] - worth[pair[1]]).item<double>();
      const Answer said = answer(margin, uniform(random), random);
      if (said == Answer::second)
        std::swap(pair[0], pair[1]);
      split->ranked.data_ptr<std::int64_t>()[i] = said == Answer::tie ? 0 : 1;
    }
  }
  return made;
}

TrialOutcome fitted(const Synthetic& made, const Settings& likelihood) {
  TrialOrder order;
  order.settings = with(with(plain_settings(), likelihood), {{"training.epochs", std::int64_t{15}},
                                                             {"training.batch", std::int64_t{256}},
                                                             {"training.learning_rate", 0.05},
                                                             {"training.weight_decay", 0.0}});
  TrialOutcome outcome = outcomes_of({order}, made.set, seeded(1)).front();
  EXPECT_FALSE(outcome.failed) << outcome.failure.message;
  return outcome;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

constexpr std::uint32_t k_seed = 20251;

TEST(LikelihoodRecovery, DavidsonFindsItsNu) {
  constexpr double k_nu = 0.7;
  const Synthetic made = answered(k_seed, [](double margin, double uniform, std::mt19937&) {
    const double first = std::exp(margin / 2);
    const double second = std::exp(-margin / 2);
    const double sum = first + second + k_nu;
    return uniform < first / sum ? Answer::first : (uniform < (first + k_nu) / sum ? Answer::tie : Answer::second);
  });
  const TrialOutcome outcome = fitted(made, {{"model.likelihood", std::string("davidson")}});
  EXPECT_NEAR(outcome.parameters.at("likelihood.nu").item<double>(), k_nu, 0.07) << "seed " << k_seed;
}

TEST(LikelihoodRecovery, RaoKupperFindsItsTheta) {
  constexpr double k_theta = 1.8;
  const Synthetic made = answered(k_seed, [](double margin, double uniform, std::mt19937&) {
    const double first = sigmoid(margin - std::log(k_theta));
    const double second = sigmoid(-margin - std::log(k_theta));
    return uniform < first ? Answer::first : (uniform < first + second ? Answer::second : Answer::tie);
  });
  const TrialOutcome outcome = fitted(made, {{"model.likelihood", std::string("rao_kupper")}});
  EXPECT_NEAR(outcome.parameters.at("likelihood.theta").item<double>(), k_theta, 0.1) << "seed " << k_seed;
}

/// The deviation of the scale in units of its mean: large where people differ, small where they do not.
TEST(LikelihoodRecovery, AveragedScalesTellHowMuchPeopleDiffer) {
  const auto of_deviation = [](double sigma) {
    return answered(k_seed, [sigma](double margin, double uniform, std::mt19937& random) {
      std::normal_distribution<double> normal(0, sigma);
      return uniform < sigmoid(3 * std::exp(normal(random)) * margin) ? Answer::first : Answer::second;
    });
  };
  const Synthetic alike = of_deviation(0.01);
  const Synthetic different = of_deviation(1.2);
  for (const char* scale : {"log_normal", "gamma"}) {
    const Settings settings = {{"model.likelihood", std::string("averaged_scale")},
                               {"model.scale", std::string(scale)}};
    const double small = fitted(alike, settings).notes.at("likelihood scale deviation");
    const double large = fitted(different, settings).notes.at("likelihood scale deviation");
    EXPECT_LT(small, 0.5) << scale << ", seed " << k_seed;
    EXPECT_GT(large, 0.65) << scale << ", seed " << k_seed;
    if (std::string(scale) == "log_normal") {
      EXPECT_NEAR(fitted(different, settings).parameters.at("likelihood.sigma").item<double>(), 1.2, 0.4)
          << "seed " << k_seed;
    }
  }
}

/// Candidates whose first feature is hidden context: people agree where it is small and toss a coin where it is large.
TEST(LikelihoodRecovery, MeanVarianceFindsWhereThereIsHiddenContext) {
  Synthetic made = answered(k_seed, [](double, double, std::mt19937&) { return Answer::first; });
  std::mt19937 random(k_seed);
  std::normal_distribution<double> normal(0, 1);
  const at::Tensor features = made.set.features.to(at::kDouble).contiguous();
  for (ComparisonTensors* split : {&made.set.train, &made.set.validation}) {
    for (std::int64_t i = 0; i < split->count(); ++i) {
      auto* pair = split->candidates.data_ptr<std::int64_t>() + 2 * i;
      const auto drawn = [&](std::int64_t row) {  // mean 2 x_1, deviation exp(x_0)
        const double* x = features.data_ptr<double>() + 3 * row;
        return 2 * x[1] + std::exp(x[0]) * normal(random);
      };
      if (drawn(pair[0]) < drawn(pair[1]))
        std::swap(pair[0], pair[1]);
    }
  }
  const TrialOutcome outcome = fitted(made, {{"model.likelihood", std::string("mean_variance")}});
  const at::Tensor weight = outcome.parameters.at("spread.weight");
  EXPECT_NEAR(weight[0].item<double>(), 1, 0.2) << "seed " << k_seed;
  EXPECT_NEAR(weight[1].item<double>(), 0, 0.2) << "seed " << k_seed;
  EXPECT_NEAR(weight[2].item<double>(), 0, 0.2) << "seed " << k_seed;
  // Of worths 2 x_1 with variance 4 and deviations exp(x_0), whose mean square is exp(2).
  EXPECT_NEAR(outcome.notes.at("likelihood explained variance"), 4 / (4 + std::exp(2.0)), 0.1) << "seed " << k_seed;
}

}  // namespace
}  // namespace fairsweep
