#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "workers/trainer/parameter_layout.hpp"
#include "workers/trainer/told_comparisons.hpp"
#include "workers/trainer/training_set.hpp"
#include "workers/trainer/trial_settings.hpp"
#include "workers/trainer/user_models/latent_encoder.hpp"
#include "workers/trainer/user_models/user_head.hpp"

namespace fairsweep {

/// What leaves scored comparisons out of what is known of their users; nothing where they are not in it.
struct LeftOut {
  at::Tensor share;        ///< [K, n, B] as ComparisonTensors::history_share; may be expanded; undefined: nothing
  at::Tensor rest;         ///< [K, B] as ComparisonTensors::history_rest
  LatentDraw latent = {};  ///< what `variational` reads of the people instead, and draws; without context: their means
};

/// What `scores` leaves for `back`.
struct ScoreTrace {
  at::Tensor shown;                ///< [K, B, Z + 1] what the model saw of the users; undefined without user input
  at::Tensor weight;               ///< [K, B, D] linear heads with user input: each user's own weights
  std::vector<at::Tensor> hidden;  ///< mlp: [K, n * B, H] of each layer; the last is phi
  HeadTrace head;                  ///< of a user head
  at::Tensor own;                  ///< [K, B, P] numbers of the comparisons' people; undefined where they have none
  LatentDraw draw;                 ///< of variational: what `own` was drawn by
  EncoderTrace encoder;
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
///
/// A user head (user_models/) scores in place of w and v, from phi(x), the trunk's last layer (of a linear head x
/// itself), and the person's own numbers; z_u is nothing then.
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
  /// @param left_out  read by `history` and `variational` only
  /// @param trace  where `back` is to follow, filled for it
  [[nodiscard]] at::Tensor scores(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
                                  std::int64_t candidates, const LeftOut& left_out = {},
                                  ScoreTrace* trace = nullptr) const;

  /// The same of people given by their own numbers instead of their rows. @param own [K, B, P], P = own_numbers()
  [[nodiscard]] at::Tensor scores_for(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& own,
                                      std::int64_t candidates, ScoreTrace* trace = nullptr) const;

  /// Gradients of all blocks, given the scores' gradient [K, n, B] (dense) and what `scores` was called with. Written
  /// to `gradients`, [K, rows, columns] each, whatever was there. Sums over users' comparisons are taken in their
  /// order.
  /// @param phi_gradient  [K, n * B, H] of what else was made of an mlp's phi (phi_of), to go back through its layers;
  ///                      may be undefined. A linear head has nothing below phi.
  void back(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
            const at::Tensor& scores_gradient, const ScoreTrace& trace, const std::vector<at::Tensor>& gradients,
            const at::Tensor& phi_gradient = {}) const;

  /// The same of comparisons that `scores_for` scored: the people's table gets no gradient.
  void back_for(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& scores_gradient,
                const ScoreTrace& trace, const std::vector<at::Tensor>& gradients,
                const at::Tensor& phi_gradient = {}) const;

  /// Gradient of the people's own numbers alone, [K, B, P], of each comparison for itself.
  [[nodiscard]] at::Tensor own_gradient(const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                                        const at::Tensor& scores_gradient, const ScoreTrace& trace,
                                        const at::Tensor& phi_gradient = {}) const;

  /// phi of the candidates that were scored, [K, n * B, H].
  [[nodiscard]] static const at::Tensor& phi_of(const at::Tensor& x, const ScoreTrace& trace) {
    return trace.hidden.empty() ? x : trace.hidden.back();
  }

  /// Numbers that a person has of his own; 0: none. They are the rows of the first block.
  [[nodiscard]] std::int64_t own_numbers() const { return own_; }

  /// How much each of the ways in which a head sees a candidate counts, [K, C, n, B]; undefined where there is one.
  [[nodiscard]] at::Tensor attention(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
                                     std::int64_t candidates) const;

  /// `blocks` as they score anybody: with the numbers of the users not in `known` ([U] bool) replaced by the mean of
  /// those who are, offsets by 0. Linked people get what they borrow, too, and nothing is borrowed any more;
  /// variational ones the scaled mean of what the encoder says of all that they told. The same blocks where users have
  /// no numbers of their own.
  [[nodiscard]] std::vector<at::Tensor> for_scoring(std::vector<at::Tensor> blocks, const at::Tensor& known) const;

  /// What the encoder of `variational` says of everybody, by all that is known of them. @param blocks of the layout
  [[nodiscard]] LatentPeople people_by_encoder(const std::vector<at::Tensor>& blocks) const;
  /// tau of every link, [K, links], of `linked`. @param blocks of the layout
  [[nodiscard]] at::Tensor influences(const std::vector<at::Tensor>& blocks) const;
  /// People who listen to anybody, of `linked`.
  [[nodiscard]] std::int64_t listeners() const { return links_.share.sum(1).gt(0).sum().item<std::int64_t>(); }
  /// What people told, where the model reads it; else empty.
  [[nodiscard]] const ToldComparisons& told() const { return told_; }

