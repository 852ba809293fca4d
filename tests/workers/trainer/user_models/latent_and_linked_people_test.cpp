#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/messages.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/data/generators/generate_typed_people.hpp"
#include "workers/trainer/initialisation.hpp"
#include "workers/trainer/reward_model.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep::testing {
namespace {

/// Three types whose tastes have nothing in common, so that one model serves nobody well.
TrainingSet people(std::int64_t comparisons, double homophily, const std::string& split, std::int64_t history = 0) {
  TypedPeopleRecipe recipe;
  recipe.users = 150;
  recipe.similarity = -0.4;
  recipe.comparisons_per_user = comparisons;
  recipe.links = 8;
  recipe.homophily = homophily;
  recipe.seed = 4;
  TypedPeopleSample sample = generate_typed_people(recipe);
  TrainerSetup setup;
  setup.grouping.by = "attribute";
  setup.grouping.attribute = "type";
  setup.split.by = split;
  setup.split.train = 0.6;
  setup.split.validation = 0.2;
  setup.split.test = 0.2;
  setup.split.history = history;
  setup.seed = 4;
  return make_training_set(std::move(sample.data), setup, at::kCPU);
}

TrialOutcome trained(const std::string& user, const TrainingSet& set, const Settings& more = {}) {
  TrialOrder order;
  order.settings = with(with(plain_settings(), {{"model.user", user},
                                                {"model.embedding_size", std::int64_t{4}},
                                                {"model.offset.personal_share", 1.0},
                                                {"model.adaptation", std::string("mean")},
                                                {"model.variational.size", std::int64_t{4}},
                                                {"model.variational.hidden", std::int64_t{16}},
                                                {"model.variational.comparisons", std::int64_t{8}},
                                                {"model.variational.divergence", 0.001},
                                                {"training.epochs", std::int64_t{30}},
                                                {"training.batch", std::int64_t{64}},
                                                {"training.learning_rate", 0.03},
                                                {"training.warmup", 0.0},
                                                {"training.clip_norm", 0.0}}),
                        more);
  return outcomes_of({order}, set, seeded(3)).front();
}

double right(const TrialOutcome& outcome) {
  double count = 0;
  for (const float margin : outcome.test.margin)
    count += margin > 0 ? 1 : 0;
  return count / static_cast<double>(outcome.test.margin.size());
}

TEST(Linked, PeopleOfFewComparisonsGainByThoseTheyListenTo) {
  const TrainingSet alike = people(8, 1, "comparison");
  const double alone = right(trained("offset", alike));
  const double borrowing = right(trained("linked", alike));
  EXPECT_GT(borrowing, alone + 0.05) << alone << " without what is borrowed; seed 4";
}

TEST(Linked, NothingIsGainedFromPeopleAtRandom) {
  const TrainingSet random = people(8, 0, "comparison");
  const double alone = right(trained("offset", random));
  const double borrowing = right(trained("linked", random));
  EXPECT_LT(borrowing, alone + 0.05) << alone << " without what is borrowed; seed 4";
}

TEST(Linked, SomebodyNobodyKnowsBorrowsAllTheSame) {
  const TrainingSet alike = people(12, 1, "user");
  const double generic = right(trained("offset", alike));
  const double borrowing = right(trained("linked", alike));
  EXPECT_GT(borrowing, generic + 0.1) << generic << " as the generic person; seed 4";
}

TEST(Linked, SaysHowMuchIsBorrowed) {
  const TrialOutcome outcome = trained("linked", people(8, 1, "comparison"), {{"training.epochs", std::int64_t{2}}});
  EXPECT_GT(outcome.notes.at("mean_borrowed"), 0);
  EXPECT_NEAR(outcome.notes.at("mean_borrowed"), 8 * outcome.notes.at("mean_influence"), 1e-6) << "eight links each";
  EXPECT_GE(outcome.notes.at("largest_influence"), outcome.notes.at("mean_influence"));
}

TEST(Linked, IsRefusedWithoutLinks) {
  Synthetic made = make_synthetic({});
  made.set.links = {};
  TrialOrder order;
  order.settings = with(plain_settings(), {{"model.user", std::string("linked")}});
  const TrialOutcome outcome = outcomes_of({order}, made.set, seeded(1)).front();
  EXPECT_TRUE(outcome.failed);
  EXPECT_NE(outcome.failure.message.find("the data have no links between people"), std::string::npos)
      << outcome.failure.message;
}

/// What training sees is what is scored, but that people nobody knows have no offset of their own.
TEST(Linked, ScoresAreThoseOfTraining) {
  const Synthetic made = make_synthetic({.features = 5, .type = at::kDouble});
  ModelSettings settings;
  settings.user = UserInput::linked;
  settings.embedding_size = 3;
  const RewardModel model(settings, made.set);
  at::Tensor row = start_values(model.layout(), {1, 2, 3}, at::kDouble).unsqueeze(0);
  block_views(model.layout(), row)[2].copy_(
      at::sin(at::arange(made.set.links.count + 1, at::kDouble)).view({1, -1, 1}));
  const std::vector<at::Tensor> blocks = block_views(model.layout(), row);
  at::Tensor known = at::ones({made.set.users}, at::kBool);
  const at::Tensor x = made.set.features.narrow(0, 0, 64).unsqueeze(0);
  const at::Tensor user = (at::arange(32, at::kLong) % made.set.users).unsqueeze(0);
  const at::Tensor trained = model.scores(blocks, x, user, 2);
  EXPECT_TRUE(model.scores(model.for_scoring(blocks, known), x, user, 2).allclose(trained, 1e-12, 1e-12));
  known[1] = false;
  at::Tensor without = row.clone();
  block_views(model.layout(), without)[0][0][1].zero_();
  EXPECT_TRUE(model.scores(model.for_scoring(blocks, known), x, user, 2)
                  .allclose(model.scores(block_views(model.layout(), without), x, user, 2), 1e-12, 1e-12));
}

TEST(Variational, FindsTypesAndKnowsSomebodyNewByWhatHeTold) {
  const TrainingSet set = people(24, 0.5, "user", 16);
  const double pooled = right(trained("none", set));
  const TrialOutcome outcome = trained("variational", set);
  EXPECT_GT(right(outcome), pooled + 0.1) << pooled << " for all alike; seed 4";
  EXPECT_GE(outcome.notes.at("active_latent_units"), 1);
  EXPECT_EQ(outcome.notes.at("latent_units"), 4);
  EXPECT_EQ(outcome.notes.at("posterior_collapse"), 0);
  EXPECT_GT(outcome.notes.at("mean_divergence"), 0);
}

TEST(Variational, CollapsesUnderAHeavyDivergenceAndSaysSo) {
  const TrainingSet set = people(12, 0.5, "user", 6);
  for (const char* pooling : {"attention", "mean"}) {
    const TrialOutcome outcome = trained("variational", set,
                                         {{"model.variational.divergence", 10.0},
                                          {"model.variational.pooling", std::string(pooling)},
                                          {"model.variational.annealing", std::string("constant")}});
    EXPECT_EQ(outcome.notes.at("active_latent_units"), 0) << pooling;
    EXPECT_EQ(outcome.notes.at("posterior_collapse"), 1) << pooling;
    EXPECT_LT(outcome.notes.at("mean_divergence"), 0.05) << pooling;
  }
}

/// A step's gradient of everything, through scores and divergence, against finite differences.
TEST(Variational, GradientsOfAStepAgreeWithFiniteDifferences) {
  const Synthetic made = make_synthetic({.features = 5, .type = at::kDouble});
  for (const Head head : {Head::linear, Head::mlp}) {
    ModelSettings settings;
    settings.head = head;
    settings.width = 6;
    settings.depth = 2;
    settings.user = UserInput::variational;
    settings.embedding_size = 3;
    settings.head_size = 4;
    settings.parts = 3;
    settings.attends = true;
    const RewardModel model(settings, made.set);
    const at::Tensor rows = at::stack(
        {start_values(model.layout(), {4, 0, 0}, at::kDouble), start_values(model.layout(), {4, 1, 0}, at::kDouble)});
    const at::Tensor x = made.set.features.narrow(0, 0, 96).unsqueeze(0).expand({2, 96, 5}).contiguous();
    const at::Tensor user = at::zeros({2, 32}, at::kLong);
    const at::Tensor upstream = at::sin(at::arange(2 * 3 * 32, at::kDouble)).view({2, 3, 32});
    LeftOut left_out;
    left_out.latent.context = (at::arange(2 * 3 * 32, at::kLong) * 5 % 40).view({2, 3, 32});
    left_out.latent.known = (at::arange(64, at::kLong) % 7 > 0).to(at::kDouble).view({2, 32});
    left_out.latent.noise = at::cos(at::arange(2 * 32 * 3, at::kDouble)).view({2, 32, 3});
    left_out.latent.penalty = at::full({2, 32}, 0.1, at::kDouble);
    ScoreTrace trace;
    (void)model.scores(block_views(model.layout(), rows), x, user, 3, left_out, &trace);
    const at::Tensor gradient = at::zeros_like(rows);
    model.back(block_views(model.layout(), rows), x, user, upstream, trace, block_views(model.layout(), gradient));
    const auto value = [&](const at::Tensor& parameters) {
      ScoreTrace seen;
      const at::Tensor scores = model.scores(block_views(model.layout(), parameters), x, user, 3, left_out, &seen);
      return (scores * upstream).sum().item<double>() +
             0.1 * divergence_of(seen.encoder.mean, seen.encoder.log_variance).sum().item<double>();
    };
    constexpr double k_step = 1e-6;
    for (const ParameterBlock& block : model.layout().blocks) {
      for (std::int64_t i = 0; i < block.used_rows; ++i) {
        const std::int64_t place = block.offset + i * block.columns + i % block.used_columns;
        at::Tensor up = rows.clone(), down = rows.clone();
        up[1][place] += k_step;
        down[1][place] -= k_step;
        EXPECT_NEAR(gradient[1][place].item<double>(), (value(up) - value(down)) / (2 * k_step), 2e-6) << block.name;
      }
    }
  }
}

}  // namespace
}  // namespace fairsweep::testing
