#include "workers/trainer/people_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/trainer/initialisation.hpp"
#include "workers/trainer/people_newton.hpp"
#include "workers/trainer/split_scoring.hpp"

namespace fairsweep {
namespace {

using testing::make_synthetic;
using testing::Synthetic;

ModelSettings settings_of(Head head, UserInput user) {
  ModelSettings settings;
  settings.head = head;
  settings.width = 6;
  settings.depth = 2;
  settings.user = user;
  settings.embedding_size = 3;
  settings.head_size = 4;
  settings.parts = 3;
  settings.adaptation = Adaptation::fit;
  return settings;
}

/// Fresh models whose people differ enough to have a prior that leaves room.
std::vector<at::Tensor> fresh_blocks(const RewardModel& model, std::uint32_t models) {
  std::vector<at::Tensor> rows;
  for (std::uint32_t k = 0; k < models; ++k)
    rows.push_back(start_values(model.layout(), {9, k, 0}, at::kDouble, 0, 2));
  return block_views(model.layout(), at::stack(rows));
}

/// The last two users are not trained on; others are declared unknown here so that more are fitted.
at::Tensor known_users(const TrainingSet& set) {
  at::Tensor known = at::ones({set.users}, at::kBool);
  for (const std::int64_t user : {1, 4, 10, 11})
    known[user] = false;
  return known;
}

/// What PeopleFit says it minimises, of person `user` of model k, comparison by comparison.
class Objective {
 public:
  Objective(const RewardModel& model, const TrainingSet& set, const std::vector<at::Tensor>& blocks,
            const at::Tensor& known, std::int64_t k, std::int64_t user)
      : model_(model), set_(set), user_(user) {
    for (const at::Tensor& block : blocks)
      blocks_.push_back(block.narrow(0, k, 1));
    mean_ = blocks[0][k][user].clone();
    const at::Tensor trained = blocks[0][k].index({known});
    variance_ = (trained - mean_).square().mean(0);
    mean_weight_ = set.train.weight.to(at::kDouble).mean().item<double>();
  }

  [[nodiscard]] const at::Tensor& mean() const { return mean_; }

  double operator()(const at::Tensor& numbers) const {
    double value = 0.5 * ((numbers - mean_).square() / variance_).sum().item<double>();
    for (std::int64_t i = 0; i < set_.history.count(); ++i) {
      if (set_.history.user[i].item<std::int64_t>() != user_)
        continue;
      const at::Tensor present = set_.history.candidates[i].masked_select(set_.history.present[i]);
      const at::Tensor x = set_.features.index_select(0, present).unsqueeze(0);
      const at::Tensor scores =
          model_.scores_for(blocks_, x, numbers.view({1, 1, -1}), present.numel()).view({present.numel()});
      double loss = 0;
      for (std::int64_t t = 0; t < set_.history.ranked[i].item<std::int64_t>(); ++t) {
        double total = 0;
        for (std::int64_t j = t; j < present.numel(); ++j)
          total += std::exp(scores[j].item<double>());
        loss += std::log(total) - scores[t].item<double>();
      }
      value += loss * set_.history.weight[i].item<double>() / mean_weight_;
    }
    return value;
  }

  /// By central differences.
  [[nodiscard]] at::Tensor gradient(const at::Tensor& numbers) const {
    constexpr double k_step = 1e-5;
    at::Tensor slope = at::zeros_like(numbers);
    for (std::int64_t c = 0; c < numbers.numel(); ++c) {
      at::Tensor up = numbers.clone(), down = numbers.clone();
      up[c] += k_step;
      down[c] -= k_step;
      slope[c] = ((*this)(up) - (*this)(down)) / (2 * k_step);
    }
    return slope;
  }

