#include "core/config/number_text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace fairsweep {
namespace {

TEST(Integers, AreDecimal) {
  EXPECT_EQ(read_integer("0").value, 0);
  EXPECT_EQ(read_integer("-0").value, 0);
  EXPECT_EQ(read_integer("10").value, 10);
  EXPECT_EQ(read_integer("-7").value, -7);
  EXPECT_EQ(read_integer("9223372036854775807").value, 9223372036854775807);
}

TEST(Integers, BeyondSixtyFourBitsAreNumbersAllTheSame) {
  EXPECT_TRUE(read_integer("9223372036854775808").beyond);
  EXPECT_TRUE(read_integer("-99999999999999999999999999").beyond);
}

TEST(Integers, OtherSpellingsAreRefusedWithAHint) {
  struct {
    std::string text, hint;
  } const cases[] = {
      {"010", "some readers take a leading 0 for octal; write 10"},
      {"-007", "some readers take a leading 0 for octal; write -7"},
      {"0x1F", "write it in decimal: 31"},
      {"-0xff", "write it in decimal: -255"},
      {"0o17", "write it in decimal: 15"},
      {"0b101", "write it in decimal: 5"},
      {"1_000", "write it without separators: 1000"},
      {"1'000", "write it without separators: 1000"},
      {"+3", "write 3"},
      {"10.0", "write 10"},
      {"1e3", "write 1000"},
      {"10.5", ""},
      {"1e300", ""},
      {".inf", "it must be finite"},
      {"-.INF", "it must be finite"},
      {".nan", "it must be finite"},
      {"ten", ""},
      {"", ""},
      {"-", ""},
      {"3 4", ""},
      {"1e", ""},
      {"0x", ""},
      {"3a", ""},
  };
  for (const auto& [text, hint] : cases) {
    const auto reading = read_integer(text);
    EXPECT_FALSE(reading.value.has_value()) << text;
    EXPECT_FALSE(reading.beyond) << text;
    EXPECT_EQ(reading.hint, hint) << text;
  }
}

TEST(Reals, HaveOrLackPointAndExponent) {
  struct {
    std::string text;
    double value;
  } const cases[] = {{"3", 3},
                     {"-3.25", -3.25},
                     {".5", 0.5},
                     {"5.", 5},
                     {"1e-3", 1e-3},
                     {"1E+2", 100},
                     {"0.1", 0.1},
                     {"0", 0},
                     {"1.0e-4", 1e-4},
                     {"-.5e1", -5},
                     {"0e0", 0},
                     {"1e308", 1e308},
                     {"0.30000000000000004", 0.1 + 0.2}};
  for (const auto& [text, value] : cases)
    EXPECT_EQ(read_real(text).value, value) << text;
  EXPECT_FALSE(std::signbit(*read_real("-0.0").value));
}

TEST(Reals, BeyondDoublesAreNumbersAllTheSame) {
  EXPECT_TRUE(read_real("1e999").beyond);
  EXPECT_TRUE(read_real("-1e999").beyond);
  EXPECT_TRUE(read_real("1e-999").beyond);
}

TEST(Reals, OtherSpellingsAreRefusedWithAHint) {
  struct {
    std::string text, hint;
  } const cases[] = {{"00.5", "some readers take a leading 0 for octal; write 0.5"},
                     {"0x10", "write it in decimal: 16"},
                     {"1_0.5", "write it without separators: 10.5"},
                     {"+1.5", "write 1.5"},
                     {".nan", "it must be finite"},
                     {"nan", "it must be finite"},
                     {"inf", "it must be finite"},
                     {"+.inf", "it must be finite"},
                     {"0,5", ""},
                     {".", ""},
                     {"e5", ""},
                     {"1e5.5", ""},
                     {"--1", ""}};
  for (const auto& [text, hint] : cases) {
    const auto reading = read_real(text);
    EXPECT_FALSE(reading.value.has_value()) << text;
    EXPECT_EQ(reading.hint, hint) << text;
  }
}

TEST(Booleans, AreTrueAndFalseOnly) {
  EXPECT_EQ(read_boolean("true").value, true);
  EXPECT_EQ(read_boolean("false").value, false);
  for (const std::string text : {"yes", "on", "True", "TRUE", "y", "Y", "1"}) {
    EXPECT_FALSE(read_boolean(text).value.has_value()) << text;
    EXPECT_EQ(read_boolean(text).hint, "write true") << text;
  }
  for (const std::string text : {"no", "off", "False", "N", "0"}) {
    EXPECT_FALSE(read_boolean(text).value.has_value()) << text;
    EXPECT_EQ(read_boolean(text).hint, "write false") << text;
  }
  EXPECT_EQ(read_boolean("maybe").hint, "");
}

}  // namespace
}  // namespace fairsweep
