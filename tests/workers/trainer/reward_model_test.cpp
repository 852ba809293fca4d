#include "workers/trainer/reward_model.hpp"

#include <ATen/TensorIndexing.h>
#include <gtest/gtest.h>

#include <cmath>
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
    for (const UserInput user : all_user_inputs())
      cases.push_back({head, user});
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
    settings_.head_size = 4;
    settings_.parts = 3;
    settings_.attends = true;
  }

  [[nodiscard]] at::Tensor rows(const RewardModel& model, std::uint32_t trials) const {
    std::vector<at::Tensor> made;
    for (std::uint32_t k = 0; k < trials; ++k) {
      const bool starts_near_zero = settings_.head == Head::linear && model.own_numbers() == 0;
      made.push_back(start_values(model.layout(), {4, k, 0}, at::kDouble) * (starts_near_zero ? 10 : 1));
    }
    return at::stack(made);
  }

  Synthetic made_;
  ModelSettings settings_;
};

INSTANTIATE_TEST_SUITE_P(All, RewardModelTest, ::testing::ValuesIn(all_models()));

/// What a user head says of one candidate, by the formulas of docs/methods/user_models.md.
double head_score(const std::map<std::string, at::Tensor>& named, const ModelSettings& settings, const at::Tensor& phi,
                  const at::Tensor& own) {
  const at::Tensor f = named.at("feature_map").mv(phi);
  if (settings.user == UserInput::reward_features)
    return f.dot(own).item<double>();
  if (settings.user == UserInput::low_rank)
    return f.dot(own.softmax(0)).item<double>();
  if (settings.user == UserInput::ideal_point)
    return -(f - named.at("prototypes").mv(own.softmax(0))).square().sum().item<double>();
  const at::Tensor key = named.at("attend_candidate").mv(f);
  double total = 0, score = 0;
  for (std::int64_t c = 0; c < settings.parts; ++c) {
    const at::Tensor persona = own.narrow(0, c * settings.head_size, settings.head_size);
    const at::Tensor query = named.at("attend_person").mv(persona);
    const double pull = std::exp((key.dot(query) / key.norm() / query.norm()).item<double>());
    total += pull;
    score += pull * persona.dot(f).item<double>();
  }
  return score / total;
}

