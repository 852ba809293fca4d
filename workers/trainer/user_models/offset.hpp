#pragma once

#include <ATen/ATen.h>

#include <cstddef>

namespace fairsweep {

/// A person is the generic one and an offset: z_u = e_0 + o_u goes into the first layer as an embedding does. The own
/// numbers are o_u; somebody nobody knows has the offset 0. A part of the training is done for the generic person, who
/// gave all answers: share x loss(person) + (1 - share) x mean log-loss(generic).
///
/// Source: Li, Zhou, Lipton, Leqi, Personalized Language Modeling from Personalized Human Feedback (P-RLHF, arXiv
/// 2402.05133), individual embeddings; its soft prompt is the input of a reward model here, which is our
/// reconstruction.

/// Where e_0 is among the blocks of a layout: behind the people's own numbers.
inline constexpr std::size_t k_generic_block = 1;

/// e_0 + o_u, [K, B, E]. @param own [K, B, E] offsets    @param generic [K, 1, E]
[[nodiscard]] at::Tensor offset_input(const at::Tensor& own, const at::Tensor& generic);

/// Back through it: writes the generic person's gradient, [K, 1, E]; that of the offsets is `gradient`, [K, B, E],
/// itself.
void offset_back(const at::Tensor& gradient, const at::Tensor& generic_gradient);

/// gradient <- share x gradient + (1 - share) x of_generic, [K, P] each. @param share [K, 1]
void mix_generic(const at::Tensor& gradient, const at::Tensor& of_generic, const at::Tensor& share);

}  // namespace fairsweep
