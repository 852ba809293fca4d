#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "workers/trainer/batch_order.hpp"
#include "workers/trainer/told_comparisons.hpp"

namespace fairsweep {

/// What is drawn for the latent numbers in an epoch: K trials, C comparisons read of each person, L latent numbers.
struct EpochDraws {
  at::Tensor context;    ///< [steps, K, C, stored] int64 rows of ToldComparisons; 0 where nothing is known
  at::Tensor known;      ///< [steps, K, stored] 1 where the person has comparisons about other questions, else 0
  at::Tensor noise;      ///< [steps, K, stored, L]
  at::Tensor annealing;  ///< [steps] share of the divergence's weight
};

/// Comparisons are drawn with replacement from the person's other training comparisons. Nothing but 0 is in the
/// padding. What a trial draws depends on its key, its order and the epoch alone. Cost: O(K M (C + L)).
/// @param order [steps, K, stored] on the CPU, as epoch_order gives it
/// @return on the CPU, reals of this type; the weight of the divergence is whole in all steps
[[nodiscard]] EpochDraws epoch_draws(const ToldComparisons& told, const EpochShape& shape, const at::Tensor& order,
                                     const std::vector<RandomKey>& keys, std::uint32_t epoch, std::int64_t context,
                                     std::int64_t latent, at::ScalarType type);

/// The same on a device. Undefined tensors stay so.
[[nodiscard]] EpochDraws moved_to(const EpochDraws& draws, at::Device device);

/// Share of the divergence's weight in this step: cyclic annealing, four times from 0 to 1 along half a cosine, each
/// time in the first half of a cycle (Fu and others, NAACL 2019, with the cosine of Poddar and others).
[[nodiscard]] double annealing_factor(std::int64_t step, std::int64_t all_steps);

}  // namespace fairsweep
