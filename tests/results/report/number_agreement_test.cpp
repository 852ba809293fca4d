#include "results/report/number_agreement.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace fairsweep::report {
namespace {

TrialRecord trial(double accuracy, double loss) {
  TrialRecord record;
  record.state = TrialState::reported;
  record.metrics = {{"accuracy", Split::validation, "few", accuracy, 0.01, 10, 100},
                    {"log_loss", Split::test, "", loss, 0, 30, 300}};
  return record;
}

TEST(NumberAgreement, TheToleranceIsWhatThePageSays) {
  EXPECT_DOUBLE_EQ(tolerance_of("accuracy", 0.7, 1000), 0.009);
  EXPECT_DOUBLE_EQ(tolerance_of("accuracy", 0.7, 0), 4.005);
  EXPECT_DOUBLE_EQ(tolerance_of("calibration_error", 0.5, 10), tolerance_of("accuracy", 0.5, 10));
  EXPECT_DOUBLE_EQ(tolerance_of("log_loss", 0.5, 10), 0.002);
  EXPECT_DOUBLE_EQ(tolerance_of("log_loss", -3, 10), 0.006);
}

TEST(NumberAgreement, TheSameBitsAreIdenticalWhateverTheirOrder) {
  TrialRecord turned = trial(0.75, 0.5);
  std::swap(turned.metrics[0], turned.metrics[1]);
  const NumberAgreement agreement = compare_numbers(trial(0.75, 0.5), turned);
  EXPECT_TRUE(agreement.identical());
  EXPECT_TRUE(agreement.within());
  EXPECT_TRUE(agreement.differences.empty());
}

TEST(NumberAgreement, OneBitIsADifferenceWithinTheTolerance) {
  const NumberAgreement agreement = compare_numbers(trial(0.75, 0.5), trial(std::nextafter(0.75, 1.0), 0.5));
  EXPECT_FALSE(agreement.identical());
  EXPECT_TRUE(agreement.within());
  ASSERT_EQ(agreement.differences.size(), 1U);
  EXPECT_EQ(difference_text(agreement.differences[0]), "accuracy of few on validation: 0.75 and 0.75000000000000011");
  TrialRecord other_error = trial(0.75, 0.5);
  other_error.metrics[0].standard_error = 0.011;
  EXPECT_FALSE(compare_numbers(trial(0.75, 0.5), other_error).identical());
  EXPECT_TRUE(compare_numbers(trial(0.75, 0.5), other_error).within());
  other_error.metrics[0].standard_error = 0.2;
  EXPECT_FALSE(compare_numbers(trial(0.75, 0.5), other_error).within());
}

TEST(NumberAgreement, TheToleranceEndsWhereItEnds) {
  // 100 comparisons: 0.005 + 4 / 100 = 0.045; a loss below 1: 0.002.
  EXPECT_TRUE(compare_numbers(trial(0.5, 0.5), trial(0.5449, 0.5019)).within());
  const NumberAgreement agreement = compare_numbers(trial(0.5, 0.5), trial(0.5449, 0.5021));
  EXPECT_FALSE(agreement.within());
  ASSERT_EQ(agreement.differences.size(), 2U);
  EXPECT_EQ(agreement.differences[0].metric, "log_loss") << "those beyond come first, though they are smaller";
  EXPECT_FALSE(agreement.differences[1].beyond);
  EXPECT_FALSE(compare_numbers(trial(0.5, 0.5), trial(0.546, 0.5)).within());
}

TEST(NumberAgreement, WhatIsMissingNotFiniteOrOfOtherPeopleIsBeyondEveryTolerance) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(compare_numbers(trial(nan, 0.5), trial(nan, 0.5)).identical());
  EXPECT_FALSE(compare_numbers(trial(nan, 0.5), trial(0.5, 0.5)).within());
  EXPECT_FALSE(compare_numbers(trial(0.5, 0.5), trial(0.5, INFINITY)).within());
  EXPECT_TRUE(compare_numbers(trial(0.5, INFINITY), trial(0.5, INFINITY)).identical());
  TrialRecord fewer = trial(0.5, 0.5);
  fewer.metrics.pop_back();
  for (const NumberAgreement& agreement :
       {compare_numbers(fewer, trial(0.5, 0.5)), compare_numbers(trial(0.5, 0.5), fewer)}) {
    EXPECT_FALSE(agreement.identical());
    EXPECT_FALSE(agreement.within());
    EXPECT_THAT(difference_text(agreement.differences.at(0)), testing::HasSubstr("none"));
  }
  TrialRecord others = trial(0.5, 0.5);
  others.metrics[0].users = 11;
  EXPECT_FALSE(compare_numbers(trial(0.5, 0.5), others).within());
}

TEST(NumberAgreement, ArraysAreComparedByTheirDigests) {
  TrialRecord one = trial(0.5, 0.5), other = one;
  one.artefacts = {{"users", "a"}, {"margins", "b"}, {"model", "c"}};
  EXPECT_TRUE(same_arrays(one, other)) << "a trainer need not leave any";
  other.artefacts = {{"margins", "b"}, {"users", "a"}, {"model", "d"}};
  EXPECT_TRUE(same_arrays(one, other)) << "a model's file holds more than its numbers";
  other.artefacts[1].digest = "z";
  EXPECT_FALSE(same_arrays(one, other));
}

}  // namespace
}  // namespace fairsweep::report
