#include "objectives/training/type_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/group_dro.hpp"
#include "objectives/training/max_min_types.hpp"
#include "objectives/training/type_stages.hpp"
#include "objectives/training/type_tensors.hpp"
#include "objectives/training/types.hpp"
#include "tests/objectives/training/loss_tests.hpp"

namespace fairsweep {
namespace {

using testing::doubles;
using testing::expect_gradient;
using testing::k_double;
using testing::random_numbers;

/// Comparisons of three candidates by these people.
ComparisonFacts answers_of(const std::vector<std::int64_t>& people) {
  const auto count = static_cast<std::int64_t>(people.size());
  ComparisonFacts facts;
  facts.user = at::tensor(at::ArrayRef<std::int64_t>(people), at::kLong);
  facts.group = at::zeros({count}, at::kLong);
  facts.weight = at::ones({count}, at::kDouble);
  facts.candidates = at::arange(3 * count, at::kLong).view({count, 3});
  facts.present = at::ones({count, 3}, at::kBool);
  facts.ranked = at::full({count}, 2, at::kLong);
  return facts;
}

/// Two types, three people who train, one of whom something is known, and one of whom nothing is.
TrainingFacts small_facts() {
  TrainingFacts facts;
  facts.training = answers_of({0, 0, 1, 1, 2, 2});
  facts.history = answers_of({3, 3});
  facts.comparisons = 6;
  facts.users = 5;
  facts.cluster_people = [](const ClusterWish&) { return std::vector<std::int32_t>{0, 1, 0, -1, -1}; };
  return facts;
}

Settings small_settings() {
  return {{"method.name", std::string("types")},
          {"method.types.number", std::int64_t{2}},
          {"method.types.assignment", std::string("soft")},
          {"method.types.search.start", std::string("tastes")},
          {"method.types.search.restarts", std::int64_t{1}},
          {"method.types.search.rounds", std::int64_t{2}},
          {"method.types.search.round_epochs", std::int64_t{3}},
          {"method.types.search.evidence", std::string("held_out")},
          {"method.types.search.learning_rate", 0.1},
          {"method.types.search.weight_decay", 0.0},
          {"training.epochs", std::int64_t{7}},
          {"training.learning_rate", 0.5},
          {"training.weight_decay", 0.5},
          {"training.early_stopping.patience", std::int64_t{4}}};
}

/// The search of one trial before its first step.
struct Search {
  TrainingFacts facts = small_facts();
  std::unique_ptr<TrainingObjective> objective = make_type_search();
  ObjectiveConstants constants;
  ObjectiveState state;

