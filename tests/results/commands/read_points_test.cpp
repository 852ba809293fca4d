#include "orchestrator/apps/read_points.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <stdexcept>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::apps {
namespace {

using ::testing::ElementsAre;

PointTable read(const std::string& text) {
  std::istringstream stream(text);
  return read_points(stream, "points.txt");
}

std::string refusal(const std::string& text) {
  try {
    (void)read(text);
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    return error.what();
  }
  return "it was accepted";
}

TEST(ReadPoints, TakesBlanksCommasAndComments) {
  const PointTable points = read("# header\n1 2\n\n 3,4 \r\n5 ,\t-6e-1 # end\n+7,.5\n");
  EXPECT_EQ(points.dimensions, 2U);
  EXPECT_THAT(points.values, ElementsAre(1, 2, 3, 4, 5, -0.6, 7, 0.5));
  EXPECT_THAT(read("1").values, ElementsAre(1));
}

TEST(ReadPoints, NothingIsNoPoint) {
  for (const char* text : {"", "\n\n", "# only words\n   \n"}) {
    EXPECT_EQ(read(text).dimensions, 0U);
    EXPECT_TRUE(read(text).values.empty());
  }
}

TEST(ReadPoints, SaysWhereAndWhat) {
  EXPECT_EQ(refusal("1 2\n1 2 3\n"), "points.txt:2: has 3 numbers, and the first point has 2");
  EXPECT_EQ(refusal("1 2\n# fine\n3 x\n"), "points.txt:3: \"x\" is no number");
  EXPECT_EQ(refusal("1 nan\n"), "points.txt:1: \"nan\" cannot be ranked; points need finite numbers");
  EXPECT_EQ(refusal("inf 1\n"), "points.txt:1: \"inf\" cannot be ranked; points need finite numbers");
  EXPECT_EQ(refusal("1 1e999\n"), "points.txt:1: \"1e999\" is beyond the range of a double");
  EXPECT_EQ(refusal("1,,2\n"), "points.txt:1: a number is missing beside a comma");
  EXPECT_EQ(refusal(",1\n"), "points.txt:1: a number is missing beside a comma");
  EXPECT_EQ(refusal("1,\n"), "points.txt:1: a number is missing beside a comma");
  EXPECT_EQ(refusal("1;2\n"), "points.txt:1: \"1;2\" is no number");
  EXPECT_EQ(refusal("0x10\n"), "points.txt:1: \"0x10\" is no number");
  EXPECT_EQ(refusal("+-1\n"), "points.txt:1: \"+-1\" is no number");
}

TEST(ReadPoints, RandomBytesAreReadOrRefused) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 generator(seed);
    std::string text;
    const std::string letters = "0123456789.,-+e# \t\n\r\"naif\xff";
    for (std::uint64_t i = 0; i < generator() % 60; ++i)
      text += letters[generator() % letters.size()];
    try {
      const PointTable points = read(text);
      EXPECT_TRUE(points.dimensions == 0 ? points.values.empty() : points.values.size() % points.dimensions == 0)
          << "seed " << seed;
    } catch (const UserError& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with("points.txt:")) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace fairsweep::apps
