#include "results/report/few_shot_curves.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/diagnostics/errors.hpp"
#include "results/report/run_report.hpp"
#include "tests/results/report/small_run.hpp"

namespace fairsweep::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void leave_notes(TrialRecord& trial, double at_none, double at_all, double error) {
  for (const char* split : {"validation", "test"}) {
    const double shift = std::string(split) == "test" ? -0.1 : 0;
    for (const char* group : {"", " the few"}) {
      const auto name = [&](const char* kind, const char* shots) {
        return std::string("few-shot ") + kind + split + " accuracy " + shots + group;
      };
      trial.notes[name("", "0")] = at_none + shift;
      trial.notes[name("", "4")] = at_all + shift;
      trial.notes[name("error ", "0")] = error;
      trial.notes[name("error ", "4")] = error;
      trial.notes[std::string("few-shot people ") + split + group] = *group == 0 ? 40 : 7;
    }
  }
  trial.notes["parameters"] = 100 * (1 + trial.configuration.value);
}

/// Two replicates each of three configurations: 0 and 1 of one model of users, 2 of another.
RunSummary run_with_curves() {
  RunRecord record = test::small_record({{0.9, 0.6}, {0.7, 0.8}, {0.6, 0.6}}, {0.25, 0.5, 0.75});
  record.groups = {"the few", "many"};
  record.space.parameters.push_back({"model.user", Choice{{std::string("none"), std::string("offset")}}, std::nullopt});
  record.replicates = 2;
  record.trials.clear();
  for (std::uint32_t i = 0; i < 3; ++i) {
    record.configurations[i].values["model.user"] = std::string(i < 2 ? "offset" : "none");
    for (std::uint32_t replicate = 0; replicate < 2; ++replicate) {
      record.trials.push_back(test::small_trial(i, replicate, 2, 0.5, 0.5));
      leave_notes(record.trials.back(), 0.5 + 0.02 * replicate, i == 1 ? 0.8 : 0.6, 0.03);
    }
  }
  return summarise_run("runs/curves", record, {{"method.name", std::string("pooled")}});
}

TEST(FewShotCurves, OfEachModelOfUsersTheOneThatValidationTakes) {
  const FewShotCurves curves = few_shot_curves(run_with_curves(), {});
  ASSERT_EQ(curves.curves.size(), 2U);
  EXPECT_EQ(curves.curves[0].user, "none");
  EXPECT_EQ(curves.curves[0].configuration.value, 2U);
  const FewShotCurve& best = curves.curves[1];
  EXPECT_EQ(best.configuration.value, 1U);
  EXPECT_EQ(best.method, "pooled");
  EXPECT_EQ(best.replicates, 2U);
  EXPECT_EQ(best.people, 40);
  EXPECT_EQ(best.parameters, 200);
  ASSERT_EQ(best.points.size(), 2U);
  EXPECT_EQ(best.points[0].shots, 0);
  EXPECT_NEAR(best.points[0].mean, 0.41, 1e-12);  // test, not validation
  EXPECT_NEAR(best.points[0].spread, 0.02 / std::sqrt(2.0), 1e-12);
  EXPECT_EQ(best.points[1].shots, 4);
  EXPECT_NEAR(best.points[1].mean, 0.7, 1e-12);
  EXPECT_NEAR(best.points[1].standard_error, 0.03, 1e-12);
}

TEST(FewShotCurves, OfAGroupOfValidationAndOfEverybody) {
  FewShotRequest request;
  request.group = "the few";
  request.split = Split::validation;
  request.every_configuration = true;
  const FewShotCurves curves = few_shot_curves(run_with_curves(), request);
  ASSERT_EQ(curves.curves.size(), 3U);
  EXPECT_EQ(curves.curves[1].people, 7);
  EXPECT_NEAR(curves.curves[1].points[1].mean, 0.8, 1e-12);
}

TEST(FewShotCurves, TextAndJson) {
  const FewShotCurves curves = few_shot_curves(run_with_curves(), {});
  const std::string text = few_shot_text(curves);
  EXPECT_THAT(text, HasSubstr("accuracy on test by how many comparisons are known"));
  EXPECT_THAT(text, HasSubstr("0.700 ± 0.030"));
  EXPECT_THAT(text, HasSubstr("40 people, the same in every column"));
  EXPECT_THAT(text, HasSubstr("validation at 4 comparisons"));
  const nlohmann::json json = few_shot_json(curves);
  EXPECT_EQ(json["metric"], "accuracy");
  EXPECT_EQ(json["curves"][1]["points"][1]["shots"], 4);
  EXPECT_NEAR(json["curves"][1]["points"][1]["mean"].get<double>(), 0.7, 1e-12);
}

TEST(FewShotCurves, ATrialSaysThatThereAreSomeAndNotEachNumber) {
  const RunSummary run = run_with_curves();
  const std::string text = trial_text(run, run.record.trials[0]);
  EXPECT_THAT(text, HasSubstr("20 notes; fairsweep few-shot shows them"));
  EXPECT_THAT(text, Not(HasSubstr("few-shot test accuracy")));
  EXPECT_THAT(text, HasSubstr("parameters"));
}

TEST(FewShotCurves, SayWhatIsMissing) {
  const auto message = [](const RunSummary& run, FewShotRequest request) {
    try {
      static_cast<void>(few_shot_curves(run, std::move(request)));
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  const RunSummary none = summarise_run("runs/small", test::small_record({{0.9, 0.6}}, {0.25}), {});
  EXPECT_THAT(message(none, {}), HasSubstr("few_shot: true"));
  FewShotRequest request;
  request.metric = "acuracy";
  EXPECT_THAT(message(run_with_curves(), request), HasSubstr("did you mean \"accuracy\""));
  request = {};
  request.group = "nobody";
  EXPECT_THAT(message(run_with_curves(), request), HasSubstr("\"nobody\"; there are the few"));
}

}  // namespace
}  // namespace fairsweep::report
