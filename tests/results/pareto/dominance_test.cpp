#include "results/pareto/dominance.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/check_points.hpp"

namespace fairsweep::pareto {
namespace {

using Point = std::vector<double>;

TEST(Dominance, NeedsToBeBetterSomewhereAndWorseNowhere) {
  EXPECT_TRUE(dominates(Point{1, 1}, Point{2, 2}));
  EXPECT_TRUE(dominates(Point{1, 2}, Point{1, 3}));
  EXPECT_FALSE(dominates(Point{1, 3}, Point{2, 2}));
  EXPECT_FALSE(dominates(Point{2, 2}, Point{1, 3}));
  EXPECT_FALSE(dominates(Point{1, 3}, Point{1, 2}));
}

TEST(Dominance, EqualPointsDoNotDominateEachOther) {
  EXPECT_FALSE(dominates(Point{1, 2, 3}, Point{1, 2, 3}));
  EXPECT_FALSE(dominates(Point{0.0}, Point{-0.0}));
  EXPECT_FALSE(dominates(Point{-0.0}, Point{0.0}));
}

TEST(Dominance, SeesTheLastBit) {
  const double next = std::nextafter(1.0, 2.0);
  EXPECT_TRUE(dominates(Point{1.0, 0}, Point{next, 0}));
  EXPECT_FALSE(dominates(Point{next, 0}, Point{1.0, 0}));
}

TEST(Dominance, RefusesPointsOfDifferentLengths) {
  EXPECT_THROW((void)dominates(Point{1, 2}, Point{1}), InternalError);
}

TEST(CheckPoints, NamesThePointThatIsNotFinite) {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity()}) {
    const Point values{1, 2, 3, bad};
    try {
      check_points({values, 2});
      FAIL() << bad << " was accepted";
    } catch (const InternalError& error) {
      EXPECT_NE(std::string(error.what()).find("point 1 is not finite in column 1"), std::string::npos) << error.what();
    }
  }
}

TEST(CheckPoints, RefusesBrokenRows) {
  const Point values{1, 2, 3};
  EXPECT_THROW(check_points({values, 2}), InternalError);
  EXPECT_THROW(check_points({values, 0}), InternalError);
  EXPECT_NO_THROW(check_points({values, 3}));
  EXPECT_NO_THROW(check_points({{}, 0}));
}

}  // namespace
}  // namespace fairsweep::pareto
