#include "results/report/rerun_report.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "core/diagnostics/errors.hpp"
#include "core/domain/event.hpp"
#include "core/protocol/codec.hpp"

namespace fairsweep::report {
namespace {

using testing::HasSubstr;
using Verdict = RerunTrial::Verdict;

/// Four trials of two configurations; the last one failed.
RunRecord record(const std::string& kernels, const std::string& device = "cpu") {
  RunRecord record;
  events::Started started;
  events::Assigned assigned{1, {1}, 1, "here", {}};
  std::vector<Event> events = {events::TrainerStarted{1, 1, "here", {{"blas", kernels}}}};
  for (std::uint32_t id = 0; id < 4; ++id) {
    TrialRecord trial;
    trial.id = {id};
    trial.configuration = {id / 2};
    trial.replicate = id % 2;
    trial.state = TrialState::reported;
    trial.device = device;
    trial.metrics = {{"accuracy", Split::test, "few", 0.5 + id / 10.0, 0, 10, 1000}};
    trial.artefacts = {{"users", std::to_string(id)}};
    if (id == 3) {
      trial.state = TrialState::failed;
      trial.metrics.clear();
      TrialFailure failure;
      failure.reason = "non_finite_loss";
      trial.failures.push_back(failure);
    }
    record.trials.push_back(trial);
    assigned.trials.push_back({id});
    events::Reported reported{1, {1}, {}};
    reported.report.trial = {id};
    reported.report.device = device;
    events.emplace_back(reported);
  }
  events.insert(events.begin(), {started, assigned});
  for (const Event& event : events) {
    record.events.push_back(to_json(event));
  }
  return record;
}

const std::vector<TrialId> k_all = {{0}, {1}, {2}, {3}};

TEST(RerunReport, AMetricThatWasNotThereThenIsNoDifference) {
  RunRecord now = record("a");
  now.trials[0].metrics.push_back({"calibration_error", Split::test, "few", 0.1, 0, 10, 1000});
  EXPECT_TRUE(compare_rerun(record("a"), now, k_all).identical());
  EXPECT_FALSE(compare_rerun(now, record("a"), k_all).identical()) << "what was there then has to come again";
}

TEST(RerunReport, TheSameIsTheSame) {
  const RerunReport report = compare_rerun(record("a"), record("a"), k_all);
  EXPECT_EQ(report.count(Verdict::identical), 3U);
  EXPECT_EQ(report.count(Verdict::failed_alike), 1U);
  EXPECT_TRUE(report.identical());
  EXPECT_TRUE(report.reproduced());
  EXPECT_THAT(rerun_text(report), HasSubstr("The same: 4 of 4 trials agree to the last bit."));
  EXPECT_THAT(rerun_text(report), HasSubstr("failed (non_finite_loss), now failed (non_finite_loss)"));
  EXPECT_EQ(rerun_json(report)["identical"], true);
  EXPECT_THAT(rerun_text(compare_rerun(record("a"), record("b"), k_all)),
              HasSubstr("though they were trained with other kernel set"));
}

TEST(RerunReport, LateDigitsAreFineOnlyWhereSomethingElseExplainsThem) {
  RunRecord late = record("b");
  late.trials[1].metrics[0].value += 1e-9;
  const RerunReport other = compare_rerun(record("a"), late, k_all);
  EXPECT_EQ(other.trials[1].verdict, Verdict::within);
  EXPECT_FALSE(other.identical());
  EXPECT_TRUE(other.reproduced());
  EXPECT_THAT(rerun_text(other), HasSubstr("Within the tolerance: 1 of 4 trials"));
  EXPECT_THAT(rerun_text(other), HasSubstr("what differs: kernel set."));
  EXPECT_EQ(rerun_json(other)["differing"][0], "kernel set");
  const RerunReport nothing = compare_rerun(record("b"), late, k_all);
  EXPECT_FALSE(nothing.reproduced());
  EXPECT_THAT(rerun_text(nothing), HasSubstr("are the same; please report it"));
  RunRecord on_device = record("b", "gpu-7");
  on_device.trials[1].metrics[0].value += 1e-9;
  EXPECT_TRUE(compare_rerun(record("b", "gpu-7"), on_device, k_all).reproduced());
}

TEST(RerunReport, ValuesOfPeopleCountToo) {
  RunRecord others = record("a");
  others.trials[0].artefacts[0].digest = "another";
  EXPECT_EQ(compare_rerun(record("a"), others, k_all).trials[0].verdict, Verdict::within);
}

TEST(RerunReport, NothingExplainsWhatIsBeyondTheTolerance) {
  RunRecord far = record("b");
  far.trials[2].metrics[0].value += 0.1;
  const RerunReport report = compare_rerun(record("a"), far, k_all);
  EXPECT_FALSE(report.reproduced());
  EXPECT_THAT(rerun_text(report), HasSubstr("Not the same: 1 of 4 trials do not agree within the tolerance"));
  RunRecord lucky = record("a");
  lucky.trials[3].failures[0].reason = "signal";
  EXPECT_EQ(compare_rerun(record("a"), lucky, k_all).trials[3].verdict, Verdict::ended_otherwise);
  RunRecord failed = record("a");
  failed.trials[0] = record("a").trials[3];
  failed.trials[0].id = {0};
  EXPECT_FALSE(compare_rerun(record("a"), failed, k_all).reproduced());
}

TEST(RerunReport, WhatIsOpenIsNotReproduced) {
  RunRecord open = record("a");
  open.trials[0].state = TrialState::pending;
  const RerunReport report = compare_rerun(record("a"), open, {{0}, {1}});
  EXPECT_FALSE(report.reproduced());
  EXPECT_THAT(rerun_text(report), HasSubstr("1 of 2 trials are not trained again yet."));
  EXPECT_THAT(rerun_text(report), HasSubstr(": 1 of 2 trials trained again in "));
  open.trials.pop_back();
  EXPECT_THROW((void)compare_rerun(record("a"), open, k_all), InternalError);
}

}  // namespace
}  // namespace fairsweep::report
