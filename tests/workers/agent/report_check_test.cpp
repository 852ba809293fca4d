#include "workers/agent/report_check.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace fairsweep {
namespace {

const std::vector<Objective> k_objectives = {{"accuracy", "few", Direction::maximise, "1"},
                                             {"log_loss", "", Direction::minimise, "nat"}};

TrialReport report(double few, double all) {
  TrialReport report;
  report.trial = {4};
  report.metrics = {{"accuracy", Split::test, "few", 0.1, 0, 1, 1},
                    {"accuracy", Split::validation, "few", few, 0, 1, 1},
                    {"log_loss", Split::validation, "", all, 0, 1, 1}};
  return report;
}

TEST(ReportCheck, AcceptsAFiniteValidationValueOfEveryObjective) {
  EXPECT_FALSE(problem_of(report(0.5, 1.0), k_objectives));
}

TEST(ReportCheck, NamesTheMissingObjective) {
  TrialReport without = report(0.5, 1.0);
  without.metrics.pop_back();
  const auto failure = problem_of(without, k_objectives);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->reason, "missing_metric");
  EXPECT_EQ(failure->trial, TrialId{4});
  EXPECT_THAT(failure->message, testing::HasSubstr("log_loss"));
  EXPECT_FALSE(failure->retryable);
}

TEST(ReportCheck, TestValuesDoNotStandInForValidation) {
  TrialReport only_test = report(0.5, 1.0);
  only_test.metrics.erase(only_test.metrics.begin() + 1);
  EXPECT_EQ(problem_of(only_test, k_objectives)->reason, "missing_metric");
}

TEST(ReportCheck, ANumberThatIsNotFiniteIsAFailure) {
  EXPECT_EQ(problem_of(report(std::numeric_limits<double>::quiet_NaN(), 1), k_objectives)->reason, "non_finite_metric");
  EXPECT_EQ(problem_of(report(0.5, std::numeric_limits<double>::infinity()), k_objectives)->reason,
            "non_finite_metric");
}

}  // namespace
}  // namespace fairsweep
