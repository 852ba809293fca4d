#include "workers/data/description/flip.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <optional>
#include <random>
#include <vector>

#include "tests/workers/data/judgements.hpp"

namespace fairsweep {
namespace {

using testing_support::judged;
using testing_support::say;

// --- the linear program by brute force: q = 1/N + u - v with u, v >= 0, least sum of u over all vertices ------------

using Row = std::vector<double>;  // coefficients of u, then v, then the right side

/// The solution of a square system; nothing where it has not exactly one.
std::optional<std::vector<double>> solved(std::vector<Row> rows) {
  const std::size_t n = rows.size();
  for (std::size_t column = 0; column < n; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column; row < n; ++row) {
      pivot = std::fabs(rows[row][column]) > std::fabs(rows[pivot][column]) ? row : pivot;
    }
    if (std::fabs(rows[pivot][column]) < 1e-9) {
      return std::nullopt;
    }
    std::swap(rows[column], rows[pivot]);
    for (std::size_t row = 0; row < n; ++row) {
      const double factor = row == column ? 0 : rows[row][column] / rows[column][column];
      for (std::size_t at = column; at <= n && factor != 0; ++at) {
        rows[row][at] -= factor * rows[column][at];
      }
    }
  }
  std::vector<double> solution(n);
  for (std::size_t row = 0; row < n; ++row) {
    solution[row] = rows[row][n] / rows[row][row];
  }
  return solution;
}

std::optional<double> by_vertices(const std::vector<double>& gains, double margin, double floor) {
  const std::size_t n = gains.size(), size = 2 * n;
  const double share = 1 / static_cast<double>(n);
  Row balance(size + 1, 0), wins(size + 1, 0);
  wins[size] = margin;
  for (std::size_t at = 0; at < n; ++at) {
    balance[at] = 1;
    balance[n + at] = -1;
    wins[at] = gains[at];
    wins[n + at] = -gains[at];
    wins[size] -= share * gains[at];
  }
  std::vector<Row> least{wins};  // each: coefficients . x >= right side
  for (std::size_t at = 0; at < size; ++at) {
    Row positive(size + 1, 0);
    positive[at] = 1;
    least.push_back(positive);
  }
  for (std::size_t at = 0; at < n; ++at) {
    Row above_floor(size + 1, 0);
    above_floor[at] = 1;
    above_floor[n + at] = -1;
    above_floor[size] = floor - share;
    least.push_back(above_floor);
  }
  std::optional<double> best;
  std::vector<bool> active(least.size(), false);
  std::fill(active.begin(), active.begin() + static_cast<std::ptrdiff_t>(size - 1), true);
  do {
    std::vector<Row> system{balance};
    for (std::size_t at = 0; at < least.size(); ++at) {
      if (active[at]) {
        system.push_back(least[at]);
      }
    }
    const auto point = solved(std::move(system));
    if (!point) {
      continue;
    }
    const bool feasible = std::all_of(least.begin(), least.end(), [&](const Row& row) {
      return std::inner_product(point->begin(), point->end(), row.begin(), 0.0) >= row[size] - 1e-9;
    });
    const double moved = std::accumulate(point->begin(), point->begin() + static_cast<std::ptrdiff_t>(n), 0.0);
    if (feasible && (!best || moved < *best)) {
      best = moved;
    }
  } while (std::prev_permutation(active.begin(), active.end()));
  return best;
}

TEST(LeastReweighting, ByHand) {
  // Three opponents, gains -1, 0, 1/2: mean -1/6. Moving mass m from the first to the last wins 3/2 m: m = 1/9 reaches
  // 0, and a margin of 0.1 takes (1/6 + 0.1) / 1.5.
  const std::vector<double> gains = {-1, 0, 0.5};
  EXPECT_NEAR(*least_reweighting(gains, 0, 0), 1.0 / 9, 1e-15);
  EXPECT_NEAR(*least_reweighting(gains, 0.1, 0), (1.0 / 6 + 0.1) / 1.5, 1e-15);
  // A margin of 0.4 takes all of the first (wins 1/2, to 1/3), then (0.4 - 1/3) / (1/2) of the second.
  EXPECT_NEAR(*least_reweighting(gains, 0.4, 0), 1.0 / 3 + (0.4 - 1.0 / 3) / 0.5, 1e-15);
  EXPECT_FALSE(least_reweighting(gains, 0.51, 0)) << "not even with all mass on the last";
  EXPECT_FALSE(least_reweighting(gains, 0.49, 0.05)) << "each keeps 0.05: at most 0.9 / 2 - 0.05";
  EXPECT_TRUE(least_reweighting(gains, 0.39, 0.05));
  EXPECT_EQ(least_reweighting(std::vector<double>{0.5, 0.5}), 0) << "nothing has to move";
  EXPECT_FALSE(least_reweighting(std::vector<double>{-0.1, -0.1, -0.1}));
  EXPECT_FALSE(least_reweighting(std::vector<double>{-1}));
}

TEST(LeastReweighting, IsTheVertexOfTheLinearProgram) {
  int possible = 0, impossible = 0;
  for (std::uint64_t seed = 1; seed <= 160; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 generator(seed);
    const std::size_t n = seed % 16 == 0 ? 5 : 2 + seed % 3;
    std::vector<double> gains(n);
    for (double& gain : gains) {
      gain = std::uniform_real_distribution<double>(-1, 0.6)(generator);
      gain = seed % 2 == 0 ? gain : std::round(4 * gain) / 4;  // equal ones, too
    }
    const double margin = seed % 5 == 0 ? 0.05 : 1e-5, floor = seed % 7 == 0 ? 0.08 : 1e-5;
    const std::optional<double> expected = by_vertices(gains, margin, floor);
    const std::optional<double> found = least_reweighting(gains, margin, floor);
    ASSERT_EQ(found.has_value(), expected.has_value());
    if (expected) {
      EXPECT_NEAR(*found, *expected, 1e-9);
    }
    ++(expected ? possible : impossible);
  }
  EXPECT_GT(possible, 40);
  EXPECT_GT(impossible, 10);
}

// --- whole contexts ------------------------------------------------------------------------------------------------

/// `wins` people prefer `one` to `other`, `losses` the other way round.
void votes_on(PreferenceData& data, std::int64_t one, std::int64_t other, int wins, int losses) {
  for (std::int32_t user = 0; user < wins + losses; ++user) {
    say(data, user, user < wins ? std::vector<std::int64_t>{one, other} : std::vector<std::int64_t>{other, one});
  }
}

TEST(TopAnswerFlips, ByHand) {
  // P[0,1] = 0.6, P[0,2] = 0.6, P[1,2] = 1. Scores 17/30, 19/30, 9/30: candidate 1 is first. For 0 the gains are
  // 0.5 - 0.4, 0.6 - 0.5 and 0.6 - 1: 0.1, 0.1, -0.4, mean -1/15; mass from the last to the first wins 0.5 of it.
  PreferenceData data = judged(10, {3});
  votes_on(data, 0, 1, 6, 4);
  votes_on(data, 0, 2, 6, 4);
  votes_on(data, 1, 2, 10, 0);
  const TopAnswerFlips flips = top_answer_flips(data, PairVotes(data));
  EXPECT_EQ(flips.contexts, 1);
  EXPECT_EQ(flips.judged_whole, 1);
  EXPECT_EQ(flips.tied, 0);
  EXPECT_EQ(flips.flippable, 1);
  EXPECT_NEAR(flips.median, (1.0 / 15 + 1e-5) / 0.5, 1e-12);
  EXPECT_EQ(flips.least, flips.median);
}

TEST(TopAnswerFlips, CountsWhatCannotBeAnswered) {
  PreferenceData data = judged(10, {2, 3, 3, 3, 3});
  votes_on(data, 0, 1, 6, 4);  // two candidates: never
  votes_on(data, 2, 3, 6, 4);  // 2 and 4 were never judged
  votes_on(data, 3, 4, 6, 4);
  votes_on(data, 5, 6, 5, 5);  // a tie for the top
  votes_on(data, 5, 7, 7, 3);
  votes_on(data, 6, 7, 7, 3);
  votes_on(data, 8, 9, 9, 1);  // 8 beats all by more than the others do each opponent: no weighting helps
  votes_on(data, 8, 10, 9, 1);
  votes_on(data, 9, 10, 5, 5);
  votes_on(data, 11, 12, 6, 4);  // as by hand above
  votes_on(data, 11, 13, 6, 4);
  votes_on(data, 12, 13, 10, 0);
  const TopAnswerFlips flips = top_answer_flips(data, PairVotes(data));
  EXPECT_EQ(flips.contexts, 4);
  EXPECT_EQ(flips.judged_whole, 3);
  EXPECT_EQ(flips.tied, 1);
  EXPECT_EQ(flips.flippable, 1);
}

TEST(TopAnswerFlips, ATieCountsHalf) {
  // The same shares as by hand: P[0,1] = 0.6 from 5 for, 3 against, 2 ties.
  PreferenceData data = judged(10, {3});
  for (std::int32_t user = 0; user < 10; ++user) {
    say(data, user, user < 5 ? std::vector<std::int64_t>{0, 1} : std::vector<std::int64_t>{1, 0}, user < 8 ? 1 : 0);
  }
  votes_on(data, 0, 2, 6, 4);
  votes_on(data, 1, 2, 10, 0);
  EXPECT_NEAR(top_answer_flips(data, PairVotes(data)).median, (1.0 / 15 + 1e-5) / 0.5, 1e-12);
}

TEST(TopAnswerFlips, TwoCandidatesWouldNeverFlip) {
  for (const double share : {0.51, 0.6, 1.0}) {  // why contexts of two are not asked
    EXPECT_FALSE(least_reweighting(std::vector<double>{(1 - share) - 0.5, 0.5 - share}));
  }
}

TEST(TopAnswerFlips, NothingToFlip) {
  PreferenceData data = judged(1, {2});
  say(data, 0, {0, 1});
  const TopAnswerFlips flips = top_answer_flips(data, PairVotes(data));
  EXPECT_EQ(flips.contexts, 0);
  EXPECT_TRUE(std::isnan(flips.median));
}

}  // namespace
}  // namespace fairsweep
