#include "objectives/training/best_matching.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <vector>

namespace fairsweep {
namespace {

/// The largest sum over all orders of the longer side.
double by_enumeration(const std::vector<double>& value, std::size_t rows, std::size_t columns) {
  std::vector<std::size_t> order(std::max(rows, columns));
  std::iota(order.begin(), order.end(), std::size_t{0});
  double best = 0;
  do {
    double sum = 0;
    for (std::size_t i = 0; i < std::min(rows, columns); ++i)
      sum += rows <= columns ? value[i * columns + order[i]] : value[order[i] * columns + i];
    best = std::max(best, sum);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

TEST(BestMatching, OfASmallTableByHand) {
  const Matching matching = best_matching({7, 5, 1, 6, 5, 0, 3, 2, 2}, 3);
  EXPECT_EQ(matching.column, (std::vector<std::ptrdiff_t>{0, 1, 2}));
  EXPECT_EQ(matching.total, 14);
  // Taking the largest entry first, 9 and then 0, would give 9.
  EXPECT_EQ(best_matching({9, 8, 8, 0}, 2).total, 16);
  EXPECT_EQ(best_matching({4, 9, 2}, 1).column, (std::vector<std::ptrdiff_t>{-1, 0, -1}));
}

TEST(BestMatching, IsTheBestOfAllOnes) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    const std::size_t rows = 1 + random() % 6;
    const std::size_t columns = 1 + random() % 6;
    std::vector<double> value(rows * columns);
    for (double& one : value)
      one = static_cast<double>(random() % 8);
    const Matching matching = best_matching(value, columns);
    EXPECT_EQ(matching.total, by_enumeration(value, rows, columns)) << "round " << round;
    std::set<std::ptrdiff_t> taken;
    double sum = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      if (matching.column[row] < 0)
        continue;
      EXPECT_TRUE(taken.insert(matching.column[row]).second) << "round " << round;
      sum += value[row * columns + static_cast<std::size_t>(matching.column[row])];
    }
    EXPECT_EQ(taken.size(), std::min(rows, columns)) << "round " << round;
    EXPECT_EQ(sum, matching.total) << "round " << round;
  }
}

}  // namespace
}  // namespace fairsweep
