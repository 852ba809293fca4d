#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "core/diagnostics/errors.hpp"
#include "objectives/gradient_weights/cagrad.hpp"
#include "objectives/gradient_weights/dual_proj.hpp"
#include "objectives/gradient_weights/epo.hpp"
#include "objectives/gradient_weights/mgda.hpp"
#include "objectives/gradient_weights/nash_mtl.hpp"
#include "objectives/gradient_weights/pcgrad.hpp"
#include "objectives/gradient_weights/upgrad.hpp"
#include "tests/objectives/gradient_weights/jacobians.hpp"

namespace fairsweep {
namespace {

using namespace gradient_cases;  // NOLINT(google-build-using-namespace)

/// The losses beside the gradients, of which permutation equivariance takes the order.
struct Beside {
  std::vector<double> losses;
  std::vector<double> ray;
  PcgradOrders orders;
};

struct Method {
  std::string name;
  std::function<std::vector<double>(const Gramian&, const Beside&)> weights;
  bool step_is_unique = true;  ///< else a linear programme may choose
  bool never_conflicts = false;
};

const std::vector<Method>& methods() {
  const double no_limit = std::numeric_limits<double>::infinity();
  static const std::vector<Method> all = {
      {.name = "mgda",
       .weights = [](const auto& gramian, const auto&) { return mgda_weights(gramian); },
       .never_conflicts = true},
      {.name = "pcgrad",
       .weights = [](const auto& gramian, const auto& beside) { return pcgrad_weights(gramian, beside.orders); }},
      {.name = "cagrad 0", .weights = [](const auto& gramian, const auto&) { return cagrad_weights(gramian, 0); }},
      {.name = "cagrad 0.1", .weights = [](const auto& gramian, const auto&) { return cagrad_weights(gramian, 0.1); }},
      {.name = "cagrad 0.5", .weights = [](const auto& gramian, const auto&) { return cagrad_weights(gramian, 0.5); }},
      {.name = "cagrad 0.9", .weights = [](const auto& gramian, const auto&) { return cagrad_weights(gramian, 0.9); }},
      {.name = "cagrad 1.5",
       .weights = [](const auto& gramian, const auto&) { return cagrad_weights(gramian, 1.5); },
       .never_conflicts = true},
      {.name = "nash_mtl",
       .weights = [](const auto& gramian, const auto&) { return nash_mtl_weights(gramian, 1); },
       .never_conflicts = true},
      {.name = "nash_mtl without limit",
       .weights = [=](const auto& gramian, const auto&) { return nash_mtl_weights(gramian, no_limit); },
       .never_conflicts = true},
      {.name = "upgrad",
       .weights = [](const auto& gramian, const auto&) { return upgrad_weights(gramian); },
       .never_conflicts = true},
      {.name = "upgrad 1e-4",
       .weights = [](const auto& gramian, const auto&) { return upgrad_weights(gramian, 1e-4); }},
      {.name = "dual_proj",
       .weights = [](const auto& gramian, const auto&) { return dual_proj_weights(gramian); },
       .never_conflicts = true},
      {.name = "dual_proj 1e-4",
       .weights = [](const auto& gramian, const auto&) { return dual_proj_weights(gramian, 1e-4); }},
      {.name = "epo",
       .weights = [](const auto& gramian,
                     const auto& beside) { return epo_weights(gramian, beside.losses, beside.ray); },
       .step_is_unique = false},
  };
  return all;
}

Beside beside(std::size_t losses, std::uint32_t seed) {
  RandomStream random(seed, 99, static_cast<std::uint32_t>(losses), Purpose::bootstrap);
  Beside result;
  result.losses.resize(losses);
  result.ray.resize(losses);
  for (std::size_t i = 0; i < losses; ++i) {
    result.losses[i] = random.uniform() + 0.1;
    result.ray[i] = random.uniform() + 0.1;
  }
  result.orders = pcgrad_orders(losses, random);
  return result;
}

TEST(EveryMethod, GivesFiniteWeightsAndTheSameOnesAgain) {
  for (const auto& jacobian : random_jacobians(10, 6)) {
    const auto gramian = gramian_of(jacobian);
    const auto more = beside(jacobian.losses(), 1);
    for (const auto& method : methods()) {
      SCOPED_TRACE(method.name + ", " + jacobian.name);
      const auto weights = method.weights(gramian, more);
      ASSERT_EQ(weights.size(), jacobian.losses());
      for (std::size_t i = 0; i < weights.size(); ++i) {
        EXPECT_TRUE(std::isfinite(weights[i])) << i;
        EXPECT_GE(weights[i], 0) << i;
        if (length(jacobian.rows[i]) == 0) {
          EXPECT_EQ(weights[i], 0) << i;
        }
      }
      EXPECT_EQ(method.weights(gramian_of(jacobian), more), weights);
    }
  }
}

TEST(EveryMethod, HarmsNoLossWhereItPromisesTo) {
  for (const auto& jacobian : random_jacobians(10, 20)) {
    const auto gramian = gramian_of(jacobian);
    const auto more = beside(jacobian.losses(), 1);
    for (const auto& method : methods()) {
      if (method.never_conflicts) {
        SCOPED_TRACE(method.name + ", " + jacobian.name);
        const auto step = step_of(jacobian, method.weights(gramian, more));
        const double unit = method.name.starts_with("nash") ? length(step) : greatest_length(jacobian);
        EXPECT_LE(worst_conflict(jacobian, step), 1e-6 * unit);
      }
    }
  }
}

// Losses in another order: the same step. (The weights may differ where the gradients depend on each other.)
TEST(EveryMethod, DoesNotMindTheOrderOfLosses) {
  for (const auto& jacobian : random_jacobians(10, 6)) {
    const std::size_t losses = jacobian.losses();
    RandomStream random(3, 98, static_cast<std::uint32_t>(losses), Purpose::bootstrap);
    const auto order = random.permutation(static_cast<std::uint32_t>(losses));
    std::vector<std::uint32_t> place(losses);
    for (std::uint32_t i = 0; i < losses; ++i) {
      place[order[i]] = i;
    }
    const auto more = beside(losses, 1);
    auto shuffled = jacobian;
    auto shuffled_more = more;
    for (std::size_t i = 0; i < losses; ++i) {
      shuffled.rows[i] = jacobian.rows[order[i]];
      shuffled_more.losses[i] = more.losses[order[i]];
      shuffled_more.ray[i] = more.ray[order[i]];
      shuffled_more.orders[i] = more.orders[order[i]];
      for (auto& loss : shuffled_more.orders[i]) {
        loss = place[loss];
      }
    }
    for (const auto& method : methods()) {
      if (!method.step_is_unique) {
        continue;
      }
      SCOPED_TRACE(method.name + ", " + jacobian.name);
      const auto step = step_of(jacobian, method.weights(gramian_of(jacobian), more));
      const auto other = step_of(shuffled, method.weights(gramian_of(shuffled), shuffled_more));
      const double unit = method.name.starts_with("nash") ? std::max(length(step), 1.0) : greatest_length(jacobian);
      EXPECT_LE(distance(step, other), tolerance_for(jacobian, 1e-6) * unit);
    }
  }
}

// All losses 1024 times larger: the same weights, or for the one that is invariant 1024 times smaller ones.
TEST(EveryMethod, DoesNotMindTheUnitOfLosses) {
  for (const auto& jacobian : random_jacobians(10, 6)) {
    auto larger = jacobian;
    for (auto& row : larger.rows) {
      for (double& value : row) {
        value *= 1024;
      }
    }
    auto more = beside(jacobian.losses(), 1);
    for (const auto& method : methods()) {
      SCOPED_TRACE(method.name + ", " + jacobian.name);
      auto weights = method.weights(gramian_of(jacobian), more);
      if (method.name.starts_with("nash")) {
        for (double& weight : weights) {
          weight /= 1024;
        }
      }
      EXPECT_EQ(method.weights(gramian_of(larger), more), weights);
    }
  }
}

TEST(EveryMethod, LosesNothingToASingleLoss) {
  for (const double size : {1e-75, 3.0, 1e75}) {
    const Jacobian jacobian{.name = "one", .rows = {{0, size, 0}}};
    for (const auto& method : methods()) {
      SCOPED_TRACE(method.name);
      const auto weights = method.weights(gramian_of(jacobian), beside(1, 1));
      const double expected = method.name.starts_with("nash")         ? 1 / size
                              : method.name.starts_with("cagrad 0.1") ? 1.1
                              : method.name.starts_with("cagrad 0.5") ? 1.5
                              : method.name.starts_with("cagrad 0.9") ? 1.9
                              : method.name.starts_with("cagrad 1.5") ? 2.5
                                                                      : 1;
      EXPECT_NEAR(weights[0] / expected, 1, 1e-14);
    }
  }
}

TEST(EveryMethod, LeavesOutALossWithoutGradient) {
  for (const auto& jacobian : random_jacobians(6, 4)) {
    const std::size_t losses = jacobian.losses();
    const auto more = beside(losses, 1);
    Jacobian longer{.name = jacobian.name, .rows = {std::vector<double>(jacobian.rows.front().size(), 0.0)}};
    Beside longer_more{.losses = {0.0}, .ray = {5.0}, .orders = PcgradOrders(losses + 1)};
    for (std::size_t i = 0; i < losses; ++i) {
      longer.rows.push_back(jacobian.rows[i]);
      longer_more.losses.push_back(more.losses[i]);
      longer_more.ray.push_back(more.ray[i]);
      for (const std::uint32_t loss : more.orders[i]) {
        longer_more.orders[i + 1].push_back(loss + 1);
      }
      longer_more.orders[i + 1].push_back(0);
    }
    for (const auto& method : methods()) {
      SCOPED_TRACE(method.name + ", " + jacobian.name);
      const auto expected = method.weights(gramian_of(jacobian), more);
      const auto weights = method.weights(gramian_of(longer), longer_more);
      EXPECT_EQ(weights[0], 0);
      EXPECT_EQ(std::vector(weights.begin() + 1, weights.end()), expected);
    }
  }
}

TEST(EveryMethod, GivesZerosWhereThereIsNoGradient) {
  const Jacobian jacobian{.name = "nothing", .rows = {{0, 0}, {0, 0}, {0, 0}}};
  for (const auto& method : methods()) {
    EXPECT_EQ(method.weights(gramian_of(jacobian), beside(3, 1)), std::vector<double>(3, 0.0)) << method.name;
  }
}

TEST(EveryMethod, AnswersNumbersThatAreNoneWithNone) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {nan, infinity, -infinity}) {
    for (std::size_t at = 0; at < 9; ++at) {
      std::vector<double> values{2, 1, 0, 1, 2, 1, 0, 1, 2};
      values[at] = bad;
      for (const auto& method : methods()) {
        const auto weights = method.weights(Gramian(values, 3), beside(3, 1));
        ASSERT_EQ(weights.size(), 3U);
        for (const double weight : weights) {
          EXPECT_TRUE(std::isnan(weight)) << method.name << ", " << bad << " at " << at;
        }
      }
    }
  }
  const std::vector<double> negative{2, 1, 1, -1};
  for (const auto& method : methods()) {
    EXPECT_TRUE(std::isnan(method.weights(Gramian(negative, 2), beside(2, 1))[0])) << method.name;
  }
}

