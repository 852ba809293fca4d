#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace fairsweep {

/// What is drawn for the latent numbers of B comparisons' people, K models.
struct LatentDraw {
  at::Tensor context;  ///< [K, C, B] int64 rows of the told differences, of the person and not of the comparison
  at::Tensor known;    ///< [K, B] real: 1 where the person has any other comparison, else 0
  at::Tensor noise;    ///< [K, B, L] standard normal; undefined: the mean is taken
  at::Tensor penalty;  ///< [K, B] weight of each comparison's divergence in the loss
};

/// The encoder's matrices, K models. D features, H hidden units, L latent numbers.
struct EncoderBlocks {
  at::Tensor input;      ///< [K, D + 1, H] the last row is the bias
  at::Tensor query;      ///< [K, H, 1]; undefined: mean pooling
  at::Tensor posterior;  ///< [K, H + 1, 2 L] mean, then log-variance; the last row is the bias
};

/// What latent_numbers leaves for latent_back.
struct EncoderTrace {
  at::Tensor seen;                ///< [K, C * B, D + 1]
  at::Tensor hidden;              ///< [K, C * B, H]
  at::Tensor share;               ///< [K, C, B] of each comparison in the pooled one
  at::Tensor pooled;              ///< [K, B, H + 1]
  at::Tensor raw;                 ///< [K, B, 2 L] before it is cut
  at::Tensor mean, log_variance;  ///< [K, B, L]
  at::Tensor unscaled, length;    ///< [K, B, L], [K, B, 1]
};

/// The encoder of Poddar, Wan, Ivison, Gupta, Jaques, Personalizing Reinforcement Learning from Human Feedback with
/// Variational Preference Learning (NeurIPS 2024, arXiv 2408.10075): who somebody is, is read off comparisons of his.
///
///   h_j = tanh((d_j, 1) A)       d_j: the chosen candidate's features minus the mean of the others'
///   h = sum_j softmax_j(h_j q) h_j, or the mean; 0 where nothing is known of the person
///   (m, v) = (h, 1) P, both cut to [-1, 1];  z = m + exp(v / 2) eps, scaled to length sqrt(L)
///
/// Our reconstruction: one hidden layer and one query stand for the source's self-attention over pairs of encoded
/// texts. That both are cut and z is scaled is the source's. Divergence from N(0, 1), by its closed form:
/// 1/2 sum (m^2 + exp(v) - v - 1). Sums over the C comparisons are taken one after another.

/// z, [K, B, L].
/// @param told  [J, D + 1] differences of all comparisons that may be read, the last column 1
/// B is a multiple of 32. Cost: O(K C B (D + L) H).
[[nodiscard]] at::Tensor latent_numbers(const EncoderBlocks& blocks, const at::Tensor& told, const LatentDraw& draw,
                                        EncoderTrace* trace = nullptr);

/// Divergence of each comparison's person, [K, B].
[[nodiscard]] at::Tensor divergence_of(const at::Tensor& mean, const at::Tensor& log_variance);

/// Back through latent_numbers and the divergences' weighted sum, given the gradient of z, [K, B, L]. Written to
/// `gradients`, whatever was there.
void latent_back(const EncoderBlocks& blocks, const LatentDraw& draw, const EncoderTrace& trace,
                 const at::Tensor& gradient, const EncoderBlocks& gradients);

/// What is known of everybody at once: mean and log-variance, [K, U, L] each, from all that was told of him.
struct LatentPeople {
  at::Tensor mean, log_variance;
};
/// @param person  [J] int64 whose each difference is
/// Cost: O(K J (D + L) H), a piece of the comparisons at a time.
[[nodiscard]] LatentPeople latent_people(const EncoderBlocks& blocks, const at::Tensor& told, const at::Tensor& person,
                                         std::int64_t people);

/// Scaled to length sqrt(L) over the last dimension; zero stays zero.
[[nodiscard]] at::Tensor scaled_latent(const at::Tensor& unscaled);

}  // namespace fairsweep
