#include "orchestrator/durations.hpp"

#include <gmock/gmock.h>

#include "orchestrator/deadline.hpp"

namespace fairsweep {
namespace {

using testing::DoubleEq;

/// Trial numbers below 100 have shape 0, the others shape 1.
class DurationsTest : public testing::Test {
 protected:
  void assign(std::uint64_t lease, double time, const std::vector<std::uint32_t>& trials) {
    std::vector<TrialId> ids;
    for (const std::uint32_t trial : trials) {
      ids.push_back({trial});
    }
    durations_.ingest(events::Assigned{time, {lease}, 1, "host", ids});
  }
  void progress(std::uint64_t lease, double time, std::uint32_t trial, std::uint32_t epoch) {
    durations_.ingest(events::Progressed{time, {lease}, {{trial}, epoch, 10, 0.5}});
  }
  void report(std::uint64_t lease, double time, std::uint32_t trial) {
    TrialReport report;
    report.trial = {trial};
    durations_.ingest(events::Reported{time, {lease}, report});
  }

  Durations durations_{[](TrialId trial) { return trial.value < 100 ? std::size_t{0} : std::size_t{1}; }};
};

TEST_F(DurationsTest, NothingIsKnownAtFirst) {
  EXPECT_FALSE(durations_.of(0));
  EXPECT_FALSE(durations_.of_any());
  assign(1, 0, {0});
  EXPECT_FALSE(durations_.of(0)) << "handed out is not heard of";
  EXPECT_EQ(durations_.running_epoch(), 0);
}

TEST_F(DurationsTest, APackOfTwoByHand) {
  assign(1, 100, {0, 1});
  progress(1, 107, 0, 1);  // 7 s to the first word
  progress(1, 108, 1, 1);
  progress(1, 119, 0, 5);  // 4 epochs in 12 s; 11 s of silence
  report(1, 125, 0);
  report(1, 126, 1);
  const PackDurations seen = durations_.of(0).value();
  EXPECT_THAT(seen.first_word, DoubleEq(7));
  EXPECT_THAT(seen.word, DoubleEq(11));
  EXPECT_THAT(seen.epoch, DoubleEq(3));
  EXPECT_EQ(durations_.running_epoch(), 0) << "the pack has ended";
}

TEST_F(DurationsTest, ShapesAreApartAndAnyIsTheLongest) {
  assign(1, 0, {0});
  report(1, 2, 0);
  assign(2, 10, {100});
  progress(2, 40, 100, 1);
  progress(2, 50, 100, 2);
  EXPECT_THAT(durations_.of(0)->first_word, DoubleEq(2));
  EXPECT_THAT(durations_.of(1)->first_word, DoubleEq(30));
  EXPECT_THAT(durations_.of_any()->first_word, DoubleEq(30));
  EXPECT_THAT(durations_.running_epoch(), DoubleEq(10));
}

TEST_F(DurationsTest, OldTimesAreForgotten) {
  double time = 0;
  std::uint64_t lease = 0;
  const auto run = [&](double seconds) {
    assign(++lease, time, {0});
    report(lease, time += seconds, 0);
  };
  run(1000);
  for (std::size_t i = 0; i + 1 < Durations::k_remembered; ++i) {
    run(1);
  }
  EXPECT_THAT(durations_.of(0)->first_word, DoubleEq(1000));
  run(1);
  EXPECT_THAT(durations_.of(0)->first_word, DoubleEq(1));
}

TEST_F(DurationsTest, CrashesLostLeasesAndClocksSetBackTeachNothing) {
  assign(1, 0, {0});
  TrialFailure failure;
  failure.trial = {0};
  durations_.ingest(events::Failed{500, {1}, failure});
  assign(2, 500, {0});
  durations_.ingest(events::LeaseExpired{900, {2}, "silent"});
  report(2, 1000, 0);  // late: of a lease that is closed
  EXPECT_FALSE(durations_.of(0));
  assign(3, 1000, {0});
  report(3, 400, 0);
  EXPECT_EQ(durations_.of(0)->first_word, 0);
}

TEST(DeadlineTest, WithoutOneEverythingMayBegin) {
  const Deadline none;
  EXPECT_FALSE(none.exists());
  EXPECT_TRUE(none.allows(1e9, PackDurations{1e9, 1e9, 1e9}));
  EXPECT_EQ(none.stop_at(100), std::numeric_limits<double>::infinity());
}

TEST(DeadlineTest, NothingBeginsThatCannotReachItsNextCheckpoint) {
  const Deadline deadline(0, 1000, 100);
  EXPECT_TRUE(deadline.allows(899, std::nullopt));
  EXPECT_FALSE(deadline.allows(900, std::nullopt));
  EXPECT_TRUE(deadline.allows(774, PackDurations{100, 0, 0}));
  EXPECT_FALSE(deadline.allows(775, PackDurations{100, 0, 0}));
}

TEST(DeadlineTest, LongEpochsAreToldEarlierButNotInTheFirstHalf) {
  const Deadline deadline(0, 1000, 100);
  EXPECT_THAT(deadline.stop_at(0), DoubleEq(900));
  EXPECT_THAT(deadline.stop_at(80), DoubleEq(800));
  EXPECT_THAT(deadline.stop_at(5000), DoubleEq(500));
  const Deadline hasty(0, 100, 90);
  EXPECT_THAT(hasty.stop_at(0), DoubleEq(10)) << "a reserve that leaves no half is kept all the same";
}

TEST(DeadlineTest, ATrainerMayUseMostOfTheReserve) {
  const Deadline deadline(0, 1000, 100);
  EXPECT_THAT(deadline.grace(900), DoubleEq(75));
  EXPECT_THAT(deadline.grace(990), DoubleEq(0));
}

TEST(HungAfter, IsAMultipleOfWhatIsUsual) {
  EXPECT_EQ(hung_after(std::nullopt, std::nullopt), 0);
  EXPECT_EQ(hung_after(PackDurations{0, 1, 0}, std::nullopt), k_least_silence);
  EXPECT_EQ(hung_after(PackDurations{0, 30, 0}, PackDurations{0, 900, 0}), k_hung_factor * 30);
  EXPECT_EQ(hung_after(std::nullopt, PackDurations{0, 900, 0}), k_hung_factor * 900);
}

}  // namespace
}  // namespace fairsweep