  /// The parameters of model k of `blocks`, as for_scoring gives them, by name, without padding, on the CPU.
  ///   linear: weight [D], user_weight [D, Z]
  ///   mlp: hidden.0.weight [H, D], hidden.0.user_weight [H, Z], hidden.0.bias [H], hidden.i.weight [H, H],
  ///        hidden.i.bias [H], output.weight [H]
  ///   where people have numbers of their own: user_embedding [U, P], with unknown users' rows filled in; of offsets
  ///        what the model sees, e_0 + o_u, and generic_embedding [E] beside it
  ///   user heads: their matrices, [outputs, inputs], in place of weight and output.weight
  ///   spread.weight [D or H]: where the likelihood reads a spread
  ///   likelihood.<number> [1] double: each number the likelihood has learned, by what it means
  [[nodiscard]] std::map<std::string, at::Tensor> named_parameters(const std::vector<at::Tensor>& blocks,
                                                                   std::int64_t k) const;
  /// The same of one trial's parameters `row`, [size].
  [[nodiscard]] std::map<std::string, at::Tensor> named_parameters(const at::Tensor& row,
                                                                   const at::Tensor& known) const;

 private:
  /// (z_u, 1), [K, B, Z + 1], of each comparison's user, of features and history.
  [[nodiscard]] at::Tensor user_input(const at::Tensor& x, const at::Tensor& user, const LeftOut& left_out) const;
  /// The same for `history` without the comparisons themselves.
  [[nodiscard]] at::Tensor history_of_others(const at::Tensor& x, const at::Tensor& user,
                                             const LeftOut& left_out) const;
  /// Numbers of the comparisons' people, [K, B, P], from the first block.
  [[nodiscard]] at::Tensor own_rows(const std::vector<at::Tensor>& blocks, const at::Tensor& user) const;
  /// The encoder's of the layout's blocks.
  [[nodiscard]] EncoderBlocks encoder_of(const std::vector<at::Tensor>& blocks) const;
  /// Where people's numbers were rows of the table, the encoder has no part in them: its gradients are 0.
  void leave_alone_what_was_not_read(const std::vector<at::Tensor>& gradients) const;
  [[nodiscard]] bool has_generic() const {
    return settings_.user == UserInput::offset || settings_.user == UserInput::linked;
  }
  /// Scores by what is in `trace` of the users; filled further.
  [[nodiscard]] at::Tensor scores_by(const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                                     std::int64_t candidates, ScoreTrace& trace) const;
  [[nodiscard]] at::Tensor linear_scores(const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                                         std::int64_t candidates, ScoreTrace& trace) const;
  /// Fills `trace.hidden`.
  void see(const std::vector<at::Tensor>& blocks, const at::Tensor& x, std::int64_t candidates,
           ScoreTrace& trace) const;
  [[nodiscard]] HeadInput head_input(const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                                     std::int64_t candidates, const ScoreTrace& trace) const;

  /// One way back. `gradients` may be empty: then only what the people's own numbers need is made.
  struct Way {
    const std::vector<at::Tensor>& blocks;
    const at::Tensor& x;
    const at::Tensor& scores_gradient;
    const ScoreTrace& trace;
    const std::vector<at::Tensor>& gradients;
    const at::Tensor& phi_gradient;
  };
  /// Writes the gradients of all blocks but the people's, and returns that of their numbers, [K, B, P].
  [[nodiscard]] at::Tensor all_back(const Way& way) const;
  /// What of the gradient went through the user block, for whatever is below it: the gradient of `shown` times the
  /// block, [K, B, columns of the block].
  [[nodiscard]] at::Tensor linear_back(const Way& way) const;
  /// The same for an mlp. @param phi_gradient  of a user head; undefined: the scores are those of `output`
  [[nodiscard]] at::Tensor mlp_back(const Way& way, const at::Tensor& phi_gradient) const;

  ModelSettings settings_;
  ParameterLayout layout_;
  std::shared_ptr<const UserHead> head_;
  std::int64_t own_ = 0;
  at::Tensor user_table_;                          ///< [U, Z + 1] with a last column of ones; features and history only
  at::Tensor history_sum_;                         ///< [U, D + 1] with a last column of zeros; history only
  LinkTensors links_;                              ///< linked only
  ToldComparisons told_;                           ///< variational only
  std::size_t score_blocks_ = 1;                   ///< the matrices of the user head, or the one that makes the scores
  std::size_t user_block_ = 0, output_block_ = 0;  ///< the latter of `output`, or of the head's first matrix
};

}  // namespace fairsweep
