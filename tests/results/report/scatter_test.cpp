#include "results/report/scatter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <sstream>

namespace fairsweep::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

TEST(RoundTicks, AreRoundAndInside) {
  EXPECT_THAT(round_ticks(0.1, 0.93, 4), ElementsAre(::testing::DoubleEq(0.5)));
  EXPECT_THAT(round_ticks(0, 10, 5), ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT(round_ticks(-3, 3, 6), ElementsAre(-3, -2, -1, 0, 1, 2, 3));
  for (const double scale : {1e-300, 1e-6, 1.0, 1e6, 1e300}) {
    const std::vector<double> ticks = round_ticks(-scale, scale, 5);
    EXPECT_GE(ticks.size(), 3U) << scale;
    for (const double tick : ticks)
      EXPECT_LE(std::fabs(tick), scale * (1 + 1e-9));
  }
}

TEST(Scatter, NothingHasNoSign) {
  for (const double low : {-0.03, -0.06, -0.1, -0.3, -1.0}) {
    const std::string picture = scatter({{low, low, 'a'}, {-low, -low, 'b'}}, {"right", "up", 60, 11});
    EXPECT_THAT(picture, ::testing::Not(::testing::ContainsRegex("-0\\.?0*[ |+\n]"))) << picture;
    EXPECT_THAT(picture, ::testing::ContainsRegex("[ ]0\\.?0*[ |+\n]")) << picture;
  }
}

TEST(Scatter, ShowsPointsWhereTheyBelong) {
  const std::string picture = scatter({{0, 0, 'a'}, {1, 1, 'b'}, {0.5, 0.5, '.'}}, {"right", "up", 60, 11});
  const std::vector<std::string> lines = lines_of(picture);
  ASSERT_EQ(lines.size(), 1U + 11 + 2 + 1);
  EXPECT_EQ(lines[0], "up");
  std::size_t a_row = 0, b_row = 0, dot_row = 0;
  for (std::size_t row = 1; row <= 11; ++row) {
    if (lines[row].find('a') != std::string::npos)
      a_row = row;
    if (lines[row].find('b') != std::string::npos)
      b_row = row;
    if (lines[row].find('.', 6) != std::string::npos)
      dot_row = row;
  }
  EXPECT_LT(b_row, dot_row);
  EXPECT_LT(dot_row, a_row);
  EXPECT_LT(lines[a_row].find('a'), lines[dot_row].find('.', 6));
  EXPECT_LT(lines[dot_row].find('.', 6), lines[b_row].find('b'));
  EXPECT_THAT(picture, HasSubstr("0.5"));
  EXPECT_THAT(lines.back(), ::testing::EndsWith("right"));
}

TEST(Scatter, LettersCoverDotsAndMeetAsStars) {
  const std::string one = scatter({{1, 1, 'a'}, {1, 1, '.'}, {2, 2, 'c'}}, {"x", "y"});
  EXPECT_THAT(one, HasSubstr("a"));
  EXPECT_EQ(one.find('*'), std::string::npos);
  EXPECT_THAT(scatter({{1, 1, 'a'}, {1, 1, 'b'}, {2, 2, 'c'}}, {"x", "y"}), HasSubstr("*"));
}

TEST(Scatter, NeverWiderThanAskedAndNeverCrashes) {
  const double huge = std::numeric_limits<double>::max();
  const double tiny = std::numeric_limits<double>::denorm_min();
  std::mt19937_64 generator(11);
  const std::vector<double> values = {0,      -0.0,  1,         -1,           0.123456789,
                                      1e-300, 1e300, -1e300,    huge,         -huge,
                                      tiny,   5e5,   1234567.0, std::nan(""), std::numeric_limits<double>::infinity()};
  for (int round = 0; round < 500; ++round) {
    std::vector<ScatterPoint> points;
    for (std::uint64_t i = 0; i < 1 + generator() % 4; ++i) {
      points.push_back({values[generator() % values.size()], values[generator() % values.size()], 'a'});
    }
    for (const std::string& line : lines_of(scatter(points, {"x", "y", 79, 20})))
      EXPECT_LE(line.size(), 79U) << "seed 11, round " << round;
  }
}

TEST(Scatter, NothingToPlotIsSaid) {
  EXPECT_EQ(scatter({}, {"x", "y"}), "(no point to plot)\n");
  EXPECT_EQ(scatter({{std::nan(""), 1, 'a'}}, {"x", "y"}), "(no point to plot)\n");
  EXPECT_THAT(scatter({{0.5, 0.5, 'a'}}, {"x", "y"}), HasSubstr("a"));
}

}  // namespace
}  // namespace fairsweep::report
