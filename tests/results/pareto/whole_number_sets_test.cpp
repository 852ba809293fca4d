// Points of few whole numbers are ties and copies everywhere, and their volumes are whole numbers of cells: what the
// sweeps say must be exactly what counting says.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "results/pareto/contributions.hpp"
#include "results/pareto/hypervolume.hpp"
#include "tests/results/pareto/point_clouds.hpp"

namespace fairsweep::pareto {
namespace {

using test::Cloud;
using Point = std::vector<double>;

/// Rows of 0 ... values - 1; every eighth is a copy of an earlier one. Those near a plane are rarely dominated.
Cloud whole_numbers(std::size_t rows, std::size_t d, int values, bool near_plane, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::uniform_int_distribution<int> any(0, values - 1);
  Cloud result{{}, d};
  while (result.size() < rows) {
    if (result.size() % 8 == 7) {
      const std::size_t row = generator() % result.size();
      const std::vector<double> copy(result.view()[row].begin(), result.view()[row].end());
      result.add(copy);
      continue;
    }
    Point point(d);
    int sum = 0;
    for (double& x : point) {
      const int value = any(generator);
      sum += value;
      x = value;
    }
    if (!near_plane || std::abs(sum - static_cast<int>(d) * (values - 1) / 2) <= 1)
      result.add(point);
  }
  return result;
}

struct Counted {
  double covered = 0;
  std::vector<double> alone;
};

/// Cell by cell, row by row.
Counted counted_cells(const Cloud& points, int values) {
  Counted result{0, std::vector<double>(points.size(), 0.0)};
  std::vector<int> cell(points.dimensions, 0);
  for (bool more = true; more;) {
    std::size_t times = 0, last = 0;
    for (std::size_t row = 0; row < points.size(); ++row) {
      if (std::ranges::equal(points.view()[row], cell, [](double x, int at) { return x <= at; })) {
        ++times;
        last = row;
      }
    }
    result.covered += times > 0 ? 1 : 0;
    if (times == 1)
      result.alone[last] += 1;
    more = false;
    for (int& at : cell) {
      more = ++at < values;
      if (more)
        break;
      at = 0;
    }
  }
  return result;
}

TEST(WholeNumberSets, VolumesAndContributionsAreWhatCountingSays) {
  for (const std::size_t d : {1, 2, 3, 4, 5, 6}) {
    for (const int values : {2, 3, 5}) {
      for (const bool near_plane : {false, true}) {
        for (const std::size_t rows : {1, 4, 12, 40}) {
          const std::uint64_t seed = 1000 * d + 10 * rows + static_cast<std::uint64_t>(values);
          const std::string name = std::to_string(rows) + " rows of " + std::to_string(values) + " values, " +
                                   std::to_string(d) + " dimensions, seed " + std::to_string(seed);
          const Cloud points = whole_numbers(rows, d, values, near_plane, seed);
          const Counted expected = counted_cells(points, values);
          EXPECT_EQ(hypervolume(points.view(), Point(d, values)), expected.covered) << name;
          EXPECT_EQ(contributions(points.view(), Point(d, values)), expected.alone) << name;
        }
      }
    }
  }
}

/// In each line of cells along the second column, the lowest row covers alone what lies below the next one.
std::vector<double> counted_lines(const Cloud& points, int firsts, int seconds, int thirds) {
  std::vector<double> alone(points.size(), 0.0);
  for (int first = 0; first < firsts; ++first) {
    for (int third = 0; third < thirds; ++third) {
      double lowest = seconds, next = seconds;
      std::size_t lowest_row = 0;
      for (std::size_t row = 0; row < points.size(); ++row) {
        const auto point = points.view()[row];
        if (point[0] > first || point[2] > third)
          continue;
        if (point[1] < lowest) {
          next = lowest;
          lowest = point[1];
          lowest_row = row;
        } else {
          next = std::min(next, point[1]);
        }
      }
      alone[lowest_row] += next - lowest;
    }
  }
  return alone;
}

// Edges of hundreds of steps, which blocks of steps have to be split and joined for.
TEST(WholeNumberSets, LongEdgesOfThreeColumnsAreWhatCountingSays) {
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    std::mt19937_64 generator(seed);
    const int size = seed % 2 == 0 ? 400 : 150;
    Cloud points{{}, 3};
    for (int i = 0; i < 900; ++i) {
      const int first = static_cast<int>(generator() % static_cast<std::uint64_t>(size));
      const int bend = static_cast<int>(generator() % 40);
      const int second = std::clamp(size - 1 - first + bend - 20, 0, size - 1);
      points.add(Point{static_cast<double>(first), static_cast<double>(second), static_cast<double>(generator() % 12)});
    }
    const Point reference{static_cast<double>(size), static_cast<double>(size), 12.0};
    EXPECT_EQ(contributions(points.view(), reference), counted_lines(points, size, size, 12)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace fairsweep::pareto
