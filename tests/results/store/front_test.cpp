#include "results/store/front.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/diagnostics/errors.hpp"
#include "tests/results/store/sample_record.hpp"

namespace fairsweep {
namespace {

using test::random_record;
using test::sample_record;
using ::testing::ElementsAre;

std::vector<std::uint32_t> members(const Front& front) {
  std::vector<std::uint32_t> ids;
  for (const std::size_t member : front.members)
    ids.push_back(front.points[member].configuration.value);
  return ids;
}

TEST(Front, IsChosenByMeansOverReplicatesOnValidation) {
  const Front front = select_front(sample_record());
  // By hand: configuration 0 has accuracy 0.75 and log-loss 1.1 - 0.53125, configuration 1 has 0.5625 and 1.1 - 0.8125,
  // configuration 2 has 0.5 and 1.1 - 0.25.
  EXPECT_THAT(members(front), ElementsAre(0, 1));
  ASSERT_EQ(front.points.size(), 4U);
  EXPECT_DOUBLE_EQ(front.points[0].validation[0].mean, 0.75);
  EXPECT_EQ(front.points[0].validation[0].standard_error, 0);
  EXPECT_DOUBLE_EQ(front.points[1].validation[0].mean, 0.5625);
  EXPECT_DOUBLE_EQ(front.points[1].validation[0].standard_error, 0.0625);  // sd 0.125 / sqrt 2 / sqrt 2
  EXPECT_DOUBLE_EQ(front.points[1].validation[1].mean, 1.1 - 0.8125);
  EXPECT_DOUBLE_EQ(front.points[1].test[0].mean, 0.5625 - 0.015625);
}

TEST(Front, CountsReplicatesThatFailedOrAreOpen) {
  const Front front = select_front(sample_record());
  EXPECT_EQ(front.points[2].replicates, 1U);
  EXPECT_EQ(front.points[2].failed, 1U);
  EXPECT_EQ(front.points[2].open, 0U);
  EXPECT_TRUE(front.points[2].competes);
  EXPECT_TRUE(std::isnan(front.points[2].validation[0].standard_error));
  EXPECT_EQ(front.points[2].test[1].replicates, 0U);  // it never said its log-loss on test
  EXPECT_TRUE(std::isnan(front.points[2].test[1].mean));
  EXPECT_EQ(front.points[3].open, 2U);
  EXPECT_FALSE(front.points[3].competes);
}

TEST(Front, UnfinishedConfigurationsDoNotCompete) {
  RunRecord record = random_record(3, 2, 1);
  for (MetricValue& value : record.trials[0].metrics)
    value.value = 0.99;
  record.trials[1].state = TrialState::running;
  record.trials[1].metrics.clear();
  Front front = select_front(record);
  EXPECT_FALSE(front.points[0].competes);
  EXPECT_FALSE(front.points[0].on_front);
  EXPECT_EQ(front.points[0].replicates, 1U);
  record.trials[1].state = TrialState::failed;
  front = select_front(record);
  EXPECT_THAT(members(front), ElementsAre(0));
  // A replicate that is not even suggested as a trial yet is open too.
  record.trials.erase(record.trials.begin() + 1);
  front = select_front(record);
  EXPECT_EQ(front.points[0].open, 1U);
  EXPECT_FALSE(front.points[0].on_front);
}

TEST(Front, AReplicateWithoutAnObjectiveCountsAsFailed) {
  RunRecord record = random_record(1, 3, 2);
  std::erase_if(record.trials[0].metrics,
                [](const MetricValue& m) { return m.group == "few" && m.split == Split::validation; });
  for (MetricValue& value : record.trials[1].metrics)
    value.value = std::nan("");
  const Front front = select_front(record);
  EXPECT_EQ(front.points[0].replicates, 1U);
  EXPECT_EQ(front.points[0].failed, 2U);
}

TEST(Front, NeverReadsTheTestColumn) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RunRecord record = random_record(40, 3, seed);
    const Front before = select_front(record);
    std::mt19937_64 generator(seed);
    for (TrialRecord& trial : record.trials) {
      for (MetricValue& value : trial.metrics) {
        if (value.split != Split::test)
          continue;
        const auto draw = generator() % 4;
        value.value = draw == 0 ? std::nan("") : draw == 1 ? 1e9 : -static_cast<double>(generator() % 1000);
      }
      if (generator() % 5 == 0)
        std::erase_if(trial.metrics, [](const MetricValue& m) { return m.split == Split::test; });
    }
    const Front after = select_front(record);
    EXPECT_EQ(before.members, after.members) << "seed " << seed;
    EXPECT_EQ(before.hypervolume, after.hypervolume) << "seed " << seed;
    EXPECT_EQ(before.reference, after.reference) << "seed " << seed;
    // The same values moved in validation do change it: the perturbation is no empty gesture.
    for (TrialRecord& trial : record.trials) {
      for (MetricValue& value : trial.metrics) {
        if (value.split == Split::validation)
          value.value = 1.3 - value.value;
      }
    }
    EXPECT_NE(select_front(record).members, before.members) << "seed " << seed;
  }
}

TEST(Front, EqualMeansAllStay) {
  RunRecord record = random_record(3, 1, 3);
  record.trials[2].metrics = record.trials[0].metrics;
  for (MetricValue& value : record.trials[1].metrics)
    value.value = 0.1;
  EXPECT_THAT(members(select_front(record)), ElementsAre(0, 2));
}

TEST(Front, ReferenceIsZeroForAccuracyAndTheWorstOtherwise) {
  const Front front = select_front(sample_record());
  ASSERT_EQ(front.reference.size(), 2U);
  EXPECT_EQ(front.reference[0], 0);
  EXPECT_DOUBLE_EQ(front.reference[1], 1.1 - 0.25);
  // 0.75 x (0.85 - 0.56875) + 0.5625 x (0.56875 - 0.2875)
  EXPECT_NEAR(front.hypervolume, 0.75 * 0.28125 + 0.5625 * 0.28125, 1e-14);
  EXPECT_NEAR(front_hypervolume(front, {0.5, 0.8}), 0.25 * (0.8 - 0.56875) + 0.0625 * (0.56875 - 0.2875), 1e-14);
}

TEST(Front, OfNothingIsEmpty) {
  RunRecord record = sample_record();
  record.trials.clear();
  record.configurations.clear();
  const Front front = select_front(record);
  EXPECT_TRUE(front.points.empty());
  EXPECT_TRUE(front.members.empty());
  EXPECT_TRUE(front.reference.empty());
  EXPECT_EQ(front.hypervolume, 0);
  record.objectives.clear();
  EXPECT_THROW((void)select_front(record), InternalError);
}

TEST(Front, OneObjectiveHasOneBest) {
  RunRecord record = random_record(10, 2, 4);
  record.objectives.resize(1);
  const Front front = select_front(record);
  ASSERT_EQ(front.members.size(), 1U);
  for (const FrontPoint& point : front.points) {
    EXPECT_LE(point.validation[0].mean, front.points[front.members[0]].validation[0].mean);
  }
  EXPECT_DOUBLE_EQ(front.hypervolume, front.points[front.members[0]].validation[0].mean);
}

}  // namespace
}  // namespace fairsweep
