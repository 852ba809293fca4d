#include "results/report/environment_comparison.hpp"

#include <gmock/gmock.h>

#include "core/domain/event.hpp"
#include "core/protocol/codec.hpp"

namespace fairsweep::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

events::Started session(const std::string& version, bool resumed) {
  events::Started event;
  event.provenance = {{"fairsweep", version}, {"host", "here"}, {"changed.resources.retries", "1 -> 2"}};
  event.resumed = resumed;
  return event;
}

events::Reported reported(std::uint64_t lease, std::uint32_t trial) {
  events::Reported event;
  event.lease = {lease};
  event.report.trial = {trial};
  event.report.device = "cpu";
  return event;
}

/// Two sessions; worker 1's trainer is replaced in the first, trial 3 never ends.
RunRecord record() {
  RunRecord record;
  for (std::uint32_t id = 0; id < 4; ++id) {
    TrialRecord trial;
    trial.id = {id};
    record.trials.push_back(trial);
  }
  const std::vector<Event> events = {
      session("0.1", false),
      events::Assigned{1, {1}, 1, "here", {{0}, {1}}},
      events::TrainerStarted{1, 1, "here", {{"threads", "1"}, {"blas", "one"}}},
      events::Progressed{1, {1}, {}},
      reported(1, 0),
      events::TrainerStarted{1, 1, "here", {{"threads", "2"}, {"blas", "one"}}},
      reported(1, 1),
      session("0.2", true),
      events::Assigned{2, {2}, 1, "here", {{2}}},
      reported(2, 2),
  };
  for (const Event& event : events) {
    record.events.push_back(to_json(event));
  }
  record.events.push_back(R"({"event":"from the future","time":1})");
  return record;
}

TEST(TrialEnvironments, AreThoseOfTheSessionAndTheTrainerThatReported) {
  const TrialEnvironments found = environments_of(record());
  ASSERT_EQ(found.distinct.size(), 3U);
  EXPECT_THAT(found.of, ElementsAre(0, 1, 2, TrialEnvironments::k_none));
  EXPECT_EQ(found.distinct[0], (Facts{{"fairsweep", "0.1"},
                                      {"host", "here"},
                                      {"device", "cpu"},
                                      {"trainer.threads", "1"},
                                      {"trainer.blas", "one"}}));
  EXPECT_EQ(found.distinct[1].at("trainer.threads"), "2");
  EXPECT_EQ(found.distinct[2], (Facts{{"fairsweep", "0.2"}, {"host", "here"}, {"device", "cpu"}}))
      << "the trainer of an earlier session says nothing of this one";
}

TEST(EnvironmentComparison, SetsOfValuesAreCompared) {
  const TrialEnvironments environments = environments_of(record());
  const FactSets all = facts_of(environments);
  EXPECT_THAT(all.at("trainer.threads"), ElementsAre("", "1", "2"));
  EXPECT_TRUE(environment_differences({all, all}).empty());
  const auto found = environment_differences({facts_of(environments, {0, 3}), facts_of(environments, {1})});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].part, EnvironmentPart::threads);
  EXPECT_THAT(found[0].values, ElementsAre("1", "2"));
  EXPECT_EQ(list_of(parts_that_matter(found)), "threads");
}

TEST(EnvironmentComparison, PartsHaveTheirOrderAndPlaceDoesNotMatter) {
  const FactSets one = {{"host", {"a"}}, {"trainer.blas", {"x"}}, {"library.glibc", {"2"}}, {"device", {"cpu"}}};
  const FactSets other = {
      {"host", {"b"}}, {"trainer.blas", {std::string(60, 'y')}}, {"library.glibc", {"3"}}, {"device", {"cpu"}}};
  const auto found = environment_differences({one, other});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(list_of(parts_that_matter(found)), "versions and kernel set");
  EXPECT_EQ(found[2].fact, "host");
  const std::string table = environment_table(found, {"a run", "another"}, false);
  EXPECT_THAT(table, HasSubstr("kernel set, trainer.blas\n  a run: x\n  another: yyy"));
  EXPECT_THAT(table, HasSubstr("library.glibc  2      3"));
  EXPECT_THAT(table, Not(HasSubstr("host")));
  EXPECT_EQ(environment_table({found[2]}, {"a run", "another"}, false), "");
  EXPECT_THAT(environment_table({found[2]}, {"a run", "another"}, true), HasSubstr("host"));
  EXPECT_EQ(list_of({}), "");
}

TEST(EnvironmentComparison, TheKernelsThatWereGotCountBeforeThoseAskedFor) {
  FactSets one = {{"environment.OPENBLAS_CORETYPE", {"Haswell"}}, {"trainer.OPENBLAS_CORETYPE", {"Haswell"}}};
  FactSets other = {{"trainer.OPENBLAS_CORETYPE", {"not set"}}};
  const auto found = environment_differences({one, other});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].part, EnvironmentPart::kernels);
  one["trainer.blas"] = other["trainer.blas"] = {"kernels Haswell"};
  EXPECT_TRUE(environment_differences({one, other}).empty()) << "found by itself what the other was told to take";
  other["trainer.blas"] = {"kernels Nehalem"};
  ASSERT_EQ(environment_differences({one, other}).size(), 1U);
  EXPECT_EQ(environment_differences({one, other})[0].fact, "trainer.blas");
}

TEST(EnvironmentComparison, EveryFactHasItsPart) {
  EXPECT_EQ(part_of("trainer.libtorch"), EnvironmentPart::versions);
  EXPECT_EQ(part_of("fairsweep.flags"), EnvironmentPart::versions);
  EXPECT_EQ(part_of("trainer.libtorch_cpu_capability"), EnvironmentPart::kernels);
  EXPECT_EQ(part_of("trainer.threads"), EnvironmentPart::threads);
  EXPECT_EQ(part_of("trainer.device"), EnvironmentPart::device);
  EXPECT_EQ(part_of("trainer.blas_warning"), EnvironmentPart::place);
  EXPECT_EQ(part_of("processor"), EnvironmentPart::place);
  EXPECT_EQ(part_of("environment.SLURM_JOB_ID"), EnvironmentPart::place);
}

}  // namespace
}  // namespace fairsweep::report
