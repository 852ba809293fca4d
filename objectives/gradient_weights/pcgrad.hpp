#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random/philox.hpp"
#include "objectives/gradient_weights/gramian.hpp"

namespace fairsweep {

/// In which order each gradient meets the others: a permutation of 0 .. L-1 for each of L losses, in which its own
/// number is passed over.
using PcgradOrders = std::vector<std::vector<std::uint32_t>>;

/// L permutations, whatever the gradients are: how much is drawn depends on L alone.
[[nodiscard]] PcgradOrders pcgrad_orders(std::size_t losses, RandomStream& stream);

/// PCGrad: each gradient g_i in turn meets the others in a random order. Where it conflicts with g_j, <g_i, g_j> < 0,
/// its component along g_j is taken out, g_i <- g_i - <g_i, g_j> / |g_j|^2 g_j. The sum of what is left is the step.
/// The g_j met are always the original ones, so with more than two losses the step can still conflict with some.
///
/// Source: Yu, Kumar, Gupta, Levine, Hausman, Finn, Gradient Surgery for Multi-Task Learning (NeurIPS 2020, arXiv
/// 2001.06782), algorithm 1.
/// Scale: a gradient's own part grows with its length, and what is taken out of it does not depend on the lengths of
/// the others; d doubles where all losses double.
/// Deviations: none; the projections are carried out on weights, which gives the same vector. A sum, where some
/// implementations average.
/// Cost: O(L^3).
/// @returns [L], at least 1 each; by the rules of Gramian 0 for losses without a gradient, or all NaN
/// @throws InternalError where `orders` are not L permutations.
[[nodiscard]] std::vector<double> pcgrad_weights(const Gramian& gramian, const PcgradOrders& orders);

}  // namespace fairsweep
