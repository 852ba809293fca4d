#include "workers/trainer/stack_rate.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/trainer/stack_state.hpp"
#include "workers/trainer/stage_training.hpp"
#include "workers/trainer/training_facts.hpp"

namespace fairsweep {
namespace {

using testing::make_synthetic;
using testing::plain_settings;
using testing::Synthetic;
using testing::with;

class StackRateTest : public ::testing::Test {
 protected:
  StackRateTest() : made_(make_synthetic({})), facts_(training_facts(made_.set)) {
    TrialOrder order;
    order.settings = with(plain_settings(), {{"model.head", std::string("mlp")},
                                             {"method.name", std::string("group_dro")},
                                             {"method.group_dro.step_size", 0.1}});
    plan_ = plan_trial(order, facts_, testing::seeded(1));
    run_.key = plan_.stages[0].key;
    run_.settings = plan_.stages[0].stage.settings;
    run_.training = plan_.stages[0].training;
  }

  Synthetic made_;
  TrainingFacts facts_;
  TrialPlan plan_;
  StageRun run_;
};

TEST_F(StackRateTest, EverySizeHasARate) {
  const StageContext context = stage_context(plan_, 0, made_.set, facts_);
  const StackRate rate(context, run_, {});
  for (const std::int64_t size : {1, 3, 8})
    EXPECT_GT(rate.of(size), 0) << size;
}

TEST_F(StackRateTest, ARepeatedRowIsACopyInEveryTensor) {
  const StageContext context = stage_context(plan_, 0, made_.set, facts_);
  const StackState one = make_stack(context, {run_}, {});
  const StackState three = repeated(one, context.model.layout(), 3);
  ASSERT_EQ(three.trials(), 3);
  for (std::int64_t k = 0; k < 3; ++k) {
    EXPECT_TRUE(three.parameters[k].equal(one.parameters[0]));
    EXPECT_TRUE(three.optimizer.second[k].equal(one.optimizer.second[0]));
    EXPECT_TRUE(three.objective.at("q")[k].equal(one.objective.at("q")[0]));
  }
  three.parameters.zero_();
  EXPECT_GT(one.parameters.abs().sum().item<double>(), 0);
  EXPECT_EQ(three.blocks.back().abs().sum().item<double>(), 0) << "the blocks are views of the copy";
}

}  // namespace
}  // namespace fairsweep
