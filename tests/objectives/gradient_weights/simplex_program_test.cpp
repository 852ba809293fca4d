#include "objectives/gradient_weights/simplex_program.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <limits>

#include "core/diagnostics/errors.hpp"
#include "objectives/gradient_weights/square_matrix.hpp"
#include "tests/objectives/gradient_weights/jacobians.hpp"
#include "tests/objectives/gradient_weights/small_system.hpp"

namespace fairsweep {
namespace {

using namespace gradient_cases;  // NOLINT(google-build-using-namespace)

struct Rows {
  std::vector<double> gain;
  std::vector<double> total;
  std::vector<std::vector<double>> coefficients;
  std::vector<double> least;
};

SimplexProgram program_of(const Rows& rows) {
  SimplexProgram program(rows.gain, rows.total);
  for (std::size_t i = 0; i < rows.least.size(); ++i) {
    program.require(rows.coefficients[i], rows.least[i]);
  }
  return program;
}

bool is_feasible(const Rows& rows, const std::vector<double>& at) {
  for (std::size_t i = 0; i < rows.least.size(); ++i) {
    if (dot(rows.coefficients[i], at) < rows.least[i] - 1e-9) {
      return false;
    }
  }
  return std::all_of(at.begin(), at.end(), [](double value) { return value >= -1e-9; });
}

/// The greatest gain over all corners: the total and n - 1 bounds hold with equality.
double greatest_by_enumeration(const Rows& rows) {
  const std::size_t count = rows.gain.size();
  const std::size_t bounds = count + rows.least.size();
  double greatest = -std::numeric_limits<double>::infinity();
  for (unsigned bits = 0; bits < 1U << bounds; ++bits) {
    if (std::popcount(bits) != static_cast<int>(count) - 1) {
      continue;
    }
    std::vector<std::vector<long double>> system;
    system.reserve(count);
    system.emplace_back(rows.total.begin(), rows.total.end()).push_back(1);
    for (const std::size_t bound : members(bits, bounds)) {
      if (bound < count) {
        system.emplace_back(count + 1, 0).at(bound) = 1;
      } else {
        const auto& row = rows.coefficients[bound - count];
        system.emplace_back(row.begin(), row.end()).push_back(rows.least[bound - count]);
      }
    }
    const auto corner = solved(std::move(system), 1e-12L);
    if (corner && is_feasible(rows, *corner)) {
      greatest = std::max(greatest, dot(rows.gain, *corner));
    }
  }
  return greatest;
}

TEST(SimplexProgram, AgreesWithEnumeration) {
  int feasible = 0, infeasible = 0;
  for (std::uint32_t seed = 1; seed <= 1'500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomStream random(seed, 1, 0, Purpose::bootstrap);
    const std::size_t count = 1 + random.below(5);
    const bool whole = random.below(2) == 0;  // many ties and corners on more bounds than needed
    const auto number = [&] { return whole ? static_cast<double>(random.below(5)) - 2 : random.normal(); };
    Rows rows;
    for (std::size_t i = 0; i < count; ++i) {
      rows.gain.push_back(number());
      rows.total.push_back(whole ? 1 : 0.1 + 0.9 * random.uniform());
    }
    const std::size_t bounds = random.below(6);
    for (std::size_t i = 0; i < bounds; ++i) {
      auto& row = rows.coefficients.emplace_back();
      for (std::size_t j = 0; j < count; ++j) {
        row.push_back(number());
      }
      rows.least.push_back(random.below(2) == 0 ? 0 : -std::abs(number()));
    }
    const auto found = program_of(rows).solve();
    const double expected = greatest_by_enumeration(rows);
    ASSERT_EQ(found.has_value(), std::isfinite(expected));
    if (!found) {
      ++infeasible;
      continue;
    }
    ++feasible;
    EXPECT_TRUE(is_feasible(rows, *found));
    EXPECT_NEAR(dot(rows.total, *found), 1, 1e-12);
    EXPECT_NEAR(dot(rows.gain, *found), expected, 1e-9);
  }
  EXPECT_GT(feasible, 500);
  EXPECT_GT(infeasible, 100);
}

TEST(SimplexProgram, ByHand) {
  // Most of x_1, but x_2 >= x_1.
  SimplexProgram program(std::vector{1.0, 0.0}, std::vector{1.0, 1.0});
  program.require(std::vector{-1.0, 1.0}, 0);
  EXPECT_EQ(program.solve(), (std::vector{0.5, 0.5}));
  program.require(std::vector{-1.0, -1.0}, -0.5);
  EXPECT_EQ(program.solve(), std::nullopt);
  EXPECT_EQ(SimplexProgram(std::vector{0.0}, std::vector{0.25}).solve(), std::vector{4.0});
}

TEST(SimplexProgram, RefusesWhatIsNoProgramme) {
  SimplexProgram program(std::vector{1.0, 0.0}, std::vector{1.0, 1.0});
  EXPECT_THROW(program.require(std::vector{1.0}, 0), InternalError);
  EXPECT_THROW(program.require(std::vector{1.0, 1.0}, 0.5), InternalError);
  EXPECT_THROW(SimplexProgram(std::vector{1.0}, std::vector{1.0, 1.0}), InternalError);
}

}  // namespace
}  // namespace fairsweep
