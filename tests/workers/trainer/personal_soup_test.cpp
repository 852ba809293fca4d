// A model for each person, against models made and asked by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/trainer/mean_parameters.hpp"

namespace fairsweep {
namespace {

using testing::make_synthetic;
using testing::outcomes_of;
using testing::plain_settings;
using testing::seeded;
using testing::Synthetic;
using testing::trials_of;
using testing::with;

Settings soup_settings(double sharpness) {
  return with(plain_settings(), {{"method.name", std::string("personal_soup")},
                                 {"method.personal_soup.sharpness", sharpness},
                                 {"method.soup.models.epochs", std::int64_t{6}},
                                 {"method.soup.models.learning_rate", 0.05},
                                 {"method.soup.models.weight_decay", 0.0},
                                 {"model.head", std::string("mlp")},
                                 {"model.depth", std::int64_t{2}},
                                 {"model.user", std::string("none")},
                                 {"training.epochs", std::int64_t{3}}});
}

using Parameters = std::map<std::string, at::Tensor>;

/// The model of one person, in double.
Parameters mean_of(const Parameters& all, const at::Tensor& weight) {
  Parameters mean;
  for (const auto& [name, values] : all) {
    for (std::int64_t member = 0; member < weight.size(0); ++member) {
      const std::string prefix = "member." + std::to_string(member) + ".";
      if (!name.starts_with(prefix))
        continue;
      at::Tensor& own = mean[name.substr(prefix.size())];
      const at::Tensor part = values.to(at::kDouble) * weight[member].item<double>();
      own = own.defined() ? own + part : part;
    }
  }
  return mean;
}

Parameters one_hot(const Parameters& all, std::int64_t members, std::int64_t member) {
  at::Tensor weight = at::zeros({members}, at::kDouble);
  weight[member] = 1;
  return mean_of(all, weight);
}

/// Score of candidates [n, D] by an mlp of two layers.
at::Tensor scores_by(const Parameters& model, const at::Tensor& x) {
  at::Tensor hidden = at::tanh(x.matmul(model.at("hidden.0.weight").t()) + model.at("hidden.0.bias"));
  hidden = at::tanh(hidden.matmul(model.at("hidden.1.weight").t()) + model.at("hidden.1.bias"));
  return hidden.matmul(model.at("output.weight"));
}

/// Margin and log-probability of the first choice of comparison `row` of one of several.
std::pair<double, double> said_of(const TrainingSet& set, const ComparisonTensors& split, std::int64_t row,
                                  const Parameters& model) {
  const at::Tensor asked = split.candidates[row].masked_select(split.present[row]);
  const at::Tensor scores = scores_by(model, set.features.index_select(0, asked).to(at::kDouble));
  const double best = scores[0].item<double>();
  return {best - scores.narrow(0, 1, scores.size(0) - 1).max().item<double>(),
          best - scores.logsumexp(0).item<double>()};
}

TEST(PersonalSoups, EverybodyIsScoredByTheModelOfTheirOwnAnswers) {
  const Synthetic made = make_synthetic({.users = 14, .training = 90, .validation = 40, .test = 40, .history = 22});
  const TrainingSet& set = made.set;
  std::vector<double> people(2, 0.0);
  for (std::size_t user = 0; user < set.user_trained.size(); ++user) {
    if (set.user_trained[user] && set.user_group[user] >= 0)
      ++people[static_cast<std::size_t>(set.user_group[user])];
  }
  const std::vector<double> sharpness = {0, 0.4, 1, 20};
  std::vector<Settings> sweep;
  for (const double one : sharpness)
    sweep.push_back(soup_settings(one));
  const std::vector<TrialOutcome> outcomes = outcomes_of(trials_of(sweep), set, seeded(3));
  double largest_spread = 0;
  for (std::size_t k = 0; k < outcomes.size(); ++k) {
    const TrialOutcome& outcome = outcomes[k];
    ASSERT_FALSE(outcome.failed) << outcome.failure.message;
    EXPECT_EQ(outcome.words.at("joined"), "mean of parameters, each person's own");
    EXPECT_EQ(outcome.epochs, 0U);
    const at::Tensor& weight = outcome.parameters.at("member_weight");  // [U, 2]
    ASSERT_EQ(weight.sizes(), (std::vector<std::int64_t>{set.users, 2}));
    double largest = 0, trained = 0;
    for (std::int64_t user = 0; user < set.users; ++user) {
      if (!set.user_trained[static_cast<std::size_t>(user)])
        continue;
      largest += weight[user].max().item<double>();
      ++trained;
    }
    EXPECT_NEAR(outcome.notes.at("largest weight of people"), largest / trained, 1e-6);
    // The weights, by what each group's model says of what people answered.
    at::Tensor expected = at::tensor({people[0], people[1]}, at::kDouble).log().repeat({set.users, 1});
    const auto add = [&](const ComparisonTensors& split) {
      const double mean_weight = split.weight.to(at::kDouble).mean().item<double>();
      for (std::int64_t row = 0; row < split.count(); ++row) {
        const auto user = split.user[row].item<std::int64_t>();
        if (&split == &set.history && set.user_trained[static_cast<std::size_t>(user)])
          continue;
        for (std::int64_t member = 0; member < 2; ++member) {
          const double says = said_of(set, split, row, one_hot(outcome.parameters, 2, member)).second;
          expected[user][member] += sharpness[k] * split.weight[row].item<double>() / mean_weight * says;
        }
      }
    };
    add(set.train);
    add(set.history);
    expected = expected.softmax(1);
    // The losses are of single precision, and their error is multiplied.
    const double tolerance = 1e-5 + 5e-5 * sharpness[k];
    EXPECT_LE((weight.to(at::kDouble) - expected).abs().max().item<double>(), tolerance) << "trial " << k;
    largest_spread = std::max(largest_spread, (weight.select(1, 0).max() - weight.select(1, 0).min()).item<double>());
    // The scores, by a model made for each person.
    const auto compare = [&](const ComparisonTensors& split, const SplitScores& scores) {
      for (std::int64_t row = 0; row < split.count(); ++row) {
        const auto user = split.user[row].item<std::int64_t>();
        const auto [margin, log_probability] =
            said_of(set, split, row, mean_of(outcome.parameters, weight[user].to(at::kDouble)));
        EXPECT_NEAR(scores.margin[static_cast<std::size_t>(row)], margin, 1e-4) << k << " row " << row;
        EXPECT_NEAR(scores.log_probability[static_cast<std::size_t>(row)], log_probability, 1e-4) << k << " " << row;
      }
    };
    compare(set.validation, outcome.validation);
    compare(set.test, outcome.test);
  }
  EXPECT_GT(largest_spread, 0.5) << "people who could be mixed up";
}

TEST(PersonalSoups, WithoutSharpnessAreTheSoupOfTheGroupsShares) {
  const Synthetic made = make_synthetic({.candidates = 2});
  std::vector<double> people(2, 0.0);
  for (std::size_t user = 0; user < made.set.user_trained.size(); ++user) {
    if (made.set.user_trained[user] && made.set.user_group[user] >= 0)
      ++people[static_cast<std::size_t>(made.set.user_group[user])];
  }
  const double smallest = std::min(people[0], people[1]) / (people[0] + people[1]);
  const Settings soup = with(soup_settings(0), {{"method.name", std::string("soup")},
                                                {"method.soup.share", smallest},
                                                {"method.soup.second_share", 0.5},
                                                {"method.soup.third_share", 0.5}});
  std::vector<StageNews> news;
  PackTrainingOptions options = seeded(9);
  options.on_stage = [&](const StageNews& one) { news.push_back(one); };
  const std::vector<TrialOutcome> outcomes = outcomes_of(trials_of({soup_settings(0), soup}), made.set, options);
  for (std::size_t i = 0; i < outcomes[0].test.margin.size(); ++i)
    EXPECT_NEAR(outcomes[0].test.margin[i], outcomes[1].test.margin[i], 2e-5) << i;
  EXPECT_EQ(outcomes[0].words.at("models"), outcomes[1].words.at("models")) << "trained once for both";
  EXPECT_EQ(outcomes[0].notes.at("mean validation loss of the models"),
            outcomes[1].notes.at("mean validation loss of the models"));
}

/// Whose numbers are fitted, by each group's model; the table of everybody is read by one row at a time.
TEST(PersonalSoups, OfPeopleWithNumbersOfTheirOwnAreMeansOfTheirNumbersToo) {
  const TrainingSet set =
      make_synthetic({.users = 14, .training = 90, .validation = 40, .test = 40, .history = 22}).set;
  for (const char* user : {"embedding", "offset", "linked", "reward_features"}) {
    const Settings settings = with(soup_settings(1), {{"model.user", std::string(user)},
                                                      {"model.head", std::string("linear")},
                                                      {"model.adaptation", std::string("fit")}});
    const TrialOutcome outcome = outcomes_of(trials_of({settings}), set, seeded(3)).front();
    ASSERT_FALSE(outcome.failed) << user << outcome.failure.message;
    const at::Tensor& weight = outcome.parameters.at("member_weight");
    const bool is_head = std::string(user) == "reward_features";
    for (std::int64_t row = 0; row < set.test.count(); ++row) {
      const auto person = set.test.user[row].item<std::int64_t>();
      const Parameters own = mean_of(outcome.parameters, weight[person].to(at::kDouble));
      const at::Tensor x =
          set.features.index_select(0, set.test.candidates[row].masked_select(set.test.present[row])).to(at::kDouble);
      const at::Tensor numbers = own.at("user_embedding")[person];
      const at::Tensor scores = is_head ? x.matmul(own.at("feature_map").t()).matmul(numbers)
                                        : x.matmul(own.at("weight") + own.at("user_weight").matmul(numbers));
      const double margin = (scores[0] - scores.narrow(0, 1, scores.size(0) - 1).max()).item<double>();
      EXPECT_NEAR(outcome.test.margin[static_cast<std::size_t>(row)], margin, 1e-4 * std::max(1.0, std::fabs(margin)))
          << user << " row " << row;
    }
  }
}

TEST(MeanBlocks, OfWeightOneAreTheModelItself) {
  const std::vector<at::Tensor> blocks = {at::sin(at::arange(768.0)).view({6, 4, 32}),
                                          at::cos(at::arange(192.0)).view({6, 32, 1})};
  const at::Tensor weight = at::tensor({0.0, 1.0, 0.0, 0.25, 0.25, 0.5}, at::kDouble).view({2, 3});
  const std::vector<at::Tensor> means = mean_blocks(blocks, weight);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_TRUE(means[i][0].equal(blocks[i][1]));
    EXPECT_TRUE(means[i][1].allclose(0.25 * (blocks[i][3] + blocks[i][4]) + 0.5 * blocks[i][5], 0, 1e-6));
  }
}

}  // namespace
}  // namespace fairsweep
