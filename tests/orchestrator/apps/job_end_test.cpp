#include "orchestrator/apps/job_end.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <ctime>
#include <map>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::apps {
namespace {

using testing::HasSubstr;

/// Universal time is local time here, so that moments can be worked out by hand.
class JobEndTest : public testing::Test {
 protected:
  JobEndTest() {
    setenv("TZ", "UTC0", 1);
    tzset();
  }

  std::optional<JobEnd> find(const std::string& option = "") {
    return find_job_end(option, {[this](const char* name) -> std::optional<std::string> {
                                   const auto found = environment_.find(name);
                                   return found == environment_.end() ? std::nullopt : std::optional(found->second);
                                 },
                                 [this](const std::string& job) {
                                   asked_ = job;
                                   return words_;
                                 },
                                 [] { return 1000.0; }});
  }
  std::string refusal(const std::string& option) {
    try {
      (void)find(option);
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), ExitCode::configuration);
      return error.what();
    }
    return "taken";
  }

  std::map<std::string, std::string> environment_;
  std::string words_;
  std::string asked_;
};

TEST_F(JobEndTest, NobodyKnowsOfAnEnd) {
  EXPECT_FALSE(find());
  EXPECT_EQ(asked_, "");
}

TEST_F(JobEndTest, TheOptionComesFirst) {
  environment_ = {{"SLURM_JOB_END_TIME", "5000"}, {"SLURM_JOB_ID", "7"}};
  EXPECT_EQ(find("+90m")->time, 1000 + 5400);
  EXPECT_EQ(find("+1.5h")->time, 1000 + 5400);
  EXPECT_EQ(find("+30s")->time, 1030);
  EXPECT_EQ(find("+2d")->time, 1000 + 172800);
  EXPECT_EQ(find("1970-01-02T00:00:05")->time, 86405);
  EXPECT_EQ(find("+30s")->source, "--deadline");
  EXPECT_EQ(asked_, "");
}

TEST_F(JobEndTest, WhatIsNoDeadlineIsRefused) {
  for (const char* text : {"90m", "+90", "+m", "+-3m", "+0s", "+1w", "+1e99d", "+nans", "tomorrow", "2026-03-01",
                           "2026-03-01T18:00:00Z", "2026-03-01 18:00:00"}) {
    EXPECT_THAT(refusal(text), HasSubstr("+90m")) << text;
  }
  EXPECT_THAT(refusal("1970-01-01T00:10:00"), HasSubstr("has passed"));
}

TEST_F(JobEndTest, ThenTheVariable) {
  environment_ = {{"SLURM_JOB_END_TIME", "5000"}, {"SLURM_JOB_ID", "7"}};
  EXPECT_EQ(find()->time, 5000);
  EXPECT_EQ(find()->source, "SLURM_JOB_END_TIME");
  EXPECT_EQ(asked_, "");
}

TEST_F(JobEndTest, ThenScontrol) {
  environment_ = {{"SLURM_JOB_ID", "7"}};
  words_ = "JobId=7 JobName=sweep StartTime=1970-01-01T00:00:00 EndTime=1970-01-01T02:00:00 Deadline=N/A\n";
  EXPECT_EQ(find()->time, 7200);
  EXPECT_EQ(find()->source, "scontrol");
  EXPECT_EQ(asked_, "7");
  environment_["SLURM_JOB_END_TIME"] = "soon";
  EXPECT_EQ(find()->time, 7200) << "a variable that is no time counts as none";
}

TEST_F(JobEndTest, AnEndThatSlurmDoesNotKnowIsNone) {
  environment_ = {{"SLURM_JOB_ID", "7"}};
  for (const char* words : {"", "JobId=7 EndTime=Unknown Deadline=N/A", "JobId=7", "JobId=7 EndTime="}) {
    words_ = words;
    EXPECT_FALSE(find()) << words;
  }
}

TEST_F(JobEndTest, AJobThatIsNoNumberIsNotAskedFor) {
  environment_ = {{"SLURM_JOB_ID", "7; rm"}};
  EXPECT_FALSE(find());
  EXPECT_EQ(asked_, "");
}

}  // namespace
}  // namespace fairsweep::apps
