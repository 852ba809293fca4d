#include "core/random/portable_math.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace fairsweep {
namespace {

TEST(PortableMath, LogarithmAgreesWithTheLibrary) {
  for (double x = 1e-300; x < 1e300; x *= 1.37) {
    EXPECT_NEAR(portable::log(x) / std::log(x), 1, 2e-15) << "x = " << x;
  }
  for (double x = 0.5; x < 2; x += 0.00037) {
    EXPECT_NEAR(portable::log(x), std::log(x), 4e-16) << "x = " << x;
  }
  EXPECT_EQ(portable::log(1), 0);
  EXPECT_NEAR(portable::log(0x1p-53), -53 * std::numbers::ln2, 1e-14);
}

TEST(PortableMath, ExponentialAgreesWithTheLibrary) {
  for (double x = -700; x < 700; x += 0.173) {
    EXPECT_NEAR(portable::exp(x) / std::exp(x), 1, 2e-15) << "x = " << x;
  }
  EXPECT_EQ(portable::exp(0), 1);
  EXPECT_EQ(portable::exp(-1000), 0);
  EXPECT_TRUE(std::isinf(portable::exp(1000)));
}

TEST(PortableMath, SineAndCosineAgreeWithTheLibrary) {
  for (int i = 0; i <= 10000; ++i) {
    const double turns = i / 10000.0;
    const portable::SineCosine got = portable::sine_cosine(turns);
    EXPECT_NEAR(got.sine, std::sin(2 * std::numbers::pi * turns), 1e-15) << "turns = " << turns;
    EXPECT_NEAR(got.cosine, std::cos(2 * std::numbers::pi * turns), 1e-15) << "turns = " << turns;
  }
  EXPECT_EQ(portable::sine_cosine(0.25).sine, 1);
  EXPECT_EQ(portable::sine_cosine(0.5).cosine, -1);
}

}  // namespace
}  // namespace fairsweep