// Exactly opposed unit gradients: nothing helps both. The methods that harm no one, and those that need not choose,
// stand still.
TEST(EveryMethod, StandsStillBetweenOpposedUnitGradients) {
  const Jacobian jacobian{.name = "opposed", .rows = {{1, 0}, {-1, 0}}};
  auto more = beside(2, 1);
  more.losses = more.ray = {1, 1};
  for (const auto& method : methods()) {
    SCOPED_TRACE(method.name);
    const auto step = step_of(jacobian, method.weights(gramian_of(jacobian), more));
    EXPECT_NEAR(length(step), 0, 1e-15);
  }
}

TEST(EveryMethod, GivesOrthogonalEqualGradientsEqualWeights) {
  const Jacobian jacobian{.name = "orthogonal", .rows = {{2, 0, 0}, {0, 2, 0}, {0, 0, 2}}};
  auto more = beside(3, 1);
  more.losses = more.ray = {1, 1, 1};
  for (const auto& method : methods()) {
    if (method.step_is_unique) {
      const auto weights = method.weights(gramian_of(jacobian), more);
      EXPECT_NEAR(weights[0], weights[1], 1e-15) << method.name;
      EXPECT_NEAR(weights[0], weights[2], 1e-15) << method.name;
      EXPECT_GT(weights[0], 0.1) << method.name;
    }
  }
}

