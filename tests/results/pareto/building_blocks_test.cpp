// What the filters and sweeps are made of, each against a slow twin.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

#include "results/pareto/non_dominated.hpp"
#include "results/pareto/ordered_search.hpp"
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

TEST(AscendingOrder, AgreesWithSorting) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t rows : {0, 1, 255, 256, 5000}) {
      Cloud points = random_cloud(kind, rows, 3, 19);
      if (kind == Kind::few_values) {  // zero and minus zero are equal
        for (std::size_t i = 0; i < points.values.size(); i += 2)
          points.values[i] = -points.values[i];
      }
      for (const std::size_t column : {0, 1, 2}) {
        std::vector<std::uint32_t> order(rows);
        std::iota(order.begin(), order.end(), std::uint32_t{0});
        std::ranges::stable_sort(order, {}, [&](std::uint32_t row) { return points.view()[row][column]; });
        EXPECT_EQ(ascending_order(points.view(), column), order)
            << to_text(kind) << ", " << rows << " rows, column " << column << ", seed 19";
      }
    }
  }
}

/// The stairs as a map, and the area below (side, top) that a new step gains.
class SlowStairs {
 public:
  struct Step {
    double second;
    std::uint32_t owner;
  };
  bool add(double first, double second, std::uint32_t owner) {
    for (const auto& [x, y] : steps_) {
      if (x <= first && y.second <= second)
        return false;
    }
    std::erase_if(steps_, [&](const auto& step) { return step.first >= first && step.second.second >= second; });
    steps_[first] = {second, owner};
    return true;
  }
  [[nodiscard]] double area(double side, double top) const {
    double sum = 0, level = top;
    for (const auto& [x, y] : steps_) {
      sum += (side - x) * (level - y.second);
      level = y.second;
    }
    return sum;
  }
  [[nodiscard]] double level_at(double first) const {
    const auto after = steps_.upper_bound(first);
    return after == steps_.begin() ? 99.0 : std::prev(after)->second.second;
  }
  [[nodiscard]] const std::map<double, Step>& steps() const { return steps_; }

 private:
  std::map<double, Step> steps_;
};

TEST(Stairs, AgreeWithAMapWhateverGoesInAndOut) {
  std::mt19937_64 generator(5);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  Stairs<double, std::uint32_t> stairs;
  for (int round = 0; round < 6; ++round) {
    stairs.clear();
    SlowStairs slow;
    double area = 0;
    for (std::uint32_t i = 0; i < 1500; ++i) {
      // Rounds go from a long edge of thousands of steps to points that sweep most of it away; some have ties.
      double first = uniform(generator);
      double second = (1 - first) * (1 - 0.2 * round * uniform(generator));
      if (round % 2 == 1) {
        first = std::floor(first * 300) / 300;
        second = std::floor(second * 300) / 300;
      }
      double gained = 0;
      const auto before = slow.steps();
      const bool added = stairs.add(
          first, second, 1.0, 1.0,
          [&](const auto& strip) {
            gained += (strip.to - strip.from) * (strip.level - second);
            if (strip.above == stairs.nobody())
              EXPECT_EQ(strip.level, 1.0);
            else
              EXPECT_EQ(std::prev(before.upper_bound(strip.from))->second.owner, strip.above);
            if (strip.beside == stairs.nobody())
              EXPECT_EQ(strip.to, 1.0);
            else
              EXPECT_EQ(before.at(strip.to).owner, strip.beside);
          },
          i);
      area += gained;
      ASSERT_EQ(added, slow.add(first, second, i)) << "seed 5, round " << round << ", step " << i;
      ASSERT_EQ(stairs.size(), slow.steps().size()) << "seed 5, round " << round << ", step " << i;
      const double asked = uniform(generator);
      ASSERT_EQ(stairs.level_at(asked, 99.0), slow.level_at(asked)) << "seed 5, round " << round << ", step " << i;
      ASSERT_EQ(stairs.covers(asked, 0.5), slow.level_at(asked) <= 0.5);
    }
    EXPECT_NEAR(area, slow.area(1.0, 1.0), 1e-12) << "seed 5, round " << round;
    auto expected = slow.steps().begin();
    EXPECT_EQ(stairs.owner_before(expected->first - 1), stairs.nobody());
    stairs.for_each([&](double first, double second, std::uint32_t owner) {
      EXPECT_EQ(first, expected->first) << "seed 5, round " << round;
      EXPECT_EQ(second, expected->second.second) << "seed 5, round " << round;
      EXPECT_EQ(owner, expected->second.owner) << "seed 5, round " << round;
      EXPECT_EQ(stairs.owner_before(first), owner) << "seed 5, round " << round;
      ++expected;
    });
    EXPECT_EQ(expected, slow.steps().end()) << "seed 5, round " << round;
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

TEST(OrderedSearch, CountsWhatIsNotAbove) {
  std::mt19937_64 generator(41);
  for (std::size_t count = 0; count < 70; ++count) {
    std::vector<double> values(count);
    for (double& value : values)
      value = static_cast<double>(generator() % 20);
    std::ranges::sort(values);
    for (double asked = -0.5; asked < 21; asked += 0.5) {
      EXPECT_EQ(count_not_above(values.data(), count, asked),
                static_cast<std::size_t>(std::ranges::upper_bound(values, asked) - values.begin()))
          << count << " values, " << asked << ", seed 41";
    }
  }
}

// The filter proper begins with the strong points, so that it is no witness here.
TEST(StrongPoints, LeaveWhatNobodyDominates) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t d : {1, 2, 3, 4, 5, 6, 9}) {
      const Cloud points = random_cloud(kind, 1500, d, 37);
      std::vector<std::uint32_t> front;
      for (std::uint32_t row = 0; row < points.size(); ++row) {
        bool good = true;
        for (std::size_t other = 0; other < points.size() && good; ++other)
          good = !dominates(points.view()[other], points.view()[row]);
        if (good)
          front.push_back(row);
      }
      EXPECT_TRUE(std::ranges::includes(rows_not_below_strong_points(points.view()), front))
          << to_text(kind) << ", " << d << " dimensions, seed 37";
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
