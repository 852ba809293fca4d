#include "results/report/run_comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/results/store/sample_record.hpp"

namespace fairsweep::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

RunSummary run_of(const std::string& name, RunRecord record) { return summarise_run(name, std::move(record), {}); }

TEST(RunComparison, EqualRunsAreIdentical) {
  const std::vector<RunSummary> runs = {run_of("a", test::random_record(6, 2, 1)),
                                        run_of("b", test::random_record(6, 2, 1))};
  const RunComparison comparison = compare_runs(runs);
  EXPECT_EQ(comparison.agreements[0].identical, 12U);
  EXPECT_TRUE(comparison.identical());
  EXPECT_TRUE(comparison.same_data);
  EXPECT_TRUE(comparison.configuration.empty());
  EXPECT_EQ(comparison.hypervolumes[0], comparison.hypervolumes[1]);
  EXPECT_EQ(*comparison.hypervolumes[0], runs[0].front.hypervolume);
  EXPECT_THAT(comparison_text(runs, comparison), HasSubstr("The configurations are the same."));
  EXPECT_THAT(comparison.differing(), testing::IsEmpty());
  EXPECT_THAT(comparison_text(runs, comparison), HasSubstr("every number of 12 trials to the last bit."));
  EXPECT_EQ(comparison_json(runs, comparison)["identical"], true);
}

TEST(RunComparison, SeesOneBit) {
  RunRecord changed = test::random_record(6, 2, 1);
  double& value = changed.trials[7].metrics[3].value;
  value = std::nextafter(value, 2.0);
  const TrialAgreement agreement = compare_trials(run_of("a", test::random_record(6, 2, 1)), run_of("b", changed));
  EXPECT_EQ(agreement.identical, 11U);
  EXPECT_EQ(agreement.different, 1U);
  EXPECT_EQ(agreement.within, 1U);
  EXPECT_TRUE(agreement.beyond.empty());
  EXPECT_FALSE(agreement.complete());
}

TEST(RunComparison, NamesWhatDiffersAndTheTrialsBeyondTheTolerance) {
  RunRecord changed = test::random_record(6, 2, 1);
  changed.trials[7].metrics[3].value += 0.5;
  changed.trials[2].metrics[0].value += 1e-9;
  changed.data_digest = "other";
  changed.resolved_configuration = "search:\n  seed: 8\n";
  RunRecord first = test::random_record(6, 2, 1);
  first.resolved_configuration = "search:\n  seed: 7\n";
  const std::vector<RunSummary> runs = {run_of("a", first), run_of("b", changed)};
  const RunComparison comparison = compare_runs(runs);
  EXPECT_THAT(comparison.differing(), ElementsAre("seed", "data", "numbers", "late digits"));
  ASSERT_EQ(comparison.agreements[0].beyond.size(), 1U);
  EXPECT_EQ(comparison.agreements[0].beyond[0].first.value, 7U);
  const std::string& metric = changed.trials[7].metrics[3].metric;
  EXPECT_NEAR(comparison.agreements[0].largest.at(metric), 0.5, 1e-12);
  const std::string text = comparison_text(runs, comparison);
  EXPECT_THAT(text, HasSubstr("beyond tolerance in b: trial 7, " + metric));
  EXPECT_THAT(text, HasSubstr("What differs: seed, data, numbers, late digits."));
  const auto json = comparison_json(runs, comparison);
  EXPECT_EQ(json["trials"][0]["beyond_tolerance"][0]["trial"], 7);
  EXPECT_EQ(json["trials"][0]["within_tolerance"], 1);
  EXPECT_EQ(json["differing"].size(), 4U);
}

