#include "orchestrator/dispatch.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

namespace fairsweep {
namespace {

using testing::ElementsAre;

/// Configurations with a "shape" each; `replicates` trials a configuration.
class DispatchTest : public testing::Test {
 protected:
  void prepare(std::size_t trials_per_pack, std::size_t workers, const std::vector<std::string>& shapes,
               std::uint32_t replicates) {
    table_ = TrialTable(TrialRules{replicates, 2, 10});
    dispatch_ = Dispatch({trials_per_pack, workers,
                          [this](const Settings& sampled) {
                            ++settings_asked_;
                            Settings all = sampled;
                            all.emplace("fixed", true);
                            return all;
                          },
                          [this](const Settings& settings) {
                            ++shapes_asked_;
                            return to_text(settings.at("shape"));
                          }});
    for (std::uint32_t i = 0; i < shapes.size(); ++i) {
      dispatch_.add(table_, table_.apply(events::Suggested{0, {{i}, {{"shape", shapes[i]}}}}));
    }
  }
  std::vector<std::uint32_t> take() {
    std::vector<std::uint32_t> numbers;
    for (const TrialOrder& order : orders_ = dispatch_.take(table_)) {
      numbers.push_back(order.trial.value);
    }
    return numbers;
  }

  TrialTable table_{TrialRules{}};
  Dispatch dispatch_{{}};
  std::vector<TrialOrder> orders_;
  int settings_asked_ = 0;
  int shapes_asked_ = 0;
};

TEST_F(DispatchTest, PacksHaveOneShapeAndKeepTheOrder) {
  prepare(3, 1, {"a", "b", "a", "b"}, 2);
  EXPECT_THAT(take(), ElementsAre(0, 1, 4));
  EXPECT_THAT(take(), ElementsAre(2, 3, 6));
  EXPECT_THAT(take(), ElementsAre(5));
  EXPECT_THAT(take(), ElementsAre(7));
  EXPECT_TRUE(take().empty());
  EXPECT_TRUE(dispatch_.empty());
  EXPECT_EQ(shapes_asked_, 4) << "once a configuration";
}

TEST_F(DispatchTest, AnOrderSaysAllThatATrialNeeds) {
  prepare(2, 1, {"a", "b"}, 2);
  (void)take();
  (void)take();
  ASSERT_EQ(orders_.size(), 2U);
  EXPECT_EQ(orders_[1].trial, TrialId{3});
  EXPECT_EQ(orders_[1].configuration, ConfigurationId{1});
  EXPECT_EQ(orders_[1].replicate, 1U);
  EXPECT_EQ(orders_[1].attempt, 0U);
  EXPECT_EQ(orders_[1].settings, (Settings{{"fixed", true}, {"shape", std::string("b")}}));
}

TEST_F(DispatchTest, ATrialThatFailedGoesAlone) {
  prepare(4, 1, {"a", "a"}, 2);
  (void)take();
  (void)table_.apply(events::Assigned{0, {1}, 1, "", {{0}, {1}, {2}, {3}}});
  TrialFailure failure;
  failure.reason = "signal";
  failure.trial = {1};
  dispatch_.add(table_, table_.apply(events::Failed{0, {1}, failure}));
  dispatch_.add(table_, table_.apply(events::LeaseExpired{0, {1}, "returned"}));
  EXPECT_THAT(take(), ElementsAre(0, 2, 3));
  EXPECT_THAT(take(), ElementsAre(1));
  EXPECT_EQ(orders_[0].attempt, 1U);
}

TEST_F(DispatchTest, AfterTooLittleMemoryPacksAreHalfAsLarge) {
  prepare(4, 1, {"a", "a", "a"}, 2);
  const std::vector<std::uint32_t> pack = take();
  ASSERT_THAT(pack, ElementsAre(0, 1, 2, 3));
  (void)table_.apply(events::Assigned{0, {1}, 1, "", {{0}, {1}, {2}, {3}}});
  for (std::uint32_t trial = 0; trial < 4; ++trial) {
    TrialFailure failure;
    failure.reason = "out_of_memory";
    failure.trial = {trial};
    dispatch_.add(table_, table_.apply(events::Failed{0, {1}, failure}));
  }
  EXPECT_THAT(take(), ElementsAre(0, 1));
  EXPECT_THAT(take(), ElementsAre(2, 3));
  EXPECT_THAT(take(), ElementsAre(4, 5)) << "trials that never failed keep to themselves";
}

TEST_F(DispatchTest, ShapesThatAreNotAllowedWait) {
  prepare(4, 1, {"long", "short", "long"}, 1);
  const Dispatch::Allowed short_ones = [](std::size_t shape) { return shape == 1; };
  const Dispatch::Allowed none = [](std::size_t) { return false; };
  EXPECT_TRUE(dispatch_.holds(short_ones));
  EXPECT_FALSE(dispatch_.holds(none));
  EXPECT_TRUE(dispatch_.take(table_, none).empty());
  const std::vector<TrialOrder> orders = dispatch_.take(table_, short_ones);
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders[0].trial, TrialId{1});
  EXPECT_FALSE(dispatch_.holds(short_ones));
  EXPECT_THAT(take(), ElementsAre(0, 2));
}

TEST_F(DispatchTest, AutomaticPacksShrinkTowardsTheEndAndLeaveNothing) {
  prepare(0, 4, std::vector<std::string>(100, "a"), 3);
  std::vector<std::size_t> sizes;
  std::size_t trials = 0;
  for (std::vector<std::uint32_t> pack = take(); !pack.empty(); pack = take()) {
    sizes.push_back(pack.size());
    trials += pack.size();
  }
  EXPECT_EQ(trials, 300U);
  EXPECT_EQ(sizes.front(), k_largest_automatic_pack);
  EXPECT_EQ(sizes.back(), 1U);
  EXPECT_TRUE(std::is_sorted(sizes.rbegin(), sizes.rend()));
}

TEST_F(DispatchTest, AutomaticPacksOfAFewTrialsServeEveryWorker) {
  prepare(0, 8, {"a"}, 6);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(take().size(), 1U);
  }
}

}  // namespace
}  // namespace fairsweep
