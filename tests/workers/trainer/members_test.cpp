#include "workers/trainer/members.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <unistd.h>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "tests/workers/trainer/method_cases.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/trainer/initialisation.hpp"

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

/// An ensemble as deep ensembles are: every member minimises the pooled loss from a start of its own.
class Ensemble : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "ensemble"; }
  [[nodiscard]] std::string_view sentence() const override { return "several pooled models"; }
  [[nodiscard]] std::string_view source() const override { return "this test"; }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    std::vector<Stage> stages = TrainingObjective::stages(settings, facts);
    stages.back().members = 3;
    if (settings.count("method.ensemble.warm") > 0) {
      Stage pooled = stages.back();
      pooled.name = "pooled";
      pooled.objective = "pooled";
      pooled.members = 1;
      pooled.settings.erase("method.ensemble.warm");
      pooled.settings["training.learning_rate"] = 0.02;
      stages.back().warm_start = pooled.name;
      stages.back().reads = {pooled.name};
      stages.insert(stages.begin(), pooled);
    }
    return stages;
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& /*state*/) const override {
    EXPECT_EQ(batch.loss.sizes(), (std::vector<std::int64_t>{batch.index.size(0), 3, batch.index.size(1)}));
    EXPECT_EQ(batch.scores.sizes(),
              (std::vector<std::int64_t>{batch.index.size(0), 3, batch.index.size(1), batch.present.size(2)}));
    EXPECT_TRUE(batch.margin.select(1, 0).sizes().equals(batch.user.sizes()));
    return sum_over_members(weighted_mean(batch.weight.unsqueeze(1), batch.loss));
  }
};

PackTrainingOptions with_ensemble(PackTrainingOptions options) {
  static const Ensemble ensemble;
  options.find_method = [](std::string_view name) {
    return name == "ensemble" ? static_cast<const TrainingObjective*>(&ensemble) : find_objective(name);
  };
  return options;
}

TrialOutcome outcome_of(const Settings& settings, const TrainingSet& data, const PackTrainingOptions& options) {
  TrialOrder order;
  order.settings = settings;
  TrialOutcome outcome = outcomes_of({order}, data, options).front();
  EXPECT_FALSE(outcome.failed) << outcome.failure.message;
  return outcome;
}

/// One epoch, so that the best epoch is the same whatever is watched; nothing that a member shares with the others.
Settings one_epoch(const std::string& head, const std::string& user) {
  return with(
      plain_settings(),
      {{"model.head", head}, {"model.user", user}, {"training.epochs", std::int64_t{1}}, {"training.clip_norm", 0.0}});
}

TEST(Members, EachIsTheModelThatItsStartWouldGiveAlone) {
  const Synthetic made = make_synthetic({.mixed = true});
  for (const char* head : {"linear", "mlp"}) {
    for (const UserInput input : all_user_inputs()) {
      const std::string user(to_text(input));
      const Settings settings = one_epoch(head, user);
      const TrialOutcome alone = outcome_of(settings, made.set, seeded(3));
      const TrialOutcome together =
          outcome_of(with(settings, {{"method.name", std::string("ensemble")}}), made.set, with_ensemble(seeded(3)));
      ASSERT_EQ(together.parameters.size(), 3 * alone.parameters.size() + 1) << head << " " << user;
      for (const auto& [name, values] : alone.parameters) {
        EXPECT_TRUE(together.parameters.at("member.0." + name).equal(values)) << head << " " << user << " " << name;
        EXPECT_FALSE(together.parameters.at("member.1." + name).equal(values)) << head << " " << user << " " << name;
        EXPECT_FALSE(together.parameters.at("member.2." + name).equal(together.parameters.at("member.1." + name)))
            << name;
      }
    }
  }
}

TEST(Members, ATrialIsScoredByTheirMean) {
  const Synthetic made = make_synthetic({.candidates = 2});
  const TrialOutcome outcome = outcome_of(with(one_epoch("linear", "none"), {{"method.name", std::string("ensemble")}}),
                                          made.set, with_ensemble(seeded(3)));
  EXPECT_EQ(outcome.notes.at("members"), 3);
  const at::Tensor& weight = outcome.parameters.at("member_weight");
  EXPECT_TRUE(weight.equal(at::full({3}, 1.0F / 3)));
  at::Tensor mean = at::zeros_like(outcome.parameters.at("member.0.weight"));
  for (int member = 0; member < 3; ++member)
    mean += outcome.parameters.at("member." + std::to_string(member) + ".weight") / 3;
  const ComparisonTensors& test = made.set.test;
  for (std::int64_t i = 0; i < test.count(); ++i) {
    const at::Tensor score = made.set.features.index_select(0, test.candidates[i]).matmul(mean);
    EXPECT_NEAR(outcome.test.margin[static_cast<std::size_t>(i)], (score[0] - score[1]).item<float>(), 2e-6);
  }
}