TEST(RunComparison, OrderOfMetricsAndConfigurationsDoesNotMatter) {
  RunRecord turned = test::random_record(2, 2, 3);
  for (TrialRecord& trial : turned.trials)
    std::swap(trial.metrics.front(), trial.metrics.back());
  std::swap(turned.configurations[0].values, turned.configurations[1].values);
  for (std::size_t replicate = 0; replicate < 2; ++replicate)
    std::swap(turned.trials[replicate].metrics, turned.trials[2 + replicate].metrics);
  EXPECT_EQ(compare_trials(run_of("a", test::random_record(2, 2, 3)), run_of("b", turned)).identical, 4U);
}

TEST(RunComparison, CountsTrialsOfOneRunOnly) {
  RunRecord fewer = test::random_record(4, 2, 5);
  fewer.trials[1].state = TrialState::failed;
  fewer.configurations[3].values["training.learning_rate"] = 0.123;
  const TrialAgreement agreement = compare_trials(run_of("a", test::random_record(4, 2, 5)), run_of("b", fewer));
  EXPECT_EQ(agreement.identical, 5U);
  EXPECT_EQ(agreement.only_first, 3U);
  EXPECT_EQ(agreement.only_second, 2U);
}

TEST(RunComparison, NotANumberEqualsItself) {
  RunRecord record = test::random_record(1, 1, 6);
  record.trials[0].metrics[5].value = std::nan("");
  EXPECT_EQ(compare_trials(run_of("a", record), run_of("b", record)).identical, 1U);
}

TEST(RunComparison, RunsWithoutAReportAreNotIdentical) {
  RunRecord nothing = test::random_record(1, 1, 6);
  nothing.trials[0].state = TrialState::running;
  const RunComparison comparison = compare_runs({run_of("a", nothing), run_of("b", nothing)});
  EXPECT_FALSE(comparison.identical());
  EXPECT_TRUE(comparison.reference.empty());
  EXPECT_FALSE(comparison.hypervolumes[0].has_value());
}

TEST(RunComparison, MeasuresFromACommonReference) {
  RunRecord worse = test::sample_record();
  for (TrialRecord& trial : worse.trials) {
    for (MetricValue& metric : trial.metrics) {
      if (metric.metric == "log_loss")
        metric.value += 1;
    }
  }
  const std::vector<RunSummary> runs = {run_of("a", test::sample_record()), run_of("b", worse)};
  const RunComparison comparison = compare_runs(runs);
  ASSERT_EQ(comparison.reference.size(), 2U);
  EXPECT_NEAR(comparison.reference[1], 1.85, 1e-12);
  EXPECT_GT(*comparison.hypervolumes[0], *comparison.hypervolumes[1]);
  EXPECT_DOUBLE_EQ(*comparison.hypervolumes[1], runs[1].front.hypervolume);
}

TEST(RunComparison, OtherObjectivesHaveNoCommonVolume) {
  RunRecord other = test::sample_record();
  std::swap(other.objectives[0], other.objectives[1]);
  other.data_digest = "other";
  const std::vector<RunSummary> runs = {run_of("a", test::sample_record()), run_of("b", other)};
  const RunComparison comparison = compare_runs(runs);
  EXPECT_FALSE(comparison.same_objectives);
  const std::string text = comparison_text(runs, comparison);
  EXPECT_THAT(text, HasSubstr("The objectives differ"));
  EXPECT_THAT(text, HasSubstr("The data differ."));
}

TEST(RunComparison, DifferencesHavePathsAndEveryRunsText) {
  const auto found = differences({"sweep: a\nsearch:\n  seed: 1\n  replicates: 3\ntraining:\n  epochs: 5\n",
                                  "sweep: a\nsearch:\n  seed: 2\n  replicates: 3\nmodel:\n  epochs: 5\n"});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].path, "model.epochs");
  EXPECT_THAT(found[0].texts, ElementsAre("", "5"));
  EXPECT_EQ(found[1].path, "search.seed");
  EXPECT_THAT(found[1].texts, ElementsAre("1", "2"));
  EXPECT_EQ(found[2].path, "training.epochs");
}

}  // namespace
}  // namespace fairsweep::report
