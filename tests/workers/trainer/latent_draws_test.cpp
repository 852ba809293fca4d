#include "workers/trainer/latent_draws.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

#include "tests/workers/trainer/synthetic_training_set.hpp"

namespace fairsweep {
namespace {

using testing::make_synthetic;
using testing::Synthetic;

std::vector<std::int64_t> all_rows(std::int64_t count) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  return rows;
}

/// A set whose first comparison comes again, in another order, as its last.
Synthetic with_a_repeat() {
  Synthetic made = make_synthetic({.training = 40, .mixed = true, .type = at::kDouble});
  ComparisonTensors& train = made.set.train;
  train.candidates[39] = train.candidates[0];
  train.candidates[39][0] = train.candidates[0][1];
  train.candidates[39][1] = train.candidates[0][0];
  train.present[39] = train.present[0];
  train.user[39] = train.user[0];
  return made;
}

TEST(ToldComparisons, AreChosenMinusTheMeanOfTheOthers) {
  const Synthetic made = with_a_repeat();
  const ToldComparisons told = told_comparisons(made.set);
  const ComparisonTensors& train = made.set.train;
  ASSERT_EQ(told.difference.size(0), 40 + made.set.history.count());
  for (std::int64_t row = 0; row < 40; ++row) {
    at::Tensor others = at::zeros_like(made.set.features[0]);
    double count = 0;
    for (std::int64_t place = 1; place < train.candidates.size(1); ++place) {
      if (train.present[row][place].item<bool>()) {
        others += made.set.features[train.candidates[row][place].item<std::int64_t>()];
        count += 1;
      }
    }
    const at::Tensor wanted = made.set.features[train.candidates[row][0].item<std::int64_t>()] - others / count;
    EXPECT_TRUE(told.difference[row].narrow(0, 0, wanted.size(0)).allclose(wanted, 1e-12, 1e-12));
    EXPECT_EQ(told.difference[row][-1].item<double>(), 1);
    EXPECT_EQ(told.person[row].item<std::int64_t>(), train.user[row].item<std::int64_t>());
  }
  // What asks the same is one piece, and everybody's comparisons are another.
  EXPECT_EQ(told.same_begin[0], told.same_begin[39]);
  EXPECT_EQ(told.same_end[0] - told.same_begin[0], 2);
  std::set<std::int64_t> all(told.of_person.begin(), told.of_person.end());
  EXPECT_EQ(all.size(), 40U);
  for (std::int64_t user = 0; user < made.set.users; ++user) {
    const auto place = static_cast<std::size_t>(user);
    for (std::int64_t at = told.person_begin[place]; at < told.person_begin[place + 1]; ++at) {
      EXPECT_EQ(train.user[told.of_person[static_cast<std::size_t>(at)]].item<std::int64_t>(), user);
    }
  }
}

TEST(EpochDraws, ReadOtherAnswersOfTheSamePerson) {
  const Synthetic made = with_a_repeat();
  const ToldComparisons told = told_comparisons(made.set);
  const EpochShape shape = epoch_shape(40, 18);
  const std::vector<RandomKey> keys = {{5, 0, 0}, {5, 1, 0}};
  const at::Tensor order = epoch_order(shape, all_rows(40), keys, 3);
  const EpochDraws draws = epoch_draws(told, shape, order, keys, 3, 8, 2, at::kDouble);
  ASSERT_EQ(draws.context.sizes(), (std::vector<std::int64_t>{shape.steps, 2, 8, shape.stored}));
  for (std::int64_t step = 0; step < shape.steps; ++step) {
    for (std::int64_t k = 0; k < 2; ++k) {
      for (std::int64_t place = 0; place < shape.stored; ++place) {
        const bool used = place < (step + 1 == shape.steps ? shape.last : shape.batch);
        const auto row = static_cast<std::size_t>(order[step][k][place].item<std::int64_t>());
        const auto user = static_cast<std::size_t>(told.person_of[row]);
        const bool has_others =
            told.person_begin[user + 1] - told.person_begin[user] > told.same_end[row] - told.same_begin[row];
        EXPECT_EQ(draws.known[step][k][place].item<double>(), used && has_others ? 1 : 0);
        for (std::int64_t c = 0; c < 8; ++c) {
          const auto drawn = static_cast<std::size_t>(draws.context[step][k][c][place].item<std::int64_t>());
          if (!used || !has_others) {
            EXPECT_EQ(drawn, 0U);
            continue;
          }
          EXPECT_EQ(told.person_of[drawn], told.person_of[row]);
          EXPECT_NE(told.same_begin[drawn], told.same_begin[row]) << "it would read its own answer";
        }
      }
    }
  }
}

TEST(EpochDraws, ComparisonsAreDrawnEvenlyAndNoiseIsNormal) {
  const Synthetic made = make_synthetic({.users = 3, .training = 12});
  const ToldComparisons told = told_comparisons(made.set);
  const EpochShape shape = epoch_shape(12, 12);
  std::vector<double> drawn(12, 0.0);
  double sum = 0, square = 0, count = 0;
  for (std::uint32_t epoch = 0; epoch < 400; ++epoch) {
    const std::vector<RandomKey> keys = {{7, 0, 0}};
    const at::Tensor order = epoch_order(shape, all_rows(12), keys, epoch);
    const EpochDraws draws = epoch_draws(told, shape, order, keys, epoch, 4, 3, at::kDouble);
    for (std::int64_t place = 0; place < 12; ++place) {
      if (order[0][0][place].item<std::int64_t>() != 5)
        continue;
      for (std::int64_t c = 0; c < 4; ++c)
        drawn[static_cast<std::size_t>(draws.context[0][0][c][place].item<std::int64_t>())] += 1;
    }
    const at::Tensor used = draws.noise.narrow(2, 0, 12);
    sum += used.sum().item<double>();
    square += used.square().sum().item<double>();
    count += static_cast<double>(used.numel());
  }
  EXPECT_NEAR(sum / count, 0, 4.5 / std::sqrt(count)) << "seed 7";
  EXPECT_NEAR(square / count, 1, 4.5 * std::sqrt(2 / count)) << "seed 7";
  std::vector<std::size_t> others;
  for (std::size_t row = 0; row < 12; ++row) {
    if (told.person_of[row] == told.person_of[5] && told.same_begin[row] != told.same_begin[5]) {
      others.push_back(row);
    } else {
      EXPECT_EQ(drawn[row], 0);
    }
  }
  ASSERT_GT(others.size(), 1U);
  const double p = 1 / static_cast<double>(others.size());
  for (const std::size_t row : others)
    EXPECT_NEAR(drawn[row], 1600 * p, 4.5 * std::sqrt(1600 * p * (1 - p))) << "seed 7, comparison " << row;
}

TEST(EpochDraws, DoNotDependOnThePack) {
  const Synthetic made = make_synthetic({});
  const ToldComparisons told = told_comparisons(made.set);
  const EpochShape shape = epoch_shape(45, 7);
  std::vector<RandomKey> keys;
  for (std::uint32_t k = 0; k < 3; ++k)
    keys.push_back({9, k, 1});
  const at::Tensor order = epoch_order(shape, all_rows(45), keys, 2);
  const EpochDraws all = epoch_draws(told, shape, order, keys, 2, 4, 3, at::kFloat);
  for (std::int64_t k = 0; k < 3; ++k) {
    const EpochDraws one =
        epoch_draws(told, shape, order.narrow(1, k, 1), {keys[static_cast<std::size_t>(k)]}, 2, 4, 3, at::kFloat);
    EXPECT_TRUE(one.context.equal(all.context.narrow(1, k, 1)));
    EXPECT_TRUE(one.known.equal(all.known.narrow(1, k, 1)));
    EXPECT_TRUE(one.noise.equal(all.noise.narrow(1, k, 1)));
  }
  const EpochDraws later = epoch_draws(told, shape, order, keys, 3, 4, 3, at::kFloat);
  EXPECT_FALSE(later.noise.equal(all.noise));
}

TEST(Annealing, GoesFourTimesFromNothingToAll) {
  EXPECT_EQ(annealing_factor(0, 80), 0);
  EXPECT_NEAR(annealing_factor(5, 80), 0.5, 1e-12);
  EXPECT_EQ(annealing_factor(10, 80), 1);
  EXPECT_EQ(annealing_factor(19, 80), 1);
  for (const std::int64_t start : {20, 40, 60})
    EXPECT_EQ(annealing_factor(start, 80), 0);
}

}  // namespace
}  // namespace fairsweep
