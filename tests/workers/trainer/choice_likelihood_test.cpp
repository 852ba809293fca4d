#include "workers/trainer/choice_likelihood.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace fairsweep {
namespace {

/// One comparison of one trial as the plain twin sees it.
struct Plain {
  std::vector<double> scores;  ///< those present, best first
  int ranked = 1;
};

/// The definition, term by term: the next one is chosen among those not placed yet.
double plain_loss(const Plain& one) {
  double loss = 0;
  for (int place = 0; place < one.ranked; ++place) {
    double sum = 0;
    for (std::size_t j = static_cast<std::size_t>(place); j < one.scores.size(); ++j)
      sum += std::exp(one.scores[j]);
    loss += std::log(sum) - one.scores[static_cast<std::size_t>(place)];
  }
  return loss;
}

double plain_margin(const Plain& one) {
  return one.scores[0] - *std::max_element(one.scores.begin() + 1, one.scores.end());
}

struct Case {
  std::vector<Plain> comparisons;  ///< K * B, trial after trial
  at::Tensor scores;               ///< [K, n, B]
  ChoiceShape shape;
};

Case random_case(std::uint32_t seed, std::int64_t trials, std::int64_t batch, std::int64_t n, bool mixed,
                 int most_ranked) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 2);
  Case made;
  made.scores = at::zeros({trials, n, batch}, at::kDouble);
  at::Tensor absent = at::zeros({trials, n, batch}, at::kBool);
  at::Tensor ranked = at::ones({trials, batch}, at::kLong);
  for (std::int64_t k = 0; k < trials; ++k) {
    for (std::int64_t b = 0; b < batch; ++b) {
      Plain one;
      const std::int64_t here = mixed ? 2 + static_cast<std::int64_t>(random() % static_cast<unsigned>(n - 1)) : n;
      for (std::int64_t j = 0; j < n; ++j) {
        const double score = normal(random);
        made.scores[k][j][b] = score;
        absent[k][j][b] = j >= here;
        if (j < here)
          one.scores.push_back(score);
      }
      one.ranked =
          1 + static_cast<int>(random() % static_cast<unsigned>(std::min<std::int64_t>(most_ranked, here - 1)));
      ranked[k][b] = one.ranked;
      made.comparisons.push_back(one);
    }
  }
  if (mixed)
    made.shape.absent = absent;
  if (most_ranked > 1)
    made.shape.ranked = ranked;
  made.shape.most_ranked = most_ranked;
  return made;
}

TEST(ChoiceLikelihood, AgreesWithThePlainTwin) {
  for (const std::int64_t n : {2, 3, 5}) {
    for (const bool mixed : {false, true}) {
      for (const int most_ranked : {1, 2, 4}) {
        if (most_ranked >= n)
          continue;
        const auto seed = static_cast<std::uint32_t>(100 * n + 10 * most_ranked + (mixed ? 1 : 0));
        const Case made = random_case(seed, 3, 17, n, mixed, most_ranked);
        const ChoiceOutcome outcome = choice_likelihood(made.scores, made.shape);
        for (std::int64_t i = 0; i < 3 * 17; ++i) {
          const Plain& one = made.comparisons[static_cast<std::size_t>(i)];
          EXPECT_NEAR(outcome.loss.view(-1)[i].item<double>(), plain_loss(one), 1e-12) << "seed " << seed;
          EXPECT_NEAR(outcome.margin.view(-1)[i].item<double>(), plain_margin(one), 1e-12) << "seed " << seed;
        }
      }
    }
  }
}

TEST(ChoiceLikelihood, PairsAreBradleyTerry) {
  const at::Tensor scores = at::tensor({2.0, -1.0, 0.5, 3.0}, at::kDouble).view({1, 2, 2});
  const ChoiceOutcome outcome = choice_likelihood(scores, {});
  EXPECT_NEAR(outcome.loss[0][0].item<double>(), std::log1p(std::exp(-(2.0 - 0.5))), 1e-14);
  EXPECT_NEAR(outcome.loss[0][1].item<double>(), std::log1p(std::exp(-(-1.0 - 3.0))), 1e-14);
  EXPECT_DOUBLE_EQ(outcome.margin[0][0].item<double>(), 1.5);
  EXPECT_DOUBLE_EQ(outcome.margin[0][1].item<double>(), -4.0);
}

TEST(ChoiceLikelihood, APairAmongLargerChoicesHasTheLossOfAPair) {
  const at::Tensor pair = at::tensor({0.3, -0.4}, at::kDouble).view({1, 2, 1});
  const at::Tensor wide = at::tensor({0.3, -0.4, 9.0}, at::kDouble).view({1, 3, 1});
  ChoiceShape shape;
  shape.absent = at::tensor({0, 0, 1}, at::kLong).to(at::kBool).view({1, 3, 1});
  EXPECT_NEAR(choice_likelihood(pair, {}).loss.item<double>(), choice_likelihood(wide, shape).loss.item<double>(),
              1e-14);
}

