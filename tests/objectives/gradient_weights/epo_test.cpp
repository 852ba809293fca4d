#include "objectives/gradient_weights/epo.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "core/diagnostics/errors.hpp"
#include "tests/objectives/gradient_weights/jacobians.hpp"
#include "tests/objectives/gradient_weights/small_system.hpp"

namespace fairsweep {
namespace {

using namespace gradient_cases;  // NOLINT(google-build-using-namespace)

/// What the authors' code would hand to its solver, on the Gramian itself: the greatest gain^T w over the simplex with
/// rows w >= least.
struct Programme {
  std::vector<double> gain;
  std::vector<std::vector<double>> rows;
  std::vector<double> least;
  bool balances = false;
};

Programme programme_of(const Jacobian& jacobian, const std::vector<double>& losses, std::vector<double> ray) {
  const std::size_t count = losses.size();
  const double size = length(ray);
  for (double& value : ray) {
    value /= size;
  }
  std::vector<double> weighted(count), anchor(count), pull(count, 0.0);
  for (std::size_t i = 0; i < count; ++i) {
    weighted[i] = ray[i] * losses[i];
  }
  const double sum = std::accumulate(weighted.begin(), weighted.end(), 0.0);
  double non_uniformity = 0;
  for (const double value : weighted) {
    non_uniformity += value / sum * std::log(static_cast<double>(count) * value / sum);
  }
  for (std::size_t i = 0; i < count; ++i) {
    anchor[i] = ray[i] * (std::log(static_cast<double>(count) * weighted[i] / sum) - non_uniformity);
  }
  std::vector<std::vector<double>> gramian(count, std::vector<double>(count));
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      gramian[i][j] = inner(jacobian.rows[i], jacobian.rows[j]);
      pull[i] += gramian[i][j] * anchor[j];
    }
  }
  Programme programme{.gain = pull, .rows = {}, .least = {}, .balances = non_uniformity > 1e-4};
  const double greatest_pull = *std::max_element(pull.begin(), pull.end());
  const double greatest = *std::max_element(weighted.begin(), weighted.end());
  for (std::size_t i = 0; i < count; ++i) {
    const bool free = programme.balances && greatest_pull > 0 && pull[i] > 0 && weighted[i] != greatest;
    if (!free) {
      const bool may_fall = programme.balances && greatest_pull > 0 && weighted[i] != greatest;
      programme.rows.push_back(gramian[i]);
      programme.least.push_back(may_fall ? pull[i] : 0);
    }
  }
  if (!programme.balances) {
    programme.rows.push_back(pull);
    programme.least.push_back(std::min(0.0, greatest_pull));
    programme.gain.assign(count, 0.0);
    for (const auto& row : gramian) {
      for (std::size_t j = 0; j < count; ++j) {
        programme.gain[j] += row[j];
      }
    }
  }
  return programme;
}

bool is_feasible(const Programme& programme, const std::vector<double>& weights) {
  for (std::size_t i = 0; i < programme.least.size(); ++i) {
    if (inner(programme.rows[i], weights) < programme.least[i] - 1e-9) {
      return false;
    }
  }
  return std::all_of(weights.begin(), weights.end(), [](double value) { return value >= -1e-12; });
}

/// The greatest gain over all corners; nothing where there is none.
std::optional<double> greatest_by_enumeration(const Programme& programme) {
  const std::size_t count = programme.gain.size();
  const std::size_t bounds = count + programme.least.size();
  std::optional<double> greatest;
  for (unsigned bits = 0; bits < 1U << bounds; ++bits) {
    if (std::popcount(bits) != static_cast<int>(count) - 1) {
      continue;
    }
    std::vector<std::vector<long double>> system(1, std::vector<long double>(count + 1, 1));
    for (const std::size_t bound : members(bits, bounds)) {
      if (bound < count) {
        system.emplace_back(count + 1, 0).at(bound) = 1;
      } else {
        const auto& row = programme.rows[bound - count];
        system.emplace_back(row.begin(), row.end()).push_back(programme.least[bound - count]);
      }
    }
    const auto corner = solved(std::move(system), 1e-12L);
    if (corner && is_feasible(programme, *corner)) {
      greatest = std::max(greatest.value_or(-std::numeric_limits<double>::infinity()), inner(programme.gain, *corner));
    }
  }
  return greatest;
}

