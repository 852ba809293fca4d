#include "core/domain/quantile.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace fairsweep {
namespace {

TEST(QuantileOfKnown, IsLinearBetweenNeighboursAndPassesOverNaN) {
  EXPECT_EQ(quantile_of_known({3, 1, NAN, 2}, 0.5), 2);
  EXPECT_EQ(quantile_of_known({3, 1, 2}, 0), 1);
  EXPECT_EQ(quantile_of_known({3, 1, 2}, 1), 3);
  EXPECT_NEAR(quantile_of_known({1, 2}, 0.3), 1.3, 1e-15);
  EXPECT_TRUE(std::isnan(quantile_of_known({NAN}, 0.5)));
}

}  // namespace
}  // namespace fairsweep