TEST(ChoiceLikelihood, ProbabilitiesOfAllOrdersSumToOne) {
  const std::vector<double> scores = {0.7, -1.2, 2.0, 0.1};
  std::vector<std::size_t> order(4);
  std::iota(order.begin(), order.end(), 0U);
  double full = 0;
  double prefix = 0;  // of two: each prefix appears in two full orders
  do {
    at::Tensor ordered = at::empty({1, 4, 1}, at::kDouble);
    for (std::size_t j = 0; j < 4; ++j)
      ordered.data_ptr<double>()[j] = scores[order[j]];
    ChoiceShape shape;
    shape.ranked = at::full({1, 1}, 3, at::kLong);
    shape.most_ranked = 3;
    full += std::exp(-choice_likelihood(ordered, shape).loss.item<double>());
    shape.ranked = at::full({1, 1}, 2, at::kLong);
    prefix += std::exp(-choice_likelihood(ordered, shape).loss.item<double>()) / 2;
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_NEAR(full, 1, 1e-12);
  EXPECT_NEAR(prefix, 1, 1e-12);
}

TEST(ChoiceLikelihood, AbsentCandidatesGetNoGradientAndNothingIsNotANumber) {
  Case made = random_case(7, 2, 9, 4, true, 3);
  at::Tensor scores = made.scores.clone().requires_grad_(true);
  const ChoiceOutcome outcome = choice_likelihood(scores, made.shape);
  (outcome.loss + outcome.margin).backward(at::ones_like(outcome.loss));
  EXPECT_TRUE(scores.grad().isfinite().all().item<bool>());
  EXPECT_EQ(scores.grad().masked_select(made.shape.absent).abs().sum().item<double>(), 0.0);
}

TEST(ChoiceLikelihood, NoiseMixesEveryAnswerThereCouldHaveBeen) {
  // A pair: (1 - e) p + e (1 - p), whatever the scores.
  for (const double e : {0.0, 0.1, 0.3, 0.5}) {
    for (const double gap : {-3.0, -0.2, 0.0, 1.0, 60.0}) {
      const at::Tensor scores = at::tensor({gap, 0.0}, at::kDouble).view({1, 2, 1}).requires_grad_(true);
      ChoiceShape shape;
      shape.noise_keep = at::full({1, 1}, std::log(1 - 2 * e), at::kDouble);
      shape.noise_floor = at::full({1, 1}, std::log(2 * e / 2), at::kDouble);
      const ChoiceOutcome outcome = choice_likelihood(scores, shape);
      const double p = 1 / (1 + std::exp(-gap));
      EXPECT_NEAR(outcome.loss.item<double>(), -std::log((1 - e) * p + e * (1 - p)), 1e-12) << e << " " << gap;
      outcome.loss.sum().backward();
      const double slope = -(1 - 2 * e) * p * (1 - p) / ((1 - e) * p + e * (1 - p));
      EXPECT_NEAR(scores.grad().view(-1)[0].item<double>(), slope, 1e-12) << e << " " << gap;
    }
  }
  // Of four candidates two are ranked: 12 answers, whose probabilities still sum to one.
  double sum = 0;
  const std::vector<double> worth = {0.7, -1.2, 2.0, 0.1};
  for (std::size_t first = 0; first < 4; ++first) {
    for (std::size_t second = 0; second < 4; ++second) {
      if (second == first)
        continue;
      std::vector<double> ordered{worth[first], worth[second]};
      for (std::size_t other = 0; other < 4; ++other) {
        if (other != first && other != second)
          ordered.push_back(worth[other]);
      }
      ChoiceShape shape;
      shape.ranked = at::full({1, 1}, 2, at::kLong);
      shape.most_ranked = 2;
      shape.noise_keep = at::full({1, 1}, std::log(1 - 2 * 0.2), at::kDouble);
      shape.noise_floor = at::full({1, 1}, std::log(2 * 0.2 / 12), at::kDouble);
      sum += std::exp(-choice_likelihood(at::tensor(ordered, at::kDouble).view({1, 4, 1}), shape).loss.item<double>());
    }
  }
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(ChoiceLikelihood, ExtremeScoresStayFinite) {
  const at::Tensor scores = at::tensor({-500.0F, 500.0F, 0.0F}, at::kFloat).view({1, 3, 1});
  EXPECT_FLOAT_EQ(choice_likelihood(scores, {}).loss.item<float>(), 1000.0F);
}

}  // namespace
}  // namespace fairsweep