TEST(Epo, SolvesTheProgrammesOfItsAuthors) {
  int balanced = 0, descended = 0, relaxed = 0;
  for (const Nasty kind : {Nasty::plain, Nasty::dependent, Nasty::copies, Nasty::opposed, Nasty::whole}) {
    for (std::size_t losses = 1; losses <= 5; ++losses) {
      for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        const auto jacobian = random_jacobian(kind, losses, seed);
        SCOPED_TRACE(jacobian.name);
        if (gramian_of(jacobian).present().size() != losses) {
          continue;
        }
        RandomStream random(seed, 11, 0, Purpose::bootstrap);
        const bool on_ray = random.below(2) == 0;
        std::vector<double> values(losses), ray(losses);
        for (std::size_t i = 0; i < losses; ++i) {
          ray[i] = 0.1 + random.uniform();
          values[i] = (on_ray ? 1 + 0.01 * random.uniform() : 0.1 + random.uniform()) / ray[i];
        }
        const auto programme = programme_of(jacobian, values, ray);
        const auto expected = greatest_by_enumeration(programme);
        const auto weights = epo_weights(gramian_of(jacobian), values, ray);
        EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, 1e-14);
        if (!expected) {
          ++relaxed;
          auto rest = programme;
          ASSERT_FALSE(programme.balances) << "MGDA's weights fulfil every row";
          rest.rows.pop_back();
          rest.least.pop_back();
          const auto without = greatest_by_enumeration(rest);
          ASSERT_TRUE(without.has_value());
          EXPECT_TRUE(is_feasible(rest, weights));
          EXPECT_NEAR(inner(rest.gain, weights), *without, 1e-8);
          continue;
        }
        ++(programme.balances ? balanced : descended);
        EXPECT_TRUE(is_feasible(programme, weights));
        EXPECT_NEAR(inner(programme.gain, weights), *expected, 1e-8);
      }
    }
  }
  EXPECT_GT(balanced, 300);
  EXPECT_GT(descended, 300);
  EXPECT_GT(relaxed, 0);
}

// Losses 2 and 1 where both should be equal: s = (2/3, 1/3), and only the first is to fall, also at the second's cost,
// as far as the anchor goes. With r = (1, 1) / sqrt 2, a = (log(4/3) - mu, log(2/3) - mu) / sqrt 2, where log(4/3) -
// log(2/3) = log 2 makes it (log 2 / 3, -2 log 2 / 3) / sqrt 2.
TEST(Epo, BalancesByHand) {
  const std::vector<double> losses{2, 1}, ray{1, 1};
  EXPECT_EQ(epo_weights(Gramian(std::vector{1.0, 0.0, 0.0, 1.0}, 2), losses, ray), (std::vector{1.0, 0.0}));
  // (G w)_2 = 1 - 3/2 w_1 may fall to (G a)_2 = -(log 2 / 3) (1/2 + 2) / sqrt 2.
  const double least = -std::log(2.0) / 3 * 2.5 / std::sqrt(2.0);
  const auto weights = epo_weights(Gramian(std::vector{1.0, -0.5, -0.5, 1.0}, 2), losses, ray);
  EXPECT_NEAR(weights[0], (1 - least) / 1.5, 1e-14);
  EXPECT_NEAR(weights[1], 1 - (1 - least) / 1.5, 1e-14);
  EXPECT_EQ(epo_weights(Gramian(std::vector{1.0, 0.0, 0.0, 1.0}, 2), losses, std::vector{0.25, 1.0}),
            (std::vector{0.0, 1.0}));
}

// On the ray: the greatest summed gain that harms no one. G w = (4 w_1 - w_2, w_2 - w_1): w_1 <= 1/2.
TEST(Epo, DescendsByHand) {
  const auto weights =
      epo_weights(Gramian(std::vector{4.0, -1.0, -1.0, 1.0}, 2), std::vector{1.0, 0.5}, std::vector{1.0, 2.0});
  EXPECT_NEAR(weights[0], 0.5, 1e-15);
  EXPECT_NEAR(weights[1], 0.5, 1e-15);
}

