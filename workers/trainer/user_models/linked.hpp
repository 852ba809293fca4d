#pragma once

#include <ATen/ATen.h>

#include <cstddef>

#include "workers/trainer/link_tensors.hpp"

namespace fairsweep {

/// A person is the generic one, an offset of his own, and part of the offsets of the people he listens to:
///
///   z_u = e_0 + o_u + sum over links u -> v of tau_uv o_v,   tau_uv = c s_uv softplus(a_uv + a) / log 2 >= 0
///
/// with s_uv the link's share of the person's weights and c = 1/2: at the start, a = a_uv = 0, everybody borrows half a
/// neighbour. a says how much people borrow in general, a_uv what is special about a link; weight decay draws a_uv to
/// 0, so that a link nobody has learned anything of counts as links do. z_u goes into the first layer as an embedding
/// does. Somebody nobody knows has no offset of his own and borrows all the same.
///
/// After the idea of Chaney, Blei, Eliassi-Rad, A Probabilistic Model for Using Social Networks in Personalized Item
/// Recommendation (RecSys 2015): there what a user clicks is Poisson with rate theta_u beta_i + sum_v tau_uv r_vi and
/// tau >= 0 has a gamma prior. Neighbours' tastes in place of their clicks, softplus in place of the prior, and the
/// shared level a are a construction of this project.

/// Of the layout, behind the people's offsets and the generic person: a_uv by link, then a. [links + 1, 1].
inline constexpr std::size_t k_influence_block = 2;
/// What all links of a person have together at the start.
inline constexpr double k_start_influence = 0.5;

/// o_u + sum of what is borrowed, [K, B, E]; the generic person is not in it.
/// @param table      [K, U, E] offsets
/// @param influence  [K, links + 1, 1]
/// @param user       [K, B] int64, B a multiple of 32; may be expanded
/// Cost: O(K B D E) for D links of whoever has most.
[[nodiscard]] at::Tensor linked_numbers(const LinkTensors& links, const at::Tensor& table, const at::Tensor& influence,
                                        const at::Tensor& user);

/// Back through linked_numbers, given its gradient [K, B, E]: writes those of the table and of the influence.
void linked_back(const LinkTensors& links, const at::Tensor& table, const at::Tensor& influence, const at::Tensor& user,
                 const at::Tensor& gradient, const at::Tensor& table_gradient, const at::Tensor& influence_gradient);

/// tau of every link, [K, links].
[[nodiscard]] at::Tensor influence_of_links(const LinkTensors& links, const at::Tensor& influence);

/// An influence block of which nobody borrows anything, for tables that have what is borrowed in them already.
[[nodiscard]] at::Tensor no_influence(const at::Tensor& influence);

}  // namespace fairsweep
