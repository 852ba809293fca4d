#include "core/diagnostics/host.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace fairsweep {
namespace {

TEST(Host, HasAName) { EXPECT_FALSE(host_name().empty()); }

TEST(Host, KnowsItsProcesses) {
  const std::vector<std::string> fields = process_fields(getpid());
  ASSERT_GT(fields.size(), 19U);
  EXPECT_EQ(fields[0], "R") << "who asks is running";
  EXPECT_EQ(fields[1], std::to_string(getppid()));
  EXPECT_EQ(process_fields(getpid())[19], fields[19]) << "a process begins once";
  EXPECT_TRUE(process_fields(-1).empty());
}

}  // namespace
}  // namespace fairsweep
