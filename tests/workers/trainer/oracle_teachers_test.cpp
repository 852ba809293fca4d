#include "workers/trainer/oracle_teachers.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/workers/trainer/method_cases.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"

namespace fairsweep {
namespace {

using testing::make_synthetic;
using testing::outcomes_of;
using testing::plain_settings;
using testing::seeded;
using testing::supervised;
using testing::Synthetic;
using testing::with;

/// A model for each group, and the trial itself: the model of one of them, left as it is.
class CopyOfOne final : public TrainingObjective {
 public:
  explicit CopyOfOne(std::int64_t group, bool only_one_group = false) : group_(group), alone_(only_one_group) {}
  [[nodiscard]] std::string_view name() const override { return "copy"; }
  [[nodiscard]] std::string_view sentence() const override { return "one of the groups' models"; }
  [[nodiscard]] std::string_view source() const override { return "this test"; }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    std::vector<Stage> stages;
    for (std::int64_t g = 0; g < (alone_ ? 1 : static_cast<std::int64_t>(facts.groups.size())); ++g) {
      Stage own;
      own.name = "own " + std::to_string(g);
      own.objective = "pooled";
      own.settings = settings;
      own.only_group = g;
      stages.push_back(own);
    }
    Stage last;
    last.name = "train";
    last.objective = "pooled";
    last.settings = settings;
    last.settings["training.learning_rate"] = 0.0;
    last.settings["training.epochs"] = std::int64_t{1};
    last.warm_start = "own " + std::to_string(group_);
    stages.push_back(last);
    return stages;
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& /*batch*/, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& /*state*/) const override {
    return {};
  }

 private:
  std::int64_t group_;
  bool alone_;
};

TrialOutcome trained(const CopyOfOne& method, const TrainingSet& data) {
  PackTrainingOptions options = seeded(6);
  options.find_method = [&method](std::string_view name) -> const TrainingObjective* {
    return name == "copy" ? &method : find_objective(name);
  };
  TrialOrder order;
  order.settings = with(plain_settings(), {{"method.name", std::string("copy")},
                                           {"model.head", std::string("mlp")},
                                           {"model.user", std::string("features")}});
  return outcomes_of({order}, data, options).front();
}

TEST(OracleTeachers, SayWhatEachGroupsOwnModelSaysOfIt) {
  const Synthetic made = make_synthetic({.validation = 40, .test = 40});
  for (const std::int64_t group : {0, 1}) {
    const TrialOutcome outcome = trained(CopyOfOne(group), made.set);
    ASSERT_FALSE(outcome.failed) << outcome.failure.message;
    ASSERT_TRUE(outcome.oracle);
    std::int64_t own = 0;
    std::int64_t others = 0;
    std::int64_t nobodys = 0;
    const auto compare = [&](const ComparisonTensors& split, const SplitScores& oracle, const SplitScores& copy) {
      ASSERT_EQ(oracle.margin.size(), copy.margin.size());
      for (std::size_t i = 0; i < oracle.margin.size(); ++i) {
        const auto code = split.group[static_cast<std::int64_t>(i)].item<std::int64_t>();
        if (code == group) {
          EXPECT_EQ(oracle.margin[i], copy.margin[i]) << i;
          EXPECT_EQ(oracle.log_probability[i], copy.log_probability[i]) << i;
          ++own;
        } else if (code >= 0) {
          others += oracle.margin[i] != copy.margin[i] ? 1 : 0;
        } else {
          EXPECT_EQ(oracle.margin[i], 0) << i;
          EXPECT_EQ(oracle.log_probability[i], 0) << i;
          ++nobodys;
        }
      }
    };
    compare(made.set.validation, outcome.oracle->validation, outcome.validation);
    compare(made.set.test, outcome.oracle->test, outcome.test);
    EXPECT_GT(own, 10);
    EXPECT_GT(others, 10) << "another model speaks of the other group";
    EXPECT_GT(nobodys, 0);
  }
}

TEST(OracleTeachers, ThereAreNoneWhereAGroupHasNoModelOfItsOwn) {
  const Synthetic made = make_synthetic({});
  EXPECT_FALSE(trained(CopyOfOne(0, true), made.set).oracle);
  TrialOrder order;
  order.settings = with(plain_settings(), {{"method.name", std::string("pooled")},
                                           {"model.head", std::string("linear")},
                                           {"model.user", std::string("none")}});
  EXPECT_FALSE(outcomes_of({order}, made.set, seeded(1)).front().oracle);
}

TEST(OracleTeachers, NeverReachAMethod) {
  // Other answers in the test part change what the oracle says of it and nothing that is trained or chosen.
  Synthetic made = make_synthetic({.test = 40});
  TrialOrder order;
  order.settings = with(with(plain_settings(), supervised({{"method.pafo.scale", std::string("temperature")}})),
                        {{"method.name", std::string("pafo")},
                         {"model.head", std::string("mlp")},
                         {"model.user", std::string("features")}});
  const TrialOutcome before = outcomes_of({order}, made.set, seeded(2)).front();
  at::Tensor& candidates = made.set.test.candidates;
  candidates = at::where(
      made.set.test.present.select(1, 1).unsqueeze(1),
      at::cat({candidates.narrow(1, 1, 1), candidates.narrow(1, 0, 1), candidates.narrow(1, 2, 1)}, 1), candidates);
  const TrialOutcome after = outcomes_of({order}, made.set, seeded(2)).front();
  ASSERT_TRUE(before.oracle && after.oracle);
  EXPECT_NE(before.oracle->test.margin, after.oracle->test.margin);
  EXPECT_EQ(before.oracle->validation.margin, after.oracle->validation.margin);
  EXPECT_EQ(before.notes, after.notes);
  EXPECT_EQ(before.best_epoch, after.best_epoch);
  for (const auto& [name, values] : before.parameters)
    EXPECT_TRUE(values.equal(after.parameters.at(name))) << name;
}

}  // namespace
}  // namespace fairsweep
