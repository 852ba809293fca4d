// What the filters and sweeps are made of, each against a slow twin.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

#include "results/pareto/non_dominated.hpp"
#include "results/pareto/point_blocks.hpp"
#include "results/pareto/row_order.hpp"
#include "results/pareto/stairs.hpp"
#include "results/pareto/strong_points.hpp"
#include "tests/results/pareto/point_clouds.hpp"

namespace fairsweep::pareto {
namespace {

using test::Cloud;
using test::k_kinds;
using test::Kind;
using test::random_cloud;

std::vector<std::uint32_t> sorted_rows(const Cloud& points) {
  std::vector<std::uint32_t> order(points.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) {
    return std::ranges::lexicographical_compare(points.view()[a], points.view()[b]);
  });
  return order;
}

TEST(LexicographicOrder, AgreesWithSorting) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t rows : {0, 1, 100, 255, 256, 5000}) {
      for (const std::size_t d : {1, 3}) {
        const Cloud points = random_cloud(kind, rows, d, 17);
        EXPECT_EQ(lexicographic_order(points.view()), sorted_rows(points))
            << to_text(kind) << ", " << rows << " rows, " << d << " dimensions, seed 17";
      }
    }
  }
}

TEST(LexicographicOrder, TakesSignsScalesAndLastBits) {
  std::mt19937_64 generator(23);
  Cloud wide{{}, 2}, near{{}, 2}, zeros{{}, 2};
  for (int i = 0; i < 3000; ++i) {
    const double sign = generator() % 2 == 0 ? 1.0 : -1.0;
    wide.add(std::vector<double>{std::ldexp(sign, static_cast<int>(generator() % 2000) - 1000), 0.0});
    near.add(std::vector<double>{1 + std::ldexp(static_cast<double>(generator() % 4096), -52),
                                 static_cast<double>(generator() % 5)});
    zeros.add(std::vector<double>{generator() % 2 == 0 ? 0.0 : -0.0, static_cast<double>(generator() % 5)});
  }
  near.values[0] = 1e300;  // one far away, so that all others share their first bits
  for (const Cloud& points : {wide, near, zeros})
    EXPECT_EQ(lexicographic_order(points.view()), sorted_rows(points)) << "seed 23";
}

/// The stairs as a map, and the area below (side, top) that a new step gains.
class SlowStairs {
 public:
  bool add(double first, double second) {
    for (const auto& [x, y] : steps_) {
      if (x <= first && y <= second)
        return false;
    }
    std::erase_if(steps_, [&](const auto& step) { return step.first >= first && step.second >= second; });
    steps_[first] = second;
    return true;
  }
  [[nodiscard]] double area(double side, double top) const {
    double sum = 0, level = top;
    for (const auto& [x, y] : steps_) {
      sum += (side - x) * (level - y);
      level = y;
    }
    return sum;
  }
  [[nodiscard]] double level_at(double first) const {
    const auto after = steps_.upper_bound(first);
    return after == steps_.begin() ? 99.0 : std::prev(after)->second;
  }

 private:
  std::map<double, double> steps_;
};

TEST(Stairs, AgreeWithAMapWhateverGoesInAndOut) {
  std::mt19937_64 generator(5);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  Stairs<double> stairs;
  for (int round = 0; round < 6; ++round) {
    stairs.clear();
    SlowStairs slow;
    double area = 0;
    for (int i = 0; i < 1500; ++i) {
      // Rounds go from a long edge of thousands of steps to points that sweep most of it away; some have ties.
      double first = uniform(generator);
      double second = (1 - first) * (1 - 0.2 * round * uniform(generator));
      if (round % 2 == 1) {
        first = std::floor(first * 300) / 300;
        second = std::floor(second * 300) / 300;
      }
      double gained = 0;
      const bool added = stairs.add(first, second, 1.0, 1.0, [&](const auto& strip) {
        gained += (strip.to - strip.from) * (strip.level - second);
      });
      area += gained;
      ASSERT_EQ(added, slow.add(first, second)) << "seed 5, round " << round << ", step " << i;
      const double asked = uniform(generator);
      ASSERT_EQ(stairs.level_at(asked, 99.0), slow.level_at(asked)) << "seed 5, round " << round << ", step " << i;
      ASSERT_EQ(stairs.covers(asked, 0.5), slow.level_at(asked) <= 0.5);
    }
    EXPECT_NEAR(area, slow.area(1.0, 1.0), 1e-12) << "seed 5, round " << round;
  }
}

TEST(PointBlocks, FindTheFirstThatIsNowhereWorse) {
  for (const Kind kind : {Kind::cube, Kind::grid, Kind::few_values}) {
    for (const std::size_t d : {1, 2, 5}) {
      const Cloud held = random_cloud(kind, 37, d, 3), asked = random_cloud(kind, 60, d, 4);
      PointBlocks blocks;
      blocks.clear(d);
      for (std::size_t row = 0; row < held.size(); ++row)
        blocks.push(held.view()[row].data());
      blocks.pop();
      const auto nowhere_worse = [](std::span<const double> a, std::span<const double> b) {
        return std::ranges::equal(a, b, [](double x, double y) { return x <= y; });
      };
      for (std::size_t row = 0; row < asked.size(); ++row) {
        const auto point = asked.view()[row];
        std::size_t first = PointBlocks::k_none;
        for (std::size_t place = blocks.size(); place-- > 0;) {
          if (nowhere_worse(held.view()[place], point))
            first = place;
          const unsigned bits = blocks.nowhere_better(place / PointBlocks::k_width, point.data());
          EXPECT_EQ((bits >> place % PointBlocks::k_width & 1U) != 0, nowhere_worse(point, held.view()[place]));
        }
        EXPECT_EQ(blocks.first_nowhere_worse(point.data()), first) << to_text(kind) << ", seeds 3 and 4, row " << row;
      }
    }
  }
}

TEST(StrongPoints, LeaveEveryNonDominatedRow) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t d : {1, 2, 3, 4, 5, 6, 9}) {
      const Cloud points = random_cloud(kind, 4000, d, 29);
      const std::vector<std::uint32_t> rows = rows_not_below_strong_points(points.view());
      EXPECT_TRUE(std::ranges::is_sorted(rows));
      const std::vector<std::size_t> front = non_dominated(points.view());
      EXPECT_TRUE(std::ranges::includes(rows, front)) << to_text(kind) << ", " << d << " dimensions, seed 29";
      if (kind == Kind::cube && d <= 3) {
        EXPECT_LT(rows.size(), 1000U) << d << " dimensions, seed 29";
      }
    }
  }
}

}  // namespace
}  // namespace fairsweep::pareto
