#include "core/diagnostics/logging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

TEST(Logging, SaysWhenHowGraveAndWhoOnStderrOnly) {
  const auto logger = make_logger("rank 3 agent");
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  logger->info("trial {} is done", 7);
  logger->warn("slow");
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_THAT(said, ::testing::ContainsRegex("^[0-9-]+ [0-9:.]+ info \\[rank 3 agent\\] trial 7 is done\n"));
  EXPECT_THAT(said, ::testing::HasSubstr(" warning [rank 3 agent] slow\n"));
}

TEST(Logging, LeavesOutWhatIsBelowTheLevel) {
  const auto logger = make_logger("coordinator", LogLevel::error);
  ::testing::internal::CaptureStderr();
  logger->debug("a");
  logger->info("b");
  logger->warn("c");
  logger->error("d");
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, ::testing::EndsWith(" error [coordinator] d\n"));
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
}

TEST(Logging, LevelsHaveNames) {
  EXPECT_EQ(log_level("debug"), LogLevel::debug);
  EXPECT_EQ(log_level("info"), LogLevel::info);
  EXPECT_EQ(log_level("warning"), LogLevel::warning);
  EXPECT_EQ(log_level("error"), LogLevel::error);
  try {
    static_cast<void>(log_level("warn1ng"));
    FAIL() << "an unknown level was taken";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_STREQ(error.what(),
                 "unknown log level \"warn1ng\"; it is one of debug, info, warning, error; did you mean \"warning\"?");
  }
}

}  // namespace
}  // namespace fairsweep
