#include "core/transport/launcher.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace fairsweep {
namespace {

TEST(Launcher, IsToldFromTheEnvironment) {
  const auto signs = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"};
  for (const char* sign : signs) {
    unsetenv(sign);
  }
  setenv("SLURM_PROCID", "0", 1);  // a batch script has it, and is no launch
  EXPECT_FALSE(started_by_launcher());
  for (const char* sign : signs) {
    setenv(sign, "0", 1);
    EXPECT_TRUE(started_by_launcher()) << sign;
    unsetenv(sign);
  }
}

}  // namespace
}  // namespace fairsweep
