#include "core/diagnostics/errors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fairsweep {
namespace {

TEST(Check, ThrowsOnlyWhereTheInvariantIsBroken) {
  EXPECT_NO_THROW(check(true, "all is well"));
  try {
    check(false, "two and two are five");
    FAIL() << "nothing was thrown";
  } catch (const InternalError& error) {
    EXPECT_THAT(error.what(), ::testing::StartsWith("this is a bug, please report it: two and two are five ("));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("errors_test.cpp:"));
  }
}

TEST(ExitCodes, AreThoseJobScriptsKnow) {
  EXPECT_EQ(static_cast<int>(ExitCode::done), 0);
  EXPECT_EQ(static_cast<int>(ExitCode::configuration), 2);
  EXPECT_EQ(static_cast<int>(ExitCode::environment), 3);
  EXPECT_EQ(static_cast<int>(ExitCode::file), 4);
  EXPECT_EQ(static_cast<int>(ExitCode::incomplete), 5);
  EXPECT_EQ(static_cast<int>(ExitCode::internal), 70);
  EXPECT_EQ(static_cast<int>(ExitCode::resumable), 75);
}

}  // namespace
}  // namespace fairsweep
