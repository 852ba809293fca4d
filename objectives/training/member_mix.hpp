#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string_view>

namespace fairsweep {

/// How what L models say becomes what one trial says.
enum class MemberJoin : std::uint8_t {
  /// The weighted mean of their scores: a model like any other.
  mean_of_scores,
  /// A person answers as model j would, with probability w_j: the weighted mean of the probabilities of what the user
  /// did. Exact for rankings too, whose mixture is not the ranking model of any scores.
  mixture_of_probabilities,
  /// A model for each person, whose parameters are the mean of theirs by the person's weights.
  mean_of_parameters,
};
[[nodiscard]] std::string_view to_text(MemberJoin join);

/// The members of K trials as they count where the trials are scored.
struct MemberMix {
  /// [K, L], or [K, L, U] where every person has weights of their own; >= 0, sum over L is 1. Undefined: each model is
  /// scored for itself.
  at::Tensor weight;
  MemberJoin join = MemberJoin::mean_of_scores;

  [[nodiscard]] bool defined() const { return weight.defined(); }
  [[nodiscard]] bool by_person() const { return weight.defined() && weight.dim() == 3; }
  [[nodiscard]] std::int64_t trials() const { return weight.size(0); }
  [[nodiscard]] std::int64_t members() const { return weight.size(1); }
};

// The functions below take weights as [K, L, B] of the comparisons' people, or [K, L, 1] where all have the same.

/// Weights for comparisons of these people: [K, L] gives [K, L, 1], [K, L, U] gives [K, L, B].
/// @param user [B] int64, or [K, B]
[[nodiscard]] at::Tensor weight_for(const at::Tensor& weight, const at::Tensor& user);

/// Weighted means of scores [K, L, n, B], [K, n, B], one member after another, the same in every pack.
[[nodiscard]] at::Tensor mean_of_scores(const at::Tensor& scores, const at::Tensor& weight);

/// log sum_j w_j softmax_j(scores) over the candidates of each comparison, [K, n, B] in double; 0 for candidates that
/// are not there. Its difference between two candidates is their log-odds under the mixture: of a pair, the logit of
/// sum_j w_j sigma(margin_j). A trial's bits depend on no other trial where B is a multiple of 32.
/// @param scores [K, L, n, B]    @param absent [K or 1, n, B] bool; undefined where every comparison has all n
[[nodiscard]] at::Tensor mixed_scores(const at::Tensor& scores, const at::Tensor& weight, const at::Tensor& absent);

/// -log sum_j w_j exp(-loss_j), [K, B] in double: what the users did, under the mixture. At most sum_j w_j loss_j
/// (Jensen). A member of weight 0 says nothing, whatever its loss; NaN where that of another is NaN.
/// @param loss [K, L, B] negative log-likelihood under each member. The same about bits.
[[nodiscard]] at::Tensor mixed_loss(const at::Tensor& loss, const at::Tensor& weight);

}  // namespace fairsweep