TEST(Epo, DoesNotMindTheUnitsOfLossesAndRay) {
  const auto jacobian = random_jacobian(Nasty::plain, 4, 2);
  const std::vector<double> losses{1, 2, 3, 0.5}, ray{1, 1, 0.5, 1};
  const auto expected = epo_weights(gramian_of(jacobian), losses, ray);
  for (const double unit : {0x1p-300, 0x1p-2, 0x1p300}) {
    auto other_losses = losses, other_ray = ray;
    for (std::size_t i = 0; i < 4; ++i) {
      other_losses[i] *= unit;
      other_ray[i] *= unit;
    }
    EXPECT_EQ(epo_weights(gramian_of(jacobian), other_losses, ray), expected) << unit;
    EXPECT_EQ(epo_weights(gramian_of(jacobian), losses, other_ray), expected) << unit;
  }
}

TEST(Epo, AnswersLossesThatAreNoneWithNone) {
  const Gramian gramian(std::vector{1.0, 0.0, 0.0, 1.0}, 2);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {-1.0, nan, std::numeric_limits<double>::infinity()}) {
    EXPECT_TRUE(std::isnan(epo_weights(gramian, std::vector{1.0, bad}, std::vector{1.0, 1.0})[0])) << bad;
  }
  const auto none_left = epo_weights(gramian, std::vector{1.0, 0.0}, std::vector{1.0, 1.0});
  EXPECT_EQ(none_left, (std::vector{1.0, 0.0}));
  const auto nothing = epo_weights(gramian, std::vector{0.0, 0.0}, std::vector{1.0, 1.0});
  EXPECT_NEAR(nothing[0] + nothing[1], 1, 1e-15);
  EXPECT_THROW((void)epo_weights(gramian, std::vector{1.0}, std::vector{1.0, 1.0}), InternalError);
  for (const double bad : {0.0, -1.0, nan}) {
    EXPECT_THROW((void)epo_weights(gramian, std::vector{1.0, 1.0}, std::vector{1.0, bad}), InternalError);
  }
}

// What it is for: gradient descent from one start to the points of the front on several rays. The losses are
// 1 - exp(-|x - a|^2) and 1 - exp(-|x + a|^2); the front is the segment from -a to a.
TEST(Epo, LeadsToThePointOfTheFrontOnTheRay) {
  const std::size_t size = 5;
  const double centre = 1 / std::sqrt(static_cast<double>(size));
  for (const double tilt : {0.2, 0.5, 1.0, 3.0, 8.0}) {
    SCOPED_TRACE("ray 1 : " + std::to_string(tilt));
    RandomStream random(17, 0, 0, Purpose::bootstrap);
    std::vector<double> at(size), losses(2);
    for (double& value : at) {
      value = 0.3 * random.normal();
    }
    const std::vector<double> ray{1, tilt};
    for (int step = 0; step < 3'000; ++step) {
      Jacobian jacobian{.name = "toy", .rows = std::vector(2, std::vector<double>(size))};
      for (std::size_t i = 0; i < 2; ++i) {
        const double sign = i == 0 ? -1 : 1;
        double square = 0;
        for (const double value : at) {
          square += (value + sign * centre) * (value + sign * centre);
        }
        losses[i] = 1 - std::exp(-square);
        for (std::size_t k = 0; k < size; ++k) {
          jacobian.rows[i][k] = 2 * std::exp(-square) * (at[k] + sign * centre);
        }
      }
      const auto direction = step_of(jacobian, epo_weights(gramian_of(jacobian), losses, ray));
      for (std::size_t k = 0; k < size; ++k) {
        at[k] -= 0.01 * direction[k];
      }
    }
    EXPECT_NEAR(ray[0] * losses[0] / (ray[1] * losses[1]), 1, 0.05);
    const double along = std::accumulate(at.begin(), at.end(), 0.0) * centre;  // -1 .. 1 on the front
    EXPECT_LT(std::abs(along), 1);
    for (const double value : at) {
      EXPECT_NEAR(value, along * centre, 0.02);
    }
  }
}

}  // namespace
}  // namespace fairsweep
