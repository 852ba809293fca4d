#include "results/report/confirmation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/diagnostics/errors.hpp"
#include "results/report/front_report.hpp"
#include "tests/results/report/small_runs.hpp"

namespace fairsweep::report {
namespace {

using test::small_run;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The front of the first run is 2, 0 (best first accuracy first); what is dominated is left out.
RunSummary first_run() {
  return small_run({{"pooled", {{0.50, 0.80}, {0.52, 0.82}}},
                    {"pafo", {{0.40, 0.40}, {0.40, 0.40}}},
                    {"group_dro", {{0.70, 0.70}, {0.72, 0.68}}}},
                   {10, 10});
}

/// Both again: the pooled one is dominated now.
RunSummary fresh_run() {
  RunSummary run =
      small_run({{"group_dro", {{0.65, 0.75}, {0.65, 0.75}}}, {"pooled", {{0.50, 0.70}, {0.50, 0.70}}}}, {10, 10});
  for (const auto& [key, value] : facts_of_front(first_run()))
    run.record.provenance[key] = value;
  return run;
}

TEST(Confirmation, FirstAndFreshByHand) {
  const RunSummary run = fresh_run();
  const auto confirmation = confirmation_of(run);
  ASSERT_TRUE(confirmation);
  EXPECT_EQ(confirmation->run, "runs/small");
  EXPECT_EQ(confirmation->digest, "0123");
  EXPECT_THAT(confirmation->reference, ElementsAre(0, 0));
  ASSERT_EQ(confirmation->members.size(), 2U);
  EXPECT_EQ(confirmation->members[0].there.value, 2U);
  EXPECT_EQ(confirmation->members[1].there.value, 0U);
  EXPECT_NEAR(confirmation->members[0].first_validation[0].mean, 0.71, 1e-15);
  EXPECT_NEAR(confirmation->members[1].first_test[1].mean, 0.71, 1e-15);
  EXPECT_EQ(confirmation->fresh, 2U);
  EXPECT_EQ(confirmation->stay, 1U);
  EXPECT_NEAR(confirmation->first_validation_volume, 0.71 * 0.69 + 0.51 * (0.81 - 0.69), 1e-12);
  EXPECT_NEAR(confirmation->fresh_validation_volume, 0.65 * 0.75, 1e-12);
  EXPECT_NEAR(confirmation->first_test_volume, 0.61 * 0.59 + 0.41 * (0.71 - 0.59), 1e-12);
  EXPECT_NEAR(confirmation->fresh_test_volume, 0.55 * 0.65, 1e-12);
}

TEST(Confirmation, TextAndJsonSayTheSame) {
  const RunSummary run = fresh_run();
  const Confirmation confirmation = *confirmation_of(run);
  const std::string text = confirmation_text(run, confirmation);
  EXPECT_THAT(text, HasSubstr("the front of runs/small, 2 configurations, trained again on 2 fresh seeds each\n"));
  EXPECT_THAT(text, HasSubstr("1 of 2 stay non-dominated"));
  EXPECT_THAT(text, HasSubstr("Hypervolume on validation: 0.551100 first, 0.487500 on fresh seeds (-11.5 %)."));
  const nlohmann::json json = confirmation_json(run, confirmation);
  EXPECT_EQ(json["members"][0]["there"], 2);
  EXPECT_EQ(json["members"][1]["fresh"]["non_dominated"], false);
  EXPECT_NEAR(json["hypervolume"]["test"]["fresh"], 0.3575, 1e-12);
}

TEST(Confirmation, WhatFailedIsLeftOutOfBothVolumes) {
  RunSummary run = fresh_run();
  for (TrialRecord& trial : run.record.trials) {
    if (trial.configuration.value == 0)
      trial.state = TrialState::failed;
  }
  run.front = select_front(run.record);
  const Confirmation confirmation = *confirmation_of(run);
  EXPECT_EQ(confirmation.fresh, 1U);
  EXPECT_NEAR(confirmation.first_validation_volume, 0.51 * 0.81, 1e-12);
  EXPECT_NEAR(confirmation.fresh_validation_volume, 0.35, 1e-12);
  EXPECT_THAT(confirmation_text(run, confirmation), HasSubstr("1 configurations have no fresh values"));
  EXPECT_TRUE(confirmation_json(run, confirmation)["members"][0]["fresh"].is_null());
}

TEST(Confirmation, OtherRunsAreNone) { EXPECT_FALSE(confirmation_of(first_run())); }

TEST(Confirmation, DamagedFactsAreNamed) {
  for (const auto& [key, value] : std::map<std::string, std::string>{
           {"confirms.reference", "[0]"}, {"confirms.front.00000", "{}"}, {"confirms.front.00001", "no"}}) {
    RunSummary run = fresh_run();
    run.record.provenance[key] = value;
    try {
      (void)confirmation_of(run);
      FAIL() << key;
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), ExitCode::file);
      EXPECT_THAT(error.what(), HasSubstr("runs/small: what it keeps of the run it confirms cannot be read"));
    }
  }
}

}  // namespace
}  // namespace fairsweep::report
