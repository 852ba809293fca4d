#include "core/domain/value.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <system_error>

namespace fairsweep {
namespace {

TEST(ValueText, IsWhatTheConfigurationWouldSay) {
  EXPECT_EQ(to_text(Value(true)), "true");
  EXPECT_EQ(to_text(Value(false)), "false");
  EXPECT_EQ(to_text(Value(std::int64_t{-3})), "-3");
  EXPECT_EQ(to_text(Value(std::numeric_limits<std::int64_t>::min())), "-9223372036854775808");
  EXPECT_EQ(to_text(Value(std::string("group_dro"))), "group_dro");
  EXPECT_EQ(to_text(Value(0.1)), "0.1");
  EXPECT_EQ(to_text(Value(-2.5)), "-2.5");
}

TEST(ValueText, KeepsRealsApartFromIntegersAndInTheFormOfYaml11) {
  EXPECT_EQ(to_text(Value(3.0)), "3.0");
  EXPECT_EQ(to_text(Value(std::int64_t{3})), "3");
  EXPECT_EQ(to_text(Value(1e-5)), "1.0e-05");
  EXPECT_EQ(to_text(Value(1.5e-7)), "1.5e-07");
  EXPECT_EQ(to_text(Value(1e300)), "1.0e+300");
}

TEST(ValueText, WritesWhatIsNotFinite) {
  EXPECT_EQ(to_text(Value(std::numeric_limits<double>::infinity())), ".inf");
  EXPECT_EQ(to_text(Value(-std::numeric_limits<double>::infinity())), "-.inf");
  EXPECT_EQ(to_text(Value(std::nan(""))), ".nan");
}

TEST(ValueText, ReadsBackToTheSameDouble) {
  constexpr std::uint64_t k_seed = 20240817;
  std::mt19937_64 random(k_seed);
  for (int i = 0; i < 100000; ++i) {
    const auto number = std::bit_cast<double>(random());
    if (!std::isfinite(number))
      continue;
    const std::string text = to_text(Value(number));
    double back = 0;
    ASSERT_EQ(std::from_chars(text.data(), text.data() + text.size(), back).ec, std::errc{}) << text;
    ASSERT_EQ(back, number) << text << ", seed " << k_seed;
  }
}

}  // namespace
}  // namespace fairsweep
