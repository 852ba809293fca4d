#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/config/read_sweep.hpp"
#include "core/domain/event.hpp"
#include "orchestrator/apps/sweep_plan.hpp"

namespace fairsweep::apps {

/// A folder of its own for each test, and a small sweep whose data nobody reads.
class RunFixture : public testing::Test {
 protected:
  RunFixture() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("fairsweep_") + test->test_suite_name() + "_" + test->name() + std::to_string(getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~RunFixture() override { std::filesystem::remove_all(folder_); }

  static SweepConfiguration sweep(const std::string& configurations = "4", const std::vector<std::string>& set = {}) {
    const ReadResult read = read_sweep_text(
        "sweep: small\n"
        "declaration: {use_case: a test, population: nobody, groups: made up, fairness: pareto}\n"
        "data: {file: data.h5, groups: {attribute: taste},\n"
        "       split: {by: user, train: 0.6, validation: 0.2, test: 0.2}}\n"
        "model: {head: mlp, width: 16, user: none}\n"
        "method: {name: pooled}\n"
        "training: {epochs: 3, batch: 7, learning_rate: {log_uniform: [0.001, 0.1]}}\n"
        "front: [{metric: accuracy, each: group}]\n"
        "search: {strategy: sobol, configurations: " +
            configurations + ", replicates: 2, seed: 5}\n",
        "small.yaml", parse_overrides(set));
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.issues.front().text());
    return read.sweep;
  }
  [[nodiscard]] SweepPlan plan(const std::string& configurations = "4",
                               const std::vector<std::string>& set = {}) const {
    SweepPlan plan;
    plan.sweep = sweep(configurations, set);
    plan.run = RunDirectory(folder_ / "run");
    plan.data_digest = "d1";
    plan.data_description = "{\"users\": 3}";
    plan.groups = {"few", "many"};
    plan.objectives = objectives_of(plan.sweep.front, plan.groups);
    plan.configurations = static_cast<std::uint32_t>(plan.sweep.search.configurations);
    return plan;
  }
  static events::Started started(double time, bool resumed) {
    events::Started event;
    event.time = time;
    event.sweep = "small";
    event.data_digest = "d1";
    event.groups = {"few", "many"};
    event.objectives = {{"accuracy", "few", Direction::maximise, "1"}, {"accuracy", "many", Direction::maximise, "1"}};
    event.configurations = 4;
    event.replicates = 2;
    event.resumed = resumed;
    return event;
  }
  static TrialReport report(std::uint32_t trial, double few = 0.5, double many = 0.75) {
    TrialReport report;
    report.trial = {trial};
    report.epochs = 3;
    report.seconds = 1.5;
    report.device = "cpu";
    report.metrics = {{"accuracy", Split::validation, "few", few, 0, 5, 9},
                      {"accuracy", Split::validation, "many", many, 0, 5, 9}};
    return report;
  }

  std::filesystem::path folder_;
};

}  // namespace fairsweep::apps
