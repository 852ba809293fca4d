#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/ensemble_source.hpp"
#include "objectives/training/soup.hpp"
#include "tests/objectives/training/loss_tests.hpp"

namespace fairsweep {
namespace {

using testing::doubles;
using testing::k_double;
using testing::pairs_of;
using testing::random_numbers;

/// Four people of two groups: 0 and 1 of "large", 2 of "small", 3 of none; two answers of each, of different weight.
TrainingFacts two_groups() {
  TrainingFacts facts;
  facts.groups = {"large", "small"};
  facts.group_users = {2, 1};
  facts.group_weight = {4, 2};
  facts.users = 4;
  facts.comparisons = 8;
  facts.validation =
      pairs_of({{0, 1, 0}, {0, 1, 0}, {0, 1, 0}, {0, 1, 0}, {0, 1, 1}, {0, 1, 1}, {0, 1, -1}, {0, 1, -1}});
  facts.validation.user = at::tensor({0, 0, 1, 1, 2, 2, 3, 3}, at::kLong);
  facts.validation.weight = doubles({1, 3, 1, 1, 1, 1, 5, 1});
  facts.training = facts.validation;
  return facts;
}

/// Scores [1, 2, 8, 2] of two models with these margins.
at::Tensor scores_of(const at::Tensor& margin) { return at::stack({margin, at::zeros_like(margin)}, -1).unsqueeze(0); }

StageOutput models_of(const at::Tensor& margin) {
  StageOutput models;
  models.training = models.validation = scores_of(margin);
  return models;
}

double log_sigma(double margin) { return -std::log1p(std::exp(-margin)); }

Settings settings_of(const std::string& method, const std::string& join = "probabilities") {
  return {{"method.name", method},
          {"method.ensemble.of", std::string("groups")},
          {"method.ensemble.join", join},
          {"method.average.weights", std::string("people")},
          {"method.min_max_regret.emphasis", 1.0},
          {"method.min_max_regret.emphasised", std::int64_t{1}},
          {"method.min_max_regret.against", std::string("own")},
          {"method.soup.share", 0.25},
          {"method.soup.second_share", 0.5},
          {"method.soup.third_share", 0.5},
          {"method.soup.models.epochs", std::int64_t{3}},
          {"method.soup.models.learning_rate", 0.01},
          {"method.soup.models.weight_decay", 0.0},
          {"training.epochs", std::int64_t{7}}};
}

TEST(EnsembleFacts, AGroupsWorthIsTheMeanOverItsPeople) {
  const TrainingFacts facts = two_groups();
  const at::Tensor margin = random_numbers({2, 8}, 3, -2, 2);
  const EnsembleFacts got = ensemble_facts("groups", facts, models_of(margin), 0);
  for (std::int64_t j = 0; j < 2; ++j) {
    const auto at = [&](std::int64_t i) { return log_sigma(margin[j][i].item<double>()); };
    const auto column = static_cast<std::size_t>(j);
    EXPECT_NEAR(got.worth.at(0, column), ((at(0) + 3 * at(1)) / 4 + (at(2) + at(3)) / 2) / 2, 1e-12);
    EXPECT_NEAR(got.worth.at(1, column), (at(4) + at(5)) / 2, 1e-12);
  }
  EXPECT_EQ(got.share, (std::vector<double>{2.0 / 3, 1.0 / 3}));
  EXPECT_EQ(got.order, (std::vector<std::size_t>{0, 1}));
}

TEST(EnsembleFacts, APersonsTypeIsToldByEverythingElseTheyAnswered) {
  const at::Tensor share = doubles({0.3, 0.7});
  const at::Tensor training = random_numbers({2, 5}, 11, -3, 0);
  const at::Tensor training_user = at::tensor({0, 1, 1, 2, 0}, at::kLong);
  const at::Tensor validation = random_numbers({2, 4}, 12, -3, 0);
  const at::Tensor validation_user = at::tensor({1, 0, 1, 3}, at::kLong);
  const at::Tensor got =
      log_posterior_without_answer(share, training, training_user, validation, validation_user, 4).softmax(0);
  for (std::int64_t m = 0; m < 4; ++m) {
    std::vector<double> product = {0.3, 0.7};
    for (std::int64_t type = 0; type < 2; ++type) {
      double& own = product[static_cast<std::size_t>(type)];
      for (std::int64_t i = 0; i < 5; ++i) {
        if (training_user[i].item<std::int64_t>() == validation_user[m].item<std::int64_t>())
          own *= std::exp(training[type][i].item<double>());
      }
      for (std::int64_t i = 0; i < 4; ++i) {
        if (i != m && validation_user[i].item<std::int64_t>() == validation_user[m].item<std::int64_t>())
          own *= std::exp(validation[type][i].item<double>());
      }
    }
    EXPECT_NEAR(got[0][m].item<double>(), product[0] / (product[0] + product[1]), 1e-12) << m;
  }
  // Nothing but one answer: the shares of the types, whatever the answer.
  EXPECT_NEAR(got[0][3].item<double>(), 0.3, 1e-14);
}

TEST(EnsembleFacts, HiddenTypesAreNumberedByTheirShareAndCountByPosterior) {
  const TrainingFacts facts = two_groups();
  StageOutput models = models_of(random_numbers({2, 8}, 31, -2, 2));
  // Posteriors of everybody, as the method types leaves them: shares .25 and .75 over the training people.
  models.learned["posterior"] = doubles({0, 0.5, 0.25, 0.25, 1, 0.5, 0.75, 0.75}).view({1, 2, 4});
  const EnsembleFacts got = ensemble_facts("types", facts, models, 0);
  EXPECT_EQ(got.share, (std::vector<double>{0.25, 0.75}));
  EXPECT_EQ(got.order, (std::vector<std::size_t>{1, 0}));
  const at::Tensor likelihood = got.loss.neg();
  const at::Tensor posterior = log_posterior_without_answer(doubles({0.25, 0.75}), likelihood, facts.training.user,
                                                            likelihood, facts.validation.user, 4)
                                   .softmax(0);
  const at::Tensor weight = posterior * doubles({.25, .75, .5, .5, .5, .5, 5.0 / 6, 1.0 / 6});
  for (std::int64_t kind = 0; kind < 2; ++kind) {
    for (std::int64_t model = 0; model < 2; ++model) {
      const double mean = ((weight[kind] * likelihood[model]).sum() / weight[kind].sum()).item<double>();
      EXPECT_NEAR(got.worth.at(static_cast<std::size_t>(kind), static_cast<std::size_t>(model)), mean, 1e-12);
    }
  }
}

TEST(Ensembles, WeighByPeopleByTheWorstOffAndByRegret) {
  const TrainingFacts facts = two_groups();
  // Each group's own model is sure of its group's answers and wrong about the other's.
  const at::Tensor margin = doubles({2, 2, 2, 2, -1, -1, 0, 0, -1, -1, -1, -1, 1, 1, 0, 0}).view({2, 8});
  const StageScores earlier = {{k_models_stage, models_of(margin)}};
  const auto weights = [&](const Settings& settings) {
    const TrainingObjective& method = *find_objective(std::get<std::string>(settings.at("method.name")));
    const ObjectiveConstants constants = method.constants({settings}, facts, earlier, k_double);
    const ObjectiveState state = method.initial_state({settings}, facts, constants, k_double);
    return method.member_weights(1, 2, {{"weight", state.at("weight")}}, k_double);
  };
  EXPECT_TRUE(weights(settings_of("average")).allclose(doubles({2.0 / 3, 1.0 / 3}).view({1, 2}), 0, 1e-15));
  Settings equal = settings_of("average");
  equal["method.average.weights"] = std::string("equal");
  EXPECT_TRUE(weights(equal).equal(doubles({0.5, 0.5}).view({1, 2})));
  // A = [a, b; b, c] with a = log sigma(2), b = log sigma(-1), c = log sigma(1).
  const double a = log_sigma(2);
  const double b = log_sigma(-1);
  const double c = log_sigma(1);
  // max-min: a w + b (1 - w) = b w + c (1 - w).
  const double fair = (c - b) / (a - b + c - b);
  EXPECT_NEAR(weights(settings_of("max_min"))[0][0].item<double>(), fair, 1e-9);
  // regret: (a - b)(1 - w) = (c - b) w, and twice the left side for an emphasis of 2.
  for (const double emphasis : {1.0, 2.0}) {
    Settings regret = settings_of("min_max_regret");
    regret["method.min_max_regret.emphasis"] = emphasis;
    const double first = emphasis * (a - b) / (emphasis * (a - b) + c - b);
    EXPECT_NEAR(weights(regret)[0][0].item<double>(), first, 1e-9);
    const auto notes = find_objective("min_max_regret")->notes(regret, facts, earlier, {});
    EXPECT_NEAR(notes.at("largest regret (linear programme)"), emphasis * (a - b) * (1 - first), 1e-9);
    EXPECT_NEAR(notes.at("log-likelihood of small under the model of large"), b, 1e-12);
    const double large = std::log(first * std::exp(a) + (1 - first) * std::exp(b));
    const double small = std::log(first * std::exp(b) + (1 - first) * std::exp(c));
    EXPECT_NEAR(notes.at("log-likelihood of large under the mixture"), large, 1e-9);
    EXPECT_NEAR(notes.at("largest regret (measured)"), std::max({0.0, emphasis * (a - large), c - small}), 1e-9);
  }
}

TEST(Ensembles, TheMeasuredRegretIsNeverAboveTheProgrammesHoweverTheyAreJoined) {
  const TrainingFacts facts = two_groups();
  for (std::uint32_t seed = 0; seed < 25; ++seed) {
    const StageScores earlier = {{k_models_stage, models_of(random_numbers({2, 8}, seed, -4, 4))}};
    for (const char* against : {"own", "best"}) {
      Settings settings = settings_of("min_max_regret", seed % 3 == 0 ? "scores" : "probabilities");
      settings["method.min_max_regret.against"] = std::string(against);
      settings["method.min_max_regret.emphasis"] = 0.5 + seed % 4;
      settings["method.min_max_regret.emphasised"] = std::int64_t{1 + seed % 2};
      const auto notes = find_objective("min_max_regret")->notes(settings, facts, earlier, {});
      EXPECT_LE(notes.at("largest regret (measured)"), notes.at("largest regret (linear programme)") + 1e-9)
          << "seed " << seed << " " << against;
    }
    const Settings fair = settings_of("max_min", seed % 3 == 0 ? "scores" : "probabilities");
    const auto notes = find_objective("max_min")->notes(fair, facts, earlier, {});
    EXPECT_GE(notes.at("worst log-likelihood (measured)"), notes.at("worst log-likelihood (linear programme)") - 1e-9)
        << "seed " << seed;
  }
}

TEST(Ensembles, AreMeasuredAsTheyAreJoined) {
  const TrainingFacts facts = two_groups();
  const at::Tensor margin = random_numbers({2, 8}, 8, -2, 2);
  const StageScores earlier = {{k_models_stage, models_of(margin)}};
  const auto notes = find_objective("average")->notes(settings_of("average", "scores"), facts, earlier, {});
  double sum = 0;
  for (const std::int64_t i : {4, 5})
    sum += log_sigma((margin[0][i] * 2 + margin[1][i]).item<double>() / 3) / 2;
  EXPECT_NEAR(notes.at("log-likelihood of small under the mixture"), sum, 1e-12);
  EXPECT_EQ(find_objective("average")->member_join(settings_of("average", "scores")), MemberJoin::mean_of_scores);
  EXPECT_EQ(find_objective("average")->member_join(settings_of("average")), MemberJoin::mixture_of_probabilities);
}

TEST(Ensembles, TheirOwnStageTrainsNothingAndTheModelsDoNotKnowHowTheyAreMixed) {
  const TrainingFacts facts = two_groups();
  const std::vector<Stage> stages = find_objective("min_max_regret")->stages(settings_of("min_max_regret"), facts);
  ASSERT_EQ(stages.size(), 2U);
  EXPECT_EQ(stages[0].objective, "typewise_average");
  EXPECT_EQ(stages[0].members, 2);
  EXPECT_TRUE(stages[1].trains_nothing);
  EXPECT_EQ(stages[1].warm_start, stages[0].name);
  Settings other = settings_of("min_max_regret");
  other["method.min_max_regret.emphasis"] = 8.0;
  EXPECT_EQ(find_objective("min_max_regret")->stages(other, facts)[0], stages[0]);
  EXPECT_EQ(find_objective("max_min")->stages(settings_of("max_min"), facts)[0], stages[0]);
  const std::vector<Stage> soup = find_objective("soup")->stages(settings_of("soup"), facts);
  ASSERT_EQ(soup.size(), 4U);
  EXPECT_EQ(std::get<std::int64_t>(soup[0].settings.at("training.epochs")), 7);
  EXPECT_EQ(soup[1].warm_start, soup[0].name);
  EXPECT_EQ(std::get<std::int64_t>(soup[1].settings.at("training.epochs")), 3);
  EXPECT_EQ(std::get<double>(soup[2].settings.at("method.soup.share")), 0.5);
  EXPECT_TRUE(soup[2].averages_parameters && soup[3].averages_parameters);
}

TEST(Ensembles, WhatCannotBeIsRefusedBeforeAnythingIsTrained) {
  TrainingFacts facts = two_groups();
  const auto expect_refused = [&](const Settings& settings, const std::string& part) {
    try {
      (void)find_objective(std::get<std::string>(settings.at("method.name")))->stages(settings, facts);
      ADD_FAILURE() << part;
    } catch (const UserError& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
      EXPECT_EQ(error.code(), ExitCode::configuration);
    }
  };
  Settings third = settings_of("min_max_regret");
  third["method.min_max_regret.emphasised"] = std::int64_t{3};
  expect_refused(third, "write a number from 1 to 2");
  Settings swept = settings_of("soup");
  swept["method.soup.second_share"] = 0.2;
  expect_refused(swept, "method.soup.second_share does nothing with 2 groups");
  Settings other = settings_of("average");
  other["method.ensemble.of"] = std::string("stars");
  expect_refused(other, "write groups, types or joint_likelihood");
  facts.validation.group = at::zeros({8}, at::kLong);
  expect_refused(settings_of("max_min"), "group \"small\" has no validation comparisons");
  facts.validation.group = at::zeros({0}, at::kLong);
  expect_refused(settings_of("max_min"), "data.split.validation");
  facts.groups.clear();
  expect_refused(settings_of("soup"), "needs groups");
}

TEST(Soup, SharesCoverTheSimplexFromTheSmallestGroupOn) {
  EXPECT_EQ(soup_shares({30, 10}, {0.2, 0.9, 0.9}), (std::vector<double>{0.8, 0.2}));
  const std::vector<double> three = soup_shares({5, 20, 10}, {0.5, 0.25, 0.9});
  EXPECT_EQ(three, (std::vector<double>{0.5, 0.375, 0.125}));
  const std::vector<double> five = soup_shares({1, 2, 3, 4, 5}, {0.2, 0.25, 1.0 / 3});
  for (const double share : five)
    EXPECT_NEAR(share, 0.2, 1e-15);
  EXPECT_EQ(soup_shares({4}, {0.3, 0.5, 0.5}), std::vector<double>{1.0});
  // Any point of the simplex of four groups is a choice of splits.
  const std::vector<double> wanted = {0.1, 0.2, 0.3, 0.4};
  const std::vector<double> got = soup_shares({1, 2, 3, 4}, {0.1, 0.2 / 0.9, 0.3 / 0.7});
  for (std::size_t g = 0; g < 4; ++g)
    EXPECT_NEAR(got[g], wanted[g], 1e-15);
}

}  // namespace
}  // namespace fairsweep
