#include "workers/trainer/reward_model.hpp"

#include <ATen/TensorIndexing.h>
#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/trainer/batch_order.hpp"
#include "workers/trainer/choice_likelihood.hpp"
#include "workers/trainer/epoch_batches.hpp"
#include "workers/trainer/initialisation.hpp"
#include "workers/trainer/split_scoring.hpp"

namespace fairsweep {
namespace {

using testing::make_synthetic;
using testing::Synthetic;

struct ModelCase {
  Head head;
  UserInput user;
};

std::vector<ModelCase> all_models() {
  std::vector<ModelCase> cases;
  for (const Head head : {Head::linear, Head::mlp}) {
    for (const UserInput user : {UserInput::none, UserInput::features, UserInput::embedding, UserInput::history}) {
      cases.push_back({head, user});
    }
  }
  return cases;
}

class RewardModelTest : public ::testing::TestWithParam<ModelCase> {
 protected:
  RewardModelTest() : made_(make_synthetic({.features = 5, .type = at::kDouble})) {
    settings_.head = GetParam().head;
    settings_.width = 6;
    settings_.depth = 2;
    settings_.user = GetParam().user;
    settings_.embedding_size = 3;
  }

  [[nodiscard]] at::Tensor rows(const RewardModel& model, std::uint32_t trials) const {
    std::vector<at::Tensor> made;
    for (std::uint32_t k = 0; k < trials; ++k) {
      made.push_back(start_values(model.layout(), {4, k, 0}, at::kDouble) * (settings_.head == Head::linear ? 10 : 1));
    }
    return at::stack(made);
  }