TEST(Gramian, HoldsWhatIsAskedOfIt) {
  const std::vector<double> values{4, 1, 0, 3, 9, 0, 0, 0, 0};  // half of 1 and of 3 counts
  const Gramian gramian(values, 3);
  EXPECT_EQ(gramian.present(), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(gramian.gradients().lengths, (std::vector{2.0, 3.0}));
  EXPECT_EQ(gramian.gradients().cosines(0, 1), 2.0 / 6);
  EXPECT_EQ(gramian.gradients().cosines(1, 0), 2.0 / 6);
  const auto ridged = gramian.with_ridge(0.5).gradients();  // 6.5 more on the diagonal
  EXPECT_NEAR(ridged.lengths[0], std::sqrt(10.5), 1e-15);
  EXPECT_NEAR(ridged.lengths[1], std::sqrt(15.5), 1e-15);
  EXPECT_NEAR(ridged.cosines(0, 1), 2 / std::sqrt(10.5 * 15.5), 1e-16);
  EXPECT_THROW(Gramian(values, 2), InternalError);
  EXPECT_THROW((void)gramian.with_ridge(-1), InternalError);
  EXPECT_THROW((void)gramian.with_ridge(std::numeric_limits<double>::quiet_NaN()), InternalError);
}

}  // namespace
}  // namespace fairsweep