/// The score of one candidate by the formula, from named parameters; `history` instead of the user's own where defined.
double plain_score(const std::map<std::string, at::Tensor>& named, const ModelSettings& settings,
                   const TrainingSet& set, std::int64_t user, std::int64_t candidate, const at::Tensor& history = {}) {
  const at::Tensor x = set.features[candidate];
  at::Tensor z;
  if (settings.user == UserInput::features)
    z = set.user_features[user];
  if (settings.user == UserInput::history)
    z = history.defined() ? history : set.user_history[user];
  const bool by_head = make_user_head(settings) != nullptr;
  if (own_numbers(settings) > 0 && !by_head)
    z = named.at("user_embedding")[user];
  if (settings.head == Head::linear) {
    if (by_head)
      return head_score(named, settings, x, named.at("user_embedding")[user]);
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
  if (by_head)
    return head_score(named, settings, hidden, named.at("user_embedding")[user]);
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

/// The rows of the first block, [K, B, P], in a way that knows its gradient.
at::Tensor picked_rows(const at::Tensor& table, const at::Tensor& user) {
  std::vector<at::Tensor> picked;
  for (std::int64_t k = 0; k < user.size(0); ++k)
    picked.push_back(table[k].index_select(0, user[k]));
  return at::stack(picked);
}

/// Of a user head: phi [K, n, B, H], the person's numbers [K, B, P], matrices [K, inputs, outputs].
at::Tensor automatic_head(const ModelSettings& settings, const std::vector<at::Tensor>& shared, const at::Tensor& phi,
                          const at::Tensor& own) {
  const at::Tensor f = phi.matmul(shared[0].unsqueeze(1));
  if (settings.user == UserInput::reward_features)
    return (f * own.unsqueeze(1)).sum(-1);
  if (settings.user == UserInput::low_rank)
    return (f * own.softmax(-1).unsqueeze(1)).sum(-1);
  if (settings.user == UserInput::ideal_point)
    return -(f - own.softmax(-1).matmul(shared[1]).unsqueeze(1)).square().sum(-1);
  const at::Tensor persona = own.unflatten(2, {settings.parts, settings.head_size}).unsqueeze(1);  // [K, 1, B, C, d]
  const at::Tensor query = persona.matmul(shared[1].unsqueeze(1).unsqueeze(1));
  const at::Tensor key = f.matmul(shared[2].unsqueeze(1)).unsqueeze(3);  // [K, n, B, 1, d]
  const at::Tensor share = (at::cosine_similarity(query.expand({-1, key.size(1), -1, -1, -1}),
                                                  key.expand({-1, -1, -1, settings.parts, -1}), -1))
                               .softmax(-1);
  return (share * (persona * f.unsqueeze(3)).sum(-1)).sum(-1);
}

/// Scores in LibTorch's own operations, which know their gradients.
at::Tensor automatic_scores(const RewardModel& model, const TrainingSet& set, const std::vector<at::Tensor>& blocks,
                            const at::Tensor& x, const at::Tensor& user) {
  const ModelSettings& settings = model.settings();
  const auto head = make_user_head(settings);
  const at::Tensor ones = at::ones({user.size(0), user.size(1), 1}, x.options());
  at::Tensor shown = ones, own;
  std::size_t next = 0;
  if (model.own_numbers() > 0)
    own = picked_rows(blocks[next++], user);
  if (settings.user == UserInput::linked) {
    for (std::int64_t d = 0; d < set.links.other.size(1); ++d) {
      const auto of_person = [&](const at::Tensor& table) { return table.select(1, d).index({user}); };
      const at::Tensor raw = blocks[2].squeeze(-1);
      const at::Tensor argument = raw.gather(1, of_person(set.links.link)) + raw.narrow(1, set.links.count, 1);
      const at::Tensor tau = of_person(set.links.share) * at::softplus(argument) * (0.5 / std::log(2.0));
      own = own + tau.unsqueeze(-1) * picked_rows(blocks[0], of_person(set.links.other));
    }
  }
  if (settings.user == UserInput::offset || settings.user == UserInput::linked)
    own = own + blocks[next++];
  if (settings.user == UserInput::features)
    shown = at::cat({set.user_features.index({user}), ones}, 2);
  if (settings.user == UserInput::history)
    shown = at::cat({set.user_history.index({user}), ones}, 2);
  if (own.defined() && !head)
    shown = at::cat({own, ones}, 2);
  const at::Tensor of_candidate = x.view({user.size(0), -1, user.size(1), x.size(2)});
  if (head && settings.head == Head::linear)
    return automatic_head(settings, {blocks.begin() + 1, blocks.end()}, of_candidate, own);
  next = static_cast<std::size_t>(model.layout().find("user"));
  const at::Tensor of_user = shown.matmul(blocks[next++]).unsqueeze(1);  // [K, 1, B, D or H]
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
  if (head)
    return automatic_head(settings, {blocks.begin() + static_cast<std::ptrdiff_t>(next), blocks.end()}, hidden, own);
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
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      if (model.layout().blocks[i].name.starts_with("encoder."))  // the way back through it has its own tests
        continue;
      EXPECT_TRUE(gradients[i].allclose(leaves[i].grad(), 1e-12, 1e-12)) << model.layout().blocks[i].name;
    }
  }
}

TEST_P(RewardModelTest, EveryComparisonsOwnNumbersHaveTheirGradient) {
  const TrainingSet& set = made_.set;
  const RewardModel model(settings_, set);
  if (model.own_numbers() == 0)
    GTEST_SKIP() << "people have no numbers of their own";
  const at::Tensor x = set.features.narrow(0, 0, 12).view({1, 12, 5}).expand({2, 12, 5}).contiguous();
  const std::vector<at::Tensor> blocks = block_views(model.layout(), rows(model, 2));
  const at::Tensor own = at::sin(at::arange(2 * 4 * model.own_numbers(), at::kDouble)).view({2, 4, -1});
  const at::Tensor upstream = at::cos(at::arange(24, at::kDouble)).view({2, 3, 4});
  ScoreTrace trace;
  (void)model.scores_for(blocks, x, own, 3, &trace);
  const at::Tensor gradient = model.own_gradient(blocks, x, upstream, trace);
  constexpr double k_step = 1e-5;
  for (std::int64_t i = 0; i < own.numel(); ++i) {
    const auto moved = [&](double by) {
      at::Tensor other = own.clone();
      other.view(-1)[i] += by;
      return (model.scores_for(blocks, x, other, 3) * upstream).sum().item<double>();
    };
    EXPECT_NEAR(gradient.reshape(-1)[i].item<double>(), (moved(k_step) - moved(-k_step)) / (2 * k_step), 1e-7);
  }
}