TEST(Members, StartFromOneModelWhereTheStageSaysSo) {
  const Synthetic made = make_synthetic({});
  const Settings settings =
      with(one_epoch("mlp", "embedding"),
           {{"method.name", std::string("ensemble")}, {"method.ensemble.warm", true}, {"training.learning_rate", 0.0}});
  const TrialOutcome outcome = outcome_of(settings, made.set, with_ensemble(seeded(3)));
  const at::Tensor& first = outcome.parameters.at("member.0.output.weight");
  EXPECT_GT(first.abs().sum().item<float>(), 0.1F);
  for (const char* member : {"member.1.", "member.2."})
    EXPECT_TRUE(outcome.parameters.at(std::string(member) + "output.weight").equal(first));
}

TEST(Members, StartsThatAreApartHaveScoresOfDeviationOne) {
  for (const std::int64_t features : {40, 700}) {
    ModelSettings model;
    const ParameterLayout layout = make_layout(model, features, 1, 0);
    const double factor = apart_factor(model, features);
    double square = 0;
    for (std::uint32_t member = 0; member < 50; ++member) {
      const at::Tensor row = start_values(layout, {7, 0, 0}, at::kDouble, member, factor);
      square += (row * row).sum().item<double>() / 50;  // of standardised, independent features
    }
    EXPECT_NEAR(square, 1, 0.15) << features;
  }
}

class KeptMembers : public ::testing::Test {
 protected:
  KeptMembers()
      : directory_(std::filesystem::temp_directory_path() / ("fairsweep_members_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
  }
  ~KeptMembers() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path directory_;
};

TEST_F(KeptMembers, AreInCheckpointsWithWhatTheirMethodLearned) {
  const Synthetic made = make_synthetic({});
  const Settings settings =
      with(with(plain_settings(), testing::latent_types({})), {{"method.name", std::string("joint_likelihood")},
                                                               {"model.user", std::string("embedding")},
                                                               {"training.epochs", std::int64_t{5}}});
  const std::vector<TrialOrder> trials = varied_trials(settings, 3);
  const std::vector<TrialOutcome> undisturbed = outcomes_of(trials, made.set, seeded(9));
  PackTrainingOptions options = seeded(9);
  options.checkpoint_directory = directory_;
  PackTrainingOptions until = options;
  int asked = 0;
  until.should_stop = [&asked] { return ++asked >= 3; };
  until.on_outcome = [](TrialOutcome&& outcome) { FAIL() << "trial " << outcome.trial.value << " ended early"; };
  train_pack(trials, made.set, until);
  const std::vector<TrialOutcome> resumed = outcomes_of({trials[2], trials[0], trials[1]}, made.set, options);
  for (const TrialOutcome& outcome : resumed)
    expect_same_bits(outcome, undisturbed[outcome.trial.value], "trial " + std::to_string(outcome.trial.value));
}

TEST_F(KeptMembers, AreSharedBetweenTrialsAndProcesses) {
  const Synthetic made = make_synthetic({});
  Settings settings = with(with(plain_settings(), testing::first_order("joint_likelihood")),
                           {{"method.name", std::string("first_order")}});
  TrialOrder order;
  order.settings = settings;
  TrialOrder other = order;
  other.trial.value = 1;
  other.settings["method.first_order.alpha"] = 2.0;
  const std::vector<TrialOutcome> alone = outcomes_of({order, other}, made.set, seeded(9));
  PackTrainingOptions options = seeded(9);
  options.artefact_directory = directory_;
  std::vector<StageNews> news;
  options.on_stage = [&news](const StageNews& one) { news.push_back(one); };
  for (const bool again : {false, true}) {
    news.clear();
    for (const TrialOutcome& outcome : outcomes_of({order, other}, made.set, options))
      expect_same_bits(outcome, alone[outcome.trial.value], again ? "found" : "trained");
    ASSERT_EQ(news.size(), 1U);
    EXPECT_EQ(news.front().stage, "types");
    EXPECT_EQ(news.front().found, again);
    EXPECT_EQ(news.front().trials, 2U);
  }
}

TEST(Members, TheMeanOfEqualShapesIsTheMeanByHand) {
  const at::Tensor scores = at::arange(24, at::kDouble).view({4, 2, 3});  // two trials of two members
  const at::Tensor weight = at::tensor({0.25, 0.75, 1.0, 0.0}, at::kDouble).view({2, 2});
  const at::Tensor mean = mean_of_scores(scores.view({2, 2, 2, 3}), weight.unsqueeze(-1));
  EXPECT_EQ(mean[0][0][0].item<double>(), 4.5);
  EXPECT_EQ(mean[0][1][2].item<double>(), 9.5);
  EXPECT_TRUE(mean[1].equal(scores[2]));
  EXPECT_TRUE(by_member(scores, 2)[1][0].equal(scores[2]));
  EXPECT_TRUE(for_members(weight, 3)[5].equal(weight[1]));
}

}  // namespace
}  // namespace fairsweep