  Synthetic made_;
  ModelSettings settings_;
};

INSTANTIATE_TEST_SUITE_P(All, RewardModelTest, ::testing::ValuesIn(all_models()));

/// The score of one candidate by the formula, from named parameters; `history` instead of the user's own where defined.
double plain_score(const std::map<std::string, at::Tensor>& named, const ModelSettings& settings,
                   const TrainingSet& set, std::int64_t user, std::int64_t candidate, const at::Tensor& history = {}) {
  const at::Tensor x = set.features[candidate];
  at::Tensor z;
  if (settings.user == UserInput::features)
    z = set.user_features[user];
  if (settings.user == UserInput::history)
    z = history.defined() ? history : set.user_history[user];
  if (settings.user == UserInput::embedding)
    z = named.at("user_embedding")[user];
  if (settings.head == Head::linear) {
    at::Tensor weight = named.at("weight");
    if (z.defined())
      weight = weight + named.at("user_weight").mv(z);
    return weight.dot(x).item<double>();
  }
  at::Tensor hidden = named.at("hidden.0.weight").mv(x) + named.at("hidden.0.bias");
  if (z.defined())
    hidden = hidden + named.at("hidden.0.user_weight").mv(z);
  hidden = hidden.tanh();
  hidden = (named.at("hidden.1.weight").mv(hidden) + named.at("hidden.1.bias")).tanh();
  return named.at("output.weight").dot(hidden).item<double>();
}

TEST_P(RewardModelTest, ScoresFollowTheFormula) {
  const TrainingSet& set = made_.set;
  const RewardModel model(settings_, set);
  at::Tensor parameters = rows(model, 2);
  // Biases start at zero; give them values, but not the padding.
  for (const ParameterBlock& block : model.layout().blocks) {
    parameters.narrow(1, block.offset, block.count())
        .view({2, block.rows, block.columns})
        .narrow(1, 0, block.used_rows)
        .narrow(2, 0, block.used_columns)
        .add_(0.05);
  }
  const at::Tensor known = at::ones({set.users}, at::kBool);
  const SplitEvaluation evaluation =
      evaluate_split(model, model.for_scoring(block_views(model.layout(), parameters), known), set.features, set.test);
  for (std::int64_t k = 0; k < 2; ++k) {
    const auto named = model.named_parameters(parameters[k], known);
    for (std::int64_t i = 0; i < set.test.count(); ++i) {
      for (std::int64_t j = 0; j < 3; ++j) {
        const double expected = plain_score(named, settings_, set, set.test.user[i].item<std::int64_t>(),
                                            set.test.candidates[i][j].item<std::int64_t>());
        EXPECT_NEAR(evaluation.scores[k][j][i].item<double>(), expected, 1e-12);
      }
    }
  }
}

/// The history of training comparison `left_out`'s user, made anew without it.
at::Tensor history_without(const TrainingSet& set, std::int64_t left_out) {
  at::Tensor sum = at::zeros({set.features.size(1)}, at::kDouble);
  double total = 0;
  for (std::int64_t i = 0; i < set.train.count(); ++i) {
    if (i == left_out || set.train.user[i].item<std::int64_t>() != set.train.user[left_out].item<std::int64_t>())
      continue;
    const at::Tensor x = set.features.index_select(0, set.train.candidates[i].masked_select(set.train.present[i]));
    const double weight = set.train.weight[i].item<double>();
    sum += weight * (x[0] - x.narrow(0, 1, x.size(0) - 1).mean(0));
    total += weight;
  }
  return total > 0 ? sum / total : sum;
}

TEST_P(RewardModelTest, TrainingComparisonsAreScoredWithTheHistoryOfTheOthers) {
  // 45 comparisons of 10 users; 8 of 43, each with nothing else to go by.
  for (const std::int64_t users : {12, 45}) {
    const TrainingSet set = make_synthetic({.users = users, .features = 5, .mixed = true, .type = at::kDouble}).set;
    const RewardModel model(settings_, set);
    const at::Tensor parameters = rows(model, 2);
    const at::Tensor known = at::ones({set.users}, at::kBool);
    const SplitEvaluation evaluation = evaluate_split(
        model, model.for_scoring(block_views(model.layout(), parameters), known), set.features, set.train);
    for (std::int64_t k = 0; k < 2; ++k) {
      const auto named = model.named_parameters(parameters[k], known);
      for (std::int64_t i = 0; i < set.train.count(); ++i) {
        const at::Tensor history = history_without(set, i);
        for (std::int64_t j = 0; j < 3; ++j) {
          if (!set.train.present[i][j].item<bool>())
            continue;
          const double expected = plain_score(named, settings_, set, set.train.user[i].item<std::int64_t>(),
                                              set.train.candidates[i][j].item<std::int64_t>(), history);
          EXPECT_NEAR(evaluation.scores[k][j][i].item<double>(), expected, 1e-12) << "comparison " << i;
        }
      }
    }
  }
}

TEST_P(RewardModelTest, AStepScoresAsTheTrainingSplitIsScored) {
  const TrainingSet set = make_synthetic({.features = 5, .mixed = true, .type = at::kDouble}).set;
  const RewardModel model(settings_, set);
  const at::Tensor parameters = rows(model, 2);
  const std::vector<at::Tensor> blocks = block_views(model.layout(), parameters);
  const SplitEvaluation evaluation = evaluate_split(model, blocks, set.features, set.train);
  const EpochBatches batches(set.train, set.train.weight.to(at::kDouble), settings_.user == UserInput::history);
  std::vector<std::int64_t> comparisons(static_cast<std::size_t>(set.train.count()));
  std::iota(comparisons.begin(), comparisons.end(), 0);
  const EpochShape shape = epoch_shape(set.train.count(), 7);
  const at::Tensor order = epoch_order(shape, comparisons, {{1, 2, 3}, {1, 3, 3}}, 0);
  const StepRun run = batches.gather(shape, order, 0, shape.steps);
  for (std::int64_t step = 0; step < shape.steps; ++step) {
    const at::Tensor x = set.features.index_select(0, run.candidates.select(0, step)).view({2, 3 * shape.stored, 5});
    const at::Tensor scores = model.scores(blocks, x, run.user.select(0, step), 3, batches.left_out(run, step));
    const at::Tensor index = run.index.select(0, step).unsqueeze(1).expand({2, 3, shape.stored});
    const at::Tensor present = run.present.select(0, step).transpose(1, 2);
    EXPECT_TRUE(scores.masked_select(present).allclose(evaluation.scores.gather(2, index).masked_select(present), 1e-12,
                                                       1e-12));
  }
}

TEST_P(RewardModelTest, GradientsAgreeWithFiniteDifferences) {
  const TrainingSet& set = made_.set;
  const RewardModel model(settings_, set);
  at::Tensor parameters = rows(model, 2);
  constexpr std::int64_t k_batch = 6;
  const at::Tensor x = set.features.index_select(0, set.train.candidates.narrow(0, 0, k_batch).t().reshape({-1}))
                           .unsqueeze(0)
                           .expand({2, -1, -1})
                           .contiguous();
  const at::Tensor user = set.train.user.narrow(0, 0, k_batch).unsqueeze(0).expand({2, -1}).contiguous();
  const auto loss_of = [&](const std::vector<at::Tensor>& blocks) {
    return choice_likelihood(model.scores(blocks, x, user, 3), {}).loss.sum(-1);
  };
  const std::vector<at::Tensor> blocks = block_views(model.layout(), parameters);
  const std::vector<at::Tensor> gradients = block_views(model.layout(), at::full_like(parameters, 99));
  ScoreTrace trace;
  const at::Tensor scores = model.scores(blocks, x, user, 3, {}, &trace).requires_grad_(true);
  choice_likelihood(scores, {}).loss.sum(-1).backward(at::ones({2}, at::kDouble));
  model.back(blocks, x, user, scores.grad(), trace, gradients);
  constexpr double k_step = 1e-5;
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const ParameterBlock& block = model.layout().blocks[i];
    for (std::int64_t k = 0; k < 2; ++k) {
      for (std::int64_t r = 0; r < block.used_rows; ++r) {
        for (std::int64_t c = 0; c < block.used_columns; ++c) {
          const std::int64_t place = block.offset + r * block.columns + c;
          const auto moved = [&](double by) {
            at::Tensor other = parameters.clone();
            other[k][place] += by;
            return loss_of(block_views(model.layout(), other))[k].item<double>();
          };
          const double numeric = (moved(k_step) - moved(-k_step)) / (2 * k_step);
          EXPECT_NEAR(gradients[i][k][r][c].item<double>(), numeric, 1e-7) << block.name;
        }
      }
    }
    // Padding of hidden units gets no gradient: it stays zero through training.
    if (block.used_columns < block.columns) {
      const at::Tensor padding = gradients[i].narrow(2, block.used_columns, block.columns - block.used_columns);
      EXPECT_EQ(padding.abs().sum().item<double>(), 0.0) << block.name;
    }
  }
}

/// Scores in LibTorch's own operations, which know their gradients.
at::Tensor automatic_scores(const RewardModel& model, const TrainingSet& set, const std::vector<at::Tensor>& blocks,
                            const at::Tensor& x, const at::Tensor& user) {
  const ModelSettings& settings = model.settings();
  const at::Tensor ones = at::ones({user.size(0), user.size(1), 1}, x.options());
  at::Tensor shown = ones;
  if (settings.user == UserInput::features)
    shown = at::cat({set.user_features.index({user}), ones}, 2);
  if (settings.user == UserInput::history)
    shown = at::cat({set.user_history.index({user}), ones}, 2);
  if (settings.user == UserInput::embedding) {
    std::vector<at::Tensor> picked;
    for (std::int64_t k = 0; k < user.size(0); ++k)
      picked.push_back(blocks[0][k].index_select(0, user[k]));
    shown = at::cat({at::stack(picked), ones}, 2);
  }
  std::size_t next = settings.user == UserInput::embedding ? 1 : 0;
  const at::Tensor of_user = shown.matmul(blocks[next++]).unsqueeze(1);  // [K, 1, B, D or H]
  const at::Tensor of_candidate = x.view({user.size(0), -1, user.size(1), x.size(2)});
  if (settings.head == Head::linear)
    return (of_candidate * of_user).sum(-1);
  const auto times = [](const at::Tensor& values, const at::Tensor& block) {
    return values.matmul(block.unsqueeze(1));
  };
  at::Tensor hidden = (times(of_candidate, blocks[next++]) + of_user).tanh();
  for (std::int64_t layer = 1; layer < settings.depth; ++layer) {
    hidden = (times(hidden, blocks[next]) + blocks[next + 1].unsqueeze(1)).tanh();
    next += 2;
  }
  return times(hidden, blocks[next]).squeeze(-1);
}

TEST_P(RewardModelTest, GradientsAgreeWithAutomaticOnes) {
  const TrainingSet& set = made_.set;
  for (const std::int64_t depth : {1, 3}) {
    settings_.depth = depth;
    const RewardModel model(settings_, set);
    const at::Tensor parameters = rows(model, 3);
    constexpr std::int64_t k_batch = 7;
    const at::Tensor comparisons = at::arange(3 * k_batch, at::kLong).view({3, k_batch});
    const at::Tensor rows_of = set.train.candidates.index_select(0, comparisons.view(-1));
    const at::Tensor in_order = rows_of.view({3, k_batch, 3}).transpose(1, 2).reshape({-1});
    const at::Tensor x = set.features.index_select(0, in_order).view({3, 3 * k_batch, 5});
    const at::Tensor user = set.train.user.index_select(0, comparisons.view(-1)).view({3, k_batch});
    const at::Tensor upstream = at::sin(at::arange(3 * 3 * k_batch, at::kDouble)).view({3, 3, k_batch});
    const std::vector<at::Tensor> blocks = block_views(model.layout(), parameters);
    const std::vector<at::Tensor> gradients = block_views(model.layout(), at::full_like(parameters, 99));
    ScoreTrace trace;
    const at::Tensor scores = model.scores(blocks, x, user, 3, {}, &trace);
    model.back(blocks, x, user, upstream, trace, gradients);
    std::vector<at::Tensor> leaves;
    for (const at::Tensor& block : blocks)
      leaves.push_back(block.clone().requires_grad_(true));
    const at::Tensor automatic = automatic_scores(model, set, leaves, x, user);
    automatic.backward(upstream);
    EXPECT_TRUE(scores.allclose(automatic, 1e-12, 1e-12));
    for (std::size_t i = 0; i < leaves.size(); ++i)
      EXPECT_TRUE(gradients[i].allclose(leaves[i].grad(), 1e-12, 1e-12)) << model.layout().blocks[i].name;
  }
}

TEST(RewardModel, UnknownUsersHaveTheMeanEmbedding) {
  const Synthetic made = make_synthetic({.type = at::kDouble});
  ModelSettings settings;
  settings.user = UserInput::embedding;
  settings.embedding_size = 4;
  const RewardModel model(settings, made.set);
  const at::Tensor row = start_values(model.layout(), {1, 2, 3}, at::kDouble);
  at::Tensor known = at::ones({made.set.users}, at::kBool);
  known[3] = false;
  known[11] = false;
  const at::Tensor before = block_views(model.layout(), row.unsqueeze(0))[0][0];
  const at::Tensor after = model.named_parameters(row, known).at("user_embedding");
  const at::Tensor mean = before.masked_select(known.unsqueeze(1)).view({-1, 4}).mean(0);
  EXPECT_TRUE(after[3].allclose(mean));
  EXPECT_TRUE(after[11].allclose(mean));
  EXPECT_TRUE(after[0].equal(before[0]));
}

TEST(RewardModel, UserFeaturesThatTheDataLackAreAnError) {
  Synthetic made = make_synthetic({.user_features = 0});
  ModelSettings settings;
  settings.user = UserInput::features;
  try {
    const RewardModel model(settings, made.set);
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_STREQ(error.what(),
                 "model.user is \"features\", but the data have no user features; use none, embedding or history");
  }
}

}  // namespace
}  // namespace fairsweep
