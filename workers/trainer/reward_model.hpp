#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "workers/trainer/parameter_layout.hpp"
#include "workers/trainer/training_set.hpp"
#include "workers/trainer/trial_settings.hpp"

namespace fairsweep {

/// What leaves scored comparisons out of their users' history; nothing where they are not in it.
struct LeftOut {
  at::Tensor share;  ///< [K, n, B] as ComparisonTensors::history_share; may be expanded; undefined: nothing
  at::Tensor rest;   ///< [K, B] as ComparisonTensors::history_rest
};

/// What `scores` leaves for `back`.
struct ScoreTrace {
  at::Tensor shown;                ///< [K, B, Z + 1] what the model saw of the users; undefined without user input
  at::Tensor weight;               ///< [K, B, D] linear heads with user input: each user's own weights
  std::vector<at::Tensor> hidden;  ///< mlp: [K, n * B, H] of each layer
};

/// The reward models r(u, x) of K trials as one: shapes and data, no parameters.
///
///   linear   r = (w + A z_u) . x                    A term of the user alone would cancel between candidates.
///   mlp      h_1 = tanh(W x + W_u z_u + b), h_i = tanh(W_i h_{i-1} + b_i), r = v . h_depth
///
/// z_u is nothing, the user's features, a learned embedding, or the user's history. Users that a model was not trained
/// on have the mean embedding of those it was; `history` is known for them too. A comparison that is itself in its
/// user's history (every training comparison) is scored with the history of the others: it would read its own answer
/// there.
class RewardModel {
 public:
  /// Keeps handles to the data's tensors. @throws UserError (configuration) where the data cannot serve the model.
  RewardModel(const ModelSettings& model, const TrainingSet& data);

  [[nodiscard]] const ParameterLayout& layout() const { return layout_; }
  [[nodiscard]] const ModelSettings& settings() const { return settings_; }

  /// Scores of n candidates of B comparisons for K trials: [K, n, B]. The candidates lead, so that whatever follows
  /// runs over the batch as its inner dimension. Carries no gradients: they are written by hand, in `back`, because
  /// LibTorch's automatic ones cost a small model more than its arithmetic.
  /// @param blocks  the layout's blocks, [K, rows, columns] each
  /// @param x       [K, n * B, D] features, candidate-major; may be expanded from one trial
  /// @param user    [K, B] int64; may be expanded
  /// @param left_out  read by `history` only
  /// @param trace  where `back` is to follow, filled for it
  [[nodiscard]] at::Tensor scores(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
                                  std::int64_t candidates, const LeftOut& left_out = {},
                                  ScoreTrace* trace = nullptr) const;

  /// Gradients of all blocks, given the scores' gradient [K, n, B] (dense) and what `scores` was called with. Written
  /// to `gradients`, [K, rows, columns] each, whatever was there. Sums over users' comparisons are taken in their
  /// order.
  void back(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
            const at::Tensor& scores_gradient, const ScoreTrace& trace, const std::vector<at::Tensor>& gradients) const;

  /// `blocks` as they score anybody: with the embeddings of the users not in `known` ([U] bool) replaced by the mean
  /// of those who are. The same blocks for other user inputs.
  [[nodiscard]] std::vector<at::Tensor> for_scoring(std::vector<at::Tensor> blocks, const at::Tensor& known) const;

  /// One trial's parameters by name, without padding, on the CPU; `row` is [size].
  ///   linear: weight [D], user_weight [D, Z]
  ///   mlp: hidden.0.weight [H, D], hidden.0.user_weight [H, Z], hidden.0.bias [H], hidden.i.weight [H, H],
  ///        hidden.i.bias [H], output.weight [H]
  ///   user = embedding: user_embedding [U, E], with unknown users' rows filled in
  [[nodiscard]] std::map<std::string, at::Tensor> named_parameters(const at::Tensor& row,
                                                                   const at::Tensor& known) const;

 private:
  /// (z_u, 1), [K, B, Z + 1], of each comparison's user.
  [[nodiscard]] at::Tensor user_input(const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                                      const at::Tensor& user, const LeftOut& left_out) const;
  /// The same for `history` without the comparisons themselves.
  [[nodiscard]] at::Tensor history_of_others(const at::Tensor& x, const at::Tensor& user,
                                             const LeftOut& left_out) const;
  /// @param trace  with `shown`; filled further
  [[nodiscard]] at::Tensor linear_scores(const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                                         std::int64_t candidates, ScoreTrace& trace) const;
  [[nodiscard]] at::Tensor mlp_scores(const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                                      std::int64_t candidates, ScoreTrace& trace) const;
  /// Writes the gradients of the layers; `through_user` is what of it went through the user block, for the embedding:
  /// the gradient of `shown` times the block, [K, B, columns of the block].
  void linear_back(const at::Tensor& x, const at::Tensor& scores_gradient, const ScoreTrace& trace,
                   const at::Tensor& user_gradient, at::Tensor& through_user) const;
  /// The same for an mlp.
  void mlp_back(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& scores_gradient,
                const ScoreTrace& trace, const std::vector<at::Tensor>& gradients, at::Tensor& through_user) const;

  ModelSettings settings_;
  ParameterLayout layout_;
  at::Tensor user_table_;   ///< [U, Z + 1] with a last column of ones; features and history only
  at::Tensor history_sum_;  ///< [U, D + 1] with a last column of zeros; history only
  std::size_t user_block_ = 0;
};

}  // namespace fairsweep