  explicit Search(const Settings& settings) {
    constants = objective->constants({settings}, facts, {}, k_double);
    state = objective->drawn_state({settings}, {{9, 0, 0}}, facts, k_double);
  }
  [[nodiscard]] std::vector<double> posterior_of_user(std::int64_t user) const {
    return numbers_in(state.at("posterior").select(0, 0).select(1, user));
  }
};

TEST(TypeSearch, DealsEverybodysAnswersIntoHalves) {
  std::vector<std::int64_t> people;
  for (std::int64_t i = 0; i < 200; ++i)
    people.push_back(i % 7 == 0 ? 0 : i % 13);
  const ComparisonFacts facts = answers_of(people);
  for (std::uint32_t replicate = 0; replicate < 10; ++replicate) {
    RandomStream random(3, 0, replicate, Purpose::latent_types);
    const std::vector<double> half = deal_halves(facts, random);
    std::map<std::int64_t, double> difference;
    for (std::size_t i = 0; i < people.size(); ++i)
      difference[people[i]] += half[i] > 0 ? 1 : -1;
    for (const auto& [person, apart] : difference)
      EXPECT_LE(std::fabs(apart), 1) << person;
  }
}

TEST(TypeSearch, KeepsWhatIsAskedTwiceInOneHalf) {
  ComparisonFacts facts = answers_of(std::vector<std::int64_t>(40, 0));
  for (std::int64_t i = 0; i < 40; ++i) {  // twenty questions, each twice, the second time in another order
    for (std::int64_t j = 0; j < 3; ++j)
      facts.candidates[i][j] = i % 20 * 3 + (i < 20 ? j : 2 - j);
  }
  RandomStream random(3, 0, 0, Purpose::latent_types);
  const std::vector<double> half = deal_halves(facts, random);
  double first = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(half[i], half[i + 20]) << i;
    first += half[i];
  }
  EXPECT_EQ(first, 10);
}

TEST(TypeSearch, DealsTypesEvenly) {
  std::vector<bool> people(31, true);
  people[4] = false;
  RandomStream random(1, 0, 0, Purpose::latent_types);
  const std::vector<std::int32_t> type = deal_types(people, 3, random);
  EXPECT_EQ(type[4], -1);
  for (std::int32_t k = 0; k < 3; ++k)
    EXPECT_EQ(std::count(type.begin(), type.end(), k), 10);
}

TEST(TypeSearch, StartsFromClustersAndTheirShares) {
  const Search search(small_settings());
  EXPECT_EQ(search.posterior_of_user(0), (std::vector<double>{1, 0}));
  EXPECT_EQ(search.posterior_of_user(1), (std::vector<double>{0, 1}));
  for (const std::int64_t unknown : {3, 4}) {
    EXPECT_NEAR(search.posterior_of_user(unknown)[0], 2.0 / 3, 1e-15);
    EXPECT_NEAR(search.posterior_of_user(unknown)[1], 1.0 / 3, 1e-15);
  }
}

TEST(TypeSearch, TrainsOnOneHalfAndAssignsByTheOther) {
  Search search(small_settings());
  const std::vector<double> half = numbers_in(search.state.at("half"));
  // Type 0 gives every answer probability 1/2, type 1 gives 1/4 to those of the half that trains and 3/4 to the others.
  at::Tensor loss = at::full({1, 2, 6}, -std::log(0.5), at::kDouble);
  for (std::int64_t i = 0; i < 6; ++i)
    loss[0][1][i] = -std::log(half[static_cast<std::size_t>(i)] == 0 ? 0.25 : 0.75);
  PackBatch batch;
  batch.index = at::arange(6, at::kLong).unsqueeze(0);
  batch.user = search.facts.training.user.unsqueeze(0);
  batch.weight = at::ones({1, 6}, at::kDouble);
  batch.loss = loss;
  // Each person has one answer of three that train; people 0 and 2 are of type 0, person 1 is of type 1.
  EXPECT_NEAR(search.objective->loss(batch, search.constants, search.state).item<double>(),
              (2 * std::log(2.0) + std::log(4.0)) / 3, 1e-14);
  EXPECT_EQ(search.objective->look_after(small_settings(), search.facts, 2).training, false);
  EXPECT_EQ(search.objective->look_after(small_settings(), search.facts, 3).training, true);
  EXPECT_EQ(search.objective->look_after(small_settings(), search.facts, 3).history, false);
  EXPECT_EQ(search.objective->look_after(small_settings(), search.facts, 6).history, true);
  EXPECT_TRUE(search.objective->after_epoch({loss, {}}, search.facts, search.constants, search.state));
  // By the other half alone, and shares of 2/3 and 1/3: 2/3 * 1/2 against 1/3 * 3/4.
  const double first = (2.0 / 3 / 2) / (2.0 / 3 / 2 + 0.25);
  for (std::int64_t user = 0; user < 3; ++user)
    EXPECT_NEAR(search.posterior_of_user(user)[0], first, 1e-14) << user;
  EXPECT_NEAR(numbers_in(search.state.at("held_out"))[0], 3 * std::log(2.0 / 3 / 2 + 0.25) / 6, 1e-14);
  EXPECT_NEAR(numbers_in(search.state.at("held_out_error"))[0], 0, 1e-14) << "all three are alike";
  EXPECT_NEAR(numbers_in(search.state.at("moved"))[0], 1.0 / 3, 1e-15) << "person 1 alone";
  // In the next round the halves change places, and the evidence of both counts.
  EXPECT_NEAR(search.objective->loss(batch, search.constants, search.state).item<double>(),
              first * std::log(2.0) - (1 - first) * std::log(0.75), 1e-14);
  const at::Tensor history = -at::log(doubles({0.5, 0.5, 0.1, 0.1}).view({1, 2, 2}));
  EXPECT_TRUE(search.objective->after_epoch({loss, history}, search.facts, search.constants, search.state));
  const double one = first / 4;
  const double two = (1 - first) * 0.75 * 0.25;
  for (std::int64_t user : {0, 1, 2, 4})
    EXPECT_NEAR(search.posterior_of_user(user)[0], one / (one + two), 1e-14) << user;
  const double share = one / (one + two);
  EXPECT_NEAR(search.posterior_of_user(3)[0], share * 0.25 / (share * 0.25 + (1 - share) * 0.01), 1e-14);
}

TEST(TypeSearch, EachRestartIsASearchOfItsOwn) {
  Settings two = small_settings();
  two["method.types.search.restarts"] = std::int64_t{2};
  Search alone(small_settings());
  Search both(two);
  const at::Tensor loss = random_numbers({1, 2, 6}, 4, 0.1, 2);
  EXPECT_TRUE(alone.objective->after_epoch({loss, {}}, alone.facts, alone.constants, alone.state));
  EXPECT_TRUE(both.objective->after_epoch({at::cat({loss, loss * 3}, 1), {}}, both.facts, both.constants, both.state));
  EXPECT_TRUE(both.state.at("posterior").narrow(1, 0, 2).equal(alone.state.at("posterior")));
  EXPECT_FALSE(both.state.at("posterior").narrow(1, 2, 2).equal(alone.state.at("posterior")));
  EXPECT_EQ(numbers_in(both.state.at("held_out"))[0], numbers_in(alone.state.at("held_out"))[0]);
}

TEST(TypeSearch, TheLikeliestRestartIsTakenAndItsTypesOrdered) {
  ObjectiveState learned;
  learned["posterior"] = doubles({1, 1, 0, 0, 0.2, 0.3, 0.8, 0.7}).view({1, 4, 2});
  learned["share"] = doubles({1, 0, 0.25, 0.75}).view({1, 4});
  learned["held_out"] = doubles({-0.7, -0.6}).view({1, 2});
  learned["held_out_error"] = doubles({0.02, 0.03}).view({1, 2});
  learned["moved"] = doubles({0.5, 0.1}).view({1, 2});
  const FoundTypes found = found_types(learned);
  EXPECT_EQ(numbers_in(found.share), (std::vector<double>{0.75, 0.25}));
  EXPECT_EQ(numbers_in(found.posterior), (std::vector<double>{0.8, 0.7, 0.2, 0.3}));
  EXPECT_EQ(numbers_in(found.held_out), (std::vector<double>{-0.6}));
  EXPECT_EQ(numbers_in(found.error), (std::vector<double>{0.03}));
  EXPECT_EQ(numbers_in(found.moved), (std::vector<double>{0.1}));
  EXPECT_EQ(found.restart[0].item<std::int64_t>(), 1);
}

TEST(Types, TheStageOfTheSearchIsSharedByWhateverDiffersAfterIt) {
  Settings other = small_settings();
  other["training.learning_rate"] = 0.3;
  other["training.epochs"] = std::int64_t{50};
  const std::vector<Stage> one = types_stages(small_settings());
  ASSERT_EQ(one.size(), 2U);
  EXPECT_EQ(one[0], types_stages(other)[0]);
  EXPECT_FALSE(one[1] == types_stages(other)[1]);
  EXPECT_EQ(number_of(one[0].settings, "training.epochs"), 6);
  EXPECT_EQ(number_of(one[0].settings, "training.learning_rate"), 0.1);
  EXPECT_EQ(number_of(one[0].settings, "training.early_stopping.patience"), 0);
}

/// What the search of a type for everybody would have learned.
StageScores known_types(const std::vector<double>& posterior, std::int64_t types) {
  StageOutput search;
  const at::Tensor rows = doubles(posterior).view({1, types, -1});
  search.learned = {{"posterior", rows},
                    {"share", rows.mean(-1)},
                    {"held_out", doubles({-0.5}).view({1, 1})},
                    {"held_out_error", doubles({0.02}).view({1, 1})},
                    {"moved", doubles({0}).view({1, 1})}};
  return {{k_type_search_stage, search}};
}

PackBatch batch_of_small_facts(const at::Tensor& loss) {
  PackBatch batch;
  batch.index = at::arange(6, at::kLong).unsqueeze(0);
  batch.user = small_facts().training.user.unsqueeze(0);
  batch.group = at::zeros({1, 6}, at::kLong);
  batch.weight = doubles({1, 2, 0.5, 1, 1, 0}).unsqueeze(0);
  batch.loss = loss;
  return batch;
}

TEST(Types, AModelsLossCountsPeopleAsFarAsTheyAreOfItsType) {
  const std::vector<double> posterior = {0.9, 0.5, 0.6, 0.5, 0.5, 0.1, 0.5, 0.4, 0.5, 0.5};
  const auto types = make_types();
  const TrainingFacts facts = small_facts();
  const ObjectiveConstants constants = types->constants({small_settings()}, facts, known_types(posterior, 2), k_double);
  ObjectiveState state = types->initial_state({small_settings()}, facts, constants, k_double);
  const at::Tensor loss = random_numbers({1, 2, 6}, 8, 0.1, 2);
  const std::vector<double> l = numbers_in(loss);
  const std::vector<double> first = {0.9, 0.9, 0.5, 0.5, 0.6, 0.6};
  const std::vector<double> weight = {1, 2, 0.5, 1, 1, 0};
  double expected = 0;
  for (std::size_t i = 0; i < 6; ++i)
    expected += weight[i] / 5.5 * (first[i] * l[i] + (1 - first[i]) * l[6 + i]);
  EXPECT_NEAR(types->loss(batch_of_small_facts(loss), constants, state).item<double>(), expected, 1e-14);
  expect_gradient([&](const at::Tensor& point) { return types->loss(batch_of_small_facts(point), constants, state); },
                  loss, 1e-7);
}

TEST(Types, NewPeopleAreOfTheTypesTheirHistorySpeaksFor) {
  const std::vector<double> posterior = {0.9, 0.5, 0.6, 0.7, 0.7, 0.1, 0.5, 0.4, 0.3, 0.3};
  const auto types = make_types();
  const TrainingFacts facts = small_facts();
  const ObjectiveConstants constants = types->constants({small_settings()}, facts, known_types(posterior, 2), k_double);
  ObjectiveState state = types->initial_state({small_settings()}, facts, constants, k_double);
  EXPECT_FALSE(types->look_after(small_settings(), facts, 1).training);
  EXPECT_TRUE(types->look_after(small_settings(), facts, 1).history);
  const at::Tensor history = -at::log(doubles({0.2, 0.5, 0.8, 0.9}).view({1, 2, 2}));
  EXPECT_FALSE(types->after_epoch({{}, history}, facts, constants, state));
  const at::Tensor now = state.at("posterior");
  EXPECT_TRUE(now.narrow(2, 0, 3).equal(doubles(posterior).view({1, 2, 5}).narrow(2, 0, 3))) << "people who train";
  const double share = (0.9 + 0.5 + 0.6 + 0.7 + 0.7) / 5;
  const double odds = share * 0.1 / ((1 - share) * 0.72);
  EXPECT_NEAR(now[0][0][3].item<double>(), odds / (1 + odds), 1e-14);
  EXPECT_NEAR(now[0][0][4].item<double>(), share, 1e-14) << "nothing is known of the last person";
  // What is watched is the likelihood of the mixture.
  ComparisonFacts validation = answers_of({3, 4});
  const at::Tensor loss = -at::log(doubles({0.5, 0.25, 0.75, 0.5}).view({1, 2, 2}));
  const at::Tensor watched = types->watched_loss(loss, validation, state);
  const double own = odds / (1 + odds);
  EXPECT_NEAR(watched[0][0].item<double>(), -std::log(own * 0.5 + (1 - own) * 0.75), 1e-14);
  EXPECT_NEAR(watched[0][1].item<double>(), -std::log(share * 0.25 + (1 - share) * 0.5), 1e-14);
}

TEST(MaxMinTypes, IsGroupDroOverTheLikeliestTypes) {
  const std::vector<double> posterior = {1, 0, 1, 0, 0.5, 0, 1, 0, 1, 0.5};
  Settings settings = small_settings();
  settings["method.max_min_types.step_size"] = 0.3;
  settings["method.group_dro.step_size"] = 0.3;
  settings["method.group_dro.rule"] = std::string("exponentiated_gradient");
  TrainingFacts facts = small_facts();
  const auto max_min = make_max_min_types();
  const auto group_dro = make_group_dro();
  const ObjectiveConstants constants = max_min->constants({settings}, facts, known_types(posterior, 2), k_double);
  ObjectiveState state = max_min->initial_state({settings}, facts, constants, k_double);
  // Shares .5 and .5: the types keep their order. People 0 and 2 are of the first.
  TrainingFacts grouped = facts;
  grouped.groups = {"one", "other"};
  const ObjectiveConstants group_constants = group_dro->constants({settings}, grouped, {}, k_double);
  ObjectiveState group_state = group_dro->initial_state({settings}, grouped, group_constants, k_double);
  for (std::uint32_t step = 0; step < 5; ++step) {
    const at::Tensor loss = random_numbers({1, 6}, step, 0.1, 2);
    PackBatch by_group = batch_of_small_facts(loss);
    by_group.group = at::tensor(at::ArrayRef<std::int64_t>({0, 0, 1, 1, 0, 0}), at::kLong).unsqueeze(0);
    EXPECT_EQ(max_min->loss(batch_of_small_facts(loss), constants, state).item<double>(),
              group_dro->loss(by_group, group_constants, group_state).item<double>())
        << "step " << step;
  }
  expect_gradient(
      [&](const at::Tensor& point) {
        ObjectiveState fresh = max_min->initial_state({settings}, facts, constants, k_double);
        fresh.at("q") = state.at("q");
        ObjectiveConstants still = constants;
        still.at("step_size") = at::zeros({1}, at::kDouble);
        return max_min->loss(batch_of_small_facts(point), still, fresh);
      },
      random_numbers({1, 6}, 77, 0.1, 2), 1e-7);
}

}  // namespace
}  // namespace fairsweep