 private:
  const RewardModel& model_;
  const TrainingSet& set_;
  std::int64_t user_;
  std::vector<at::Tensor> blocks_;
  at::Tensor mean_, variance_;
  double mean_weight_ = 1;
};

Synthetic known_by_history() {
  return make_synthetic({.features = 5, .mixed = true, .ranked = 2, .type = at::kDouble, .history = 48});
}

/// The slow twin: down the slope with a step that shrinks whenever it would go up.
at::Tensor downhill(const Objective& objective, at::Tensor numbers) {
  double value = objective(numbers);
  double step = 0.1;
  for (int i = 0; i < 400 && step > 1e-12; ++i) {
    const at::Tensor slope = objective.gradient(numbers);
    if (slope.abs().max().item<double>() < 1e-7)
      break;
    at::Tensor tried = numbers - step * slope;
    double there = objective(tried);
    while (there > value && step > 1e-12) {
      step /= 2;
      tried = numbers - step * slope;
      there = objective(tried);
    }
    numbers = tried;
    value = there;
    step *= 1.5;
  }
  return numbers;
}

TEST(PeopleFit, FindsWhatTheSlowTwinFindsWhereThatIsUnique) {
  const Synthetic made = known_by_history();
  const at::Tensor known = known_users(made.set);
  for (const UserInput user : {UserInput::reward_features, UserInput::embedding, UserInput::offset}) {
    const RewardModel model(settings_of(Head::linear, user), made.set);
    const std::vector<at::Tensor> start = model.for_scoring(fresh_blocks(model, 2), known);
    const std::vector<at::Tensor> fitted = PeopleFit(made.set, known.logical_not()).fitted(model, start, known);
    for (const std::int64_t person : {4, 11}) {
      const Objective objective(model, made.set, start, known, 1, person);
      const at::Tensor slow = downhill(objective, objective.mean());
      EXPECT_TRUE(fitted[0][1][person].allclose(slow, 1e-4, 1e-5)) << to_text(user) << fitted[0][1][person] << slow;
      EXPECT_LT(objective(fitted[0][1][person]), objective(objective.mean()) - 1e-3);
    }
  }
}

TEST(PeopleFit, EndsWhereNothingIsLeftToGain) {
  const Synthetic made = known_by_history();
  const at::Tensor known = known_users(made.set);
  for (const Head head : {Head::linear, Head::mlp}) {
    for (const UserInput user : all_user_inputs()) {
      const RewardModel model(settings_of(head, user), made.set);
      // Encoders read somebody new off his comparisons, and linked people borrow: nothing is fitted.
      if (model.own_numbers() == 0 || user == UserInput::variational || user == UserInput::linked)
        continue;
      const std::vector<at::Tensor> start = model.for_scoring(fresh_blocks(model, 2), known);
      const std::vector<at::Tensor> fitted = PeopleFit(made.set, known.logical_not()).fitted(model, start, known);
      for (const std::int64_t person : {1, 10}) {
        const Objective objective(model, made.set, start, known, 0, person);
        const at::Tensor found = fitted[0][0][person];
        EXPECT_LT(objective(found), objective(objective.mean())) << to_text(user);
        EXPECT_LT(objective.gradient(found).abs().max().item<double>(), 1e-3) << to_text(user);
      }
      // Nobody else's numbers are touched, nor anything shared.
      EXPECT_TRUE(fitted[0]
                      .index_select(1, at::tensor({0, 2, 3}, at::kLong))
                      .equal(start[0].index_select(1, at::tensor({0, 2, 3}, at::kLong))));
      for (std::size_t i = 1; i < start.size(); ++i)
        EXPECT_TRUE(fitted[i].equal(start[i]));
    }
  }
}

TEST(PeopleFit, APersonsBitsDependOnNobodyElse) {
  const Synthetic made = make_synthetic({.features = 33, .history = 48});
  const at::Tensor known = known_users(made.set);
  for (const Head head : {Head::linear, Head::mlp}) {
    for (const UserInput user : {UserInput::embedding, UserInput::personas, UserInput::ideal_point}) {
      const RewardModel model(settings_of(head, user), made.set);
      std::vector<at::Tensor> blocks = fresh_blocks(model, 3);
      for (at::Tensor& block : blocks)
        block = block.to(at::kFloat).contiguous();
      blocks = model.for_scoring(blocks, known);
      const at::Tensor together = PeopleFit(made.set, known.logical_not()).fitted(model, blocks, known)[0];
      for (std::int64_t k = 0; k < 3; ++k) {
        std::vector<at::Tensor> alone;
        for (const at::Tensor& block : blocks)
          alone.push_back(block.narrow(0, k, 1).contiguous());
        at::Tensor only = at::zeros_like(known);
        only[10] = true;
        EXPECT_TRUE(PeopleFit(made.set, known.logical_not()).fitted(model, alone, known)[0][0].equal(together[k]));
        EXPECT_TRUE(PeopleFit(made.set, only).fitted(model, alone, known)[0][0][10].equal(together[k][10]));
      }
    }
  }
}

/// What PeopleFit minimises, of person `user` of model 0, by the likelihood's own scoring of a split.
double fitted_value(const RewardModel& model, const TrainingSet& set, std::vector<at::Tensor> blocks,
                    const at::Tensor& known, std::int64_t user, const at::Tensor& numbers) {
  const at::Tensor mean = blocks[0][0][user].clone();
  const at::Tensor variance = (blocks[0][0].index({known}) - mean).square().mean(0);
  blocks[0] = blocks[0].clone();
  blocks[0][0][user] = numbers;
  const at::Tensor loss = evaluate_split(model, blocks, set.features, set.history).loss[0];
  const at::Tensor weight = set.history.weight.to(at::kDouble) / set.train.weight.to(at::kDouble).mean();
  const at::Tensor own = set.history.user.eq(user).to(at::kDouble);
  return (loss * weight * own).sum().item<double>() + 0.5 * ((numbers - mean).square() / variance).sum().item<double>();
}

TEST(PeopleFit, EndsWhereNothingIsLeftToGainUnderEveryLikelihood) {
  constexpr double k_step = 1e-5;
  for (const LikelihoodKind kind :
       {LikelihoodKind::plackett_luce, LikelihoodKind::davidson, LikelihoodKind::rao_kupper,
        LikelihoodKind::averaged_log_normal, LikelihoodKind::averaged_gamma, LikelihoodKind::mean_variance}) {
    const bool ties = kind == LikelihoodKind::davidson || kind == LikelihoodKind::rao_kupper;
    const TrainingSet set =
        make_synthetic({.features = 5, .candidates = 2, .type = at::kDouble, .history = 48, .ties = ties}).set;
    const at::Tensor known = known_users(set);
    for (const Head head : {Head::linear, Head::mlp}) {
      ModelSettings settings = settings_of(head, UserInput::reward_features);
      settings.likelihood = kind;
      const RewardModel model(settings, set);
      const std::vector<at::Tensor> start = model.for_scoring(fresh_blocks(model, 2), known);
      const std::vector<at::Tensor> fitted = PeopleFit(set, known.logical_not()).fitted(model, start, known);
      for (const std::int64_t person : {1, 10}) {
        const auto value = [&](const at::Tensor& numbers) {
          return fitted_value(model, set, start, known, person, numbers);
        };
        const at::Tensor found = fitted[0][0][person];
        EXPECT_LT(value(found), value(start[0][0][person])) << static_cast<int>(kind);
        for (std::int64_t c = 0; c < found.numel(); ++c) {
          at::Tensor up = found.clone(), down = found.clone();
          up[c] += k_step;
          down[c] -= k_step;
          EXPECT_NEAR((value(up) - value(down)) / (2 * k_step), 0, 2e-3) << static_cast<int>(kind) << " number " << c;
        }
      }
    }
  }
}

TEST(SolveEach, SolvesEverySystem) {
  const at::Tensor half = at::sin(at::arange(5 * 4 * 4, at::kDouble)).view({5, 4, 4});
  const at::Tensor matrix = at::bmm(half, half.transpose(1, 2)) + at::eye(4, at::kDouble).unsqueeze(0);
  const at::Tensor right = at::cos(at::arange(20, at::kDouble)).view({5, 4});
  const at::Tensor found = solve_each(matrix, right);
  EXPECT_TRUE(at::bmm(matrix, found.unsqueeze(2)).squeeze(2).allclose(right, 1e-10, 1e-12));
  EXPECT_TRUE(solve_each(matrix.narrow(0, 3, 1), right.narrow(0, 3, 1))[0].equal(found[3]));
}

}  // namespace
}  // namespace fairsweep