TEST(RewardModel, WhatElseIsMadeOfPhiGoesBackThroughTheLayers) {
  const Synthetic made = make_synthetic({.features = 5, .type = at::kDouble});
  for (const UserInput user : {UserInput::none, UserInput::reward_features}) {
    ModelSettings settings;
    settings.head = Head::mlp;
    settings.width = 6;
    settings.depth = 2;
    settings.user = user;
    settings.head_size = 3;
    const RewardModel model(settings, made.set);
    const at::Tensor row = start_values(model.layout(), {1, 2, 3}, at::kDouble).unsqueeze(0);
    const at::Tensor x = made.set.features.narrow(0, 0, 8).unsqueeze(0);
    const at::Tensor of_user = at::zeros({1, 4}, at::kLong);
    const at::Tensor upstream = at::sin(at::arange(8, at::kDouble)).view({1, 2, 4});
    ScoreTrace trace;
    (void)model.scores(block_views(model.layout(), row), x, of_user, 2, {}, &trace);
    const at::Tensor more = at::cos(at::arange(8 * 32, at::kDouble)).view({1, 8, 32}).clone();
    more.narrow(2, 6, 26).zero_();
    const std::vector<at::Tensor> gradients = block_views(model.layout(), at::zeros_like(row));
    model.back(block_views(model.layout(), row), x, of_user, upstream, trace, gradients, more);
    const auto value = [&](const at::Tensor& parameters) {
      ScoreTrace seen;
      const at::Tensor scores = model.scores(block_views(model.layout(), parameters), x, of_user, 2, {}, &seen);
      return ((scores * upstream).sum() + (RewardModel::phi_of(x, seen) * more).sum()).item<double>();
    };
    constexpr double k_step = 1e-5;
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      const ParameterBlock& block = model.layout().blocks[i];
      for (std::int64_t c = 0; c < block.used_columns; ++c) {
        at::Tensor up = row.clone(), down = row.clone();
        up[0][block.offset + c] += k_step;
        down[0][block.offset + c] -= k_step;
        EXPECT_NEAR(gradients[i][0][0][c].item<double>(), (value(up) - value(down)) / (2 * k_step), 1e-7) << block.name;
      }
    }
  }
}

TEST(RewardModel, OnePersonaIsRewardFeatures) {
  const Synthetic made = make_synthetic({.features = 5, .type = at::kDouble});
  ModelSettings settings;
  settings.user = UserInput::personas;
  settings.head_size = 3;
  settings.parts = 1;
  const RewardModel personas(settings, made.set);
  settings.user = UserInput::reward_features;
  const RewardModel features(settings, made.set);
  const at::Tensor row = start_values(personas.layout(), {1, 2, 3}, at::kDouble).unsqueeze(0);
  std::vector<at::Tensor> blocks = block_views(personas.layout(), row);
  const SplitEvaluation by_personas = evaluate_split(personas, blocks, made.set.features, made.set.test);
  blocks.resize(2);
  const SplitEvaluation by_features = evaluate_split(features, blocks, made.set.features, made.set.test);
  EXPECT_TRUE(by_personas.scores.equal(by_features.scores)) << "attention of one is 1";
}

TEST(RewardModel, UnknownUsersAreTheGenericPersonWhereOthersAreOffsets) {
  const Synthetic made = make_synthetic({.type = at::kDouble});
  ModelSettings settings;
  settings.user = UserInput::offset;
  settings.embedding_size = 4;
  const RewardModel model(settings, made.set);
  const at::Tensor row = start_values(model.layout(), {1, 2, 3}, at::kDouble);
  at::Tensor known = at::ones({made.set.users}, at::kBool);
  known[3] = false;
  const auto named = model.named_parameters(row, known);
  const std::vector<at::Tensor> blocks = block_views(model.layout(), row.unsqueeze(0));
  EXPECT_TRUE(named.at("user_embedding")[3].equal(named.at("generic_embedding")));
  EXPECT_TRUE(named.at("user_embedding")[0].allclose(blocks[0][0][0] + blocks[1][0][0]));
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
