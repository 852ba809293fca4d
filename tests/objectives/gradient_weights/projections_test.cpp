#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/diagnostics/errors.hpp"
#include "objectives/gradient_weights/dual_proj.hpp"
#include "objectives/gradient_weights/pcgrad.hpp"
#include "objectives/gradient_weights/upgrad.hpp"
#include "tests/objectives/gradient_weights/jacobians.hpp"
#include "tests/objectives/gradient_weights/small_system.hpp"

namespace fairsweep {
namespace {

using namespace gradient_cases;  // NOLINT(google-build-using-namespace)

bool is_of_order_one(const Jacobian& jacobian) {
  switch (jacobian.kind) {
    case Nasty::tiny:
    case Nasty::huge:
    case Nasty::mixed:
    case Nasty::far_mixed:
      return false;
    default:
      return std::all_of(jacobian.rows.begin(), jacobian.rows.end(),
                         [](const auto& row) { return length(row) > 1e-2; });
  }
}

/// The projection of `vector` onto {d : J d >= 0}: of all faces, each projected onto by a linear system, the nearest
/// point that lies in the cone.
std::vector<double> projection_by_enumeration(const Jacobian& jacobian, const std::vector<double>& vector) {
  std::vector<double> best;
  double least = std::numeric_limits<double>::infinity();
  for (unsigned bits = 0; bits < 1U << jacobian.losses(); ++bits) {
    const auto face = members(bits, jacobian.losses());
    std::vector<std::vector<long double>> rows;
    rows.reserve(face.size());
    for (const std::size_t i : face) {
      auto& row = rows.emplace_back();
      row.reserve(face.size() + 1);
      for (const std::size_t j : face) {
        row.push_back(inner(jacobian.rows[i], jacobian.rows[j]));
      }
      row.push_back(-inner(jacobian.rows[i], vector));
    }
    const auto solution = solved(std::move(rows), 1e-12L);
    if (!solution) {
      continue;
    }
    auto point = vector;
    for (std::size_t k = 0; k < face.size(); ++k) {
      for (std::size_t column = 0; column < point.size(); ++column) {
        point[column] += (*solution)[k] * jacobian.rows[face[k]][column];
      }
    }
    if (worst_conflict(jacobian, point) < 1e-9 && distance(point, vector) < least) {
      least = distance(point, vector);
      best = point;
    }
  }
  return best;
}

std::vector<double> mean_row(const Jacobian& jacobian) {
  return step_of(jacobian, std::vector(jacobian.losses(), 1.0 / static_cast<double>(jacobian.losses())));
}

TEST(Projections, AgreeWithEnumeration) {
  int seen = 0;
  for (const auto& jacobian : random_jacobians(6, 8)) {
    if (!is_of_order_one(jacobian) || jacobian.kind == Nasty::nearly_opposed || jacobian.kind == Nasty::near_copies) {
      continue;
    }
    SCOPED_TRACE(jacobian.name);
    ++seen;
    std::vector<double> mean(jacobian.rows.front().size(), 0.0);
    for (const auto& row : jacobian.rows) {
      const auto projected = projection_by_enumeration(jacobian, row);
      for (std::size_t k = 0; k < mean.size(); ++k) {
        mean[k] += projected[k] / static_cast<double>(jacobian.losses());
      }
    }
    const double unit = greatest_length(jacobian);
    EXPECT_LE(distance(step_of(jacobian, upgrad_weights(gramian_of(jacobian))), mean), 1e-7 * unit);
    const auto of_mean = projection_by_enumeration(jacobian, mean_row(jacobian));
    EXPECT_LE(distance(step_of(jacobian, dual_proj_weights(gramian_of(jacobian))), of_mean), 1e-7 * unit);
  }
  EXPECT_GT(seen, 200);
}

TEST(DualProj, HasACertificate) {
  for (const auto& jacobian : random_jacobians(10, 12)) {
    SCOPED_TRACE(jacobian.name);
    const auto gramian = gramian_of(jacobian);
    const auto weights = dual_proj_weights(gramian);
    const auto step = step_of(jacobian, weights);
    const double unit = greatest_length(jacobian);
    double slack = 0;
    for (const std::size_t i : gramian.present()) {
      const double start = 1 / static_cast<double>(gramian.present().size());
      EXPECT_GE(weights[i], start);
      const double along = inner(jacobian.rows[i], step);
      EXPECT_GE(along, -1e-7 * length(jacobian.rows[i]) * unit);
      slack += (weights[i] - start) * along;
    }
    EXPECT_NEAR(slack, 0, tolerance_for(jacobian, 1e-7) * unit * unit);
  }
}

// With the preference split in any two parts the step is the sum of the parts' steps.
TEST(Upgrad, IsLinearInTheLengths) {
  for (const auto& jacobian : random_jacobians(8, 6)) {
    if (!is_of_order_one(jacobian)) {
      continue;
    }
    SCOPED_TRACE(jacobian.name);
    RandomStream random(5, 0, 0, Purpose::bootstrap);
    auto one = jacobian, two = jacobian, both = jacobian;
    for (std::size_t i = 0; i < jacobian.losses(); ++i) {
      const double first = 0.1 + random.uniform(), second = 0.1 + 5 * random.uniform();
      for (std::size_t k = 0; k < jacobian.rows[i].size(); ++k) {
        one.rows[i][k] *= first;
        two.rows[i][k] *= second;
        both.rows[i][k] *= first + second;
      }
    }
    const auto sum = [&] {
      auto result = step_of(one, upgrad_weights(gramian_of(one)));
      const auto other = step_of(two, upgrad_weights(gramian_of(two)));
      for (std::size_t k = 0; k < result.size(); ++k) {
        result[k] += other[k];
      }
      return result;
    }();
    EXPECT_LE(distance(step_of(both, upgrad_weights(gramian_of(both))), sum),
              tolerance_for(jacobian, 1e-6) * greatest_length(both));
  }
}

TEST(Upgrad, OfTwoIsHalfOfPcgrad) {
  for (const auto& jacobian : random_jacobians(2, 100)) {
    if (jacobian.losses() != 2 || gramian_of(jacobian).present().size() != 2) {
      continue;
    }
    SCOPED_TRACE(jacobian.name);
    const auto upgrad = step_of(jacobian, upgrad_weights(gramian_of(jacobian)));
    auto pcgrad = step_of(jacobian, pcgrad_weights(gramian_of(jacobian), {{0, 1}, {0, 1}}));
    for (double& value : pcgrad) {
      value /= 2;
    }
    EXPECT_LE(distance(upgrad, pcgrad), 1e-9 * greatest_length(jacobian));
  }
}

TEST(Projections, RegulariseByAShareOfTheTrace) {
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    const auto jacobian = random_jacobian(Nasty::plain, 1 + seed % 8, seed);
    SCOPED_TRACE(jacobian.name);
    const std::size_t losses = jacobian.losses();
    auto values = gramian_values(jacobian);
    double trace = 0;
    for (std::size_t i = 0; i < losses; ++i) {
      trace += values[i * losses + i];
    }
    for (std::size_t i = 0; i < losses; ++i) {
      values[i * losses + i] += 0.03 * trace;
    }
    const auto upgrad = upgrad_weights(gramian_of(jacobian), 0.03);
    const auto dual_proj = dual_proj_weights(gramian_of(jacobian), 0.03);
    for (std::size_t i = 0; i < losses; ++i) {
      EXPECT_NEAR(upgrad[i], upgrad_weights(Gramian(values, losses))[i], 1e-12);
      EXPECT_NEAR(dual_proj[i], dual_proj_weights(Gramian(values, losses))[i], 1e-12);
    }
  }
  EXPECT_THROW((void)upgrad_weights(Gramian(std::vector{1.0}, 1), -1e-4), InternalError);
  EXPECT_THROW((void)dual_proj_weights(Gramian(std::vector{1.0}, 1), std::numeric_limits<double>::infinity()),
               InternalError);
}

// By hand: g = (1, 0), (-1, 1), (0, 1). (1, 0) becomes (1/2, 1/2), (-1, 1) becomes (0, 1), (0, 1) stays.
TEST(Upgrad, ByHand) {
  const Jacobian jacobian{.name = "three", .rows = {{1, 0}, {-1, 1}, {0, 1}}};
  const auto step = step_of(jacobian, upgrad_weights(gramian_of(jacobian)));
  EXPECT_NEAR(step[0], 0.5 / 3, 1e-15);
  EXPECT_NEAR(step[1], 2.5 / 3, 1e-15);
}

}  // namespace
}  // namespace fairsweep
