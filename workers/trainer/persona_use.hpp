#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "workers/trainer/training_set.hpp"

namespace fairsweep {

class RewardModel;

/// Which persona of each user decided: the attention that the user's personas pay to the candidates the user likes
/// best, averaged over the user's comparisons of a split with their weights. Personas of one user are told apart by
/// their place; those of two users in one place have nothing in common.
struct PersonaUse {
  std::vector<double> decided;  ///< [users] place of the persona with the largest mean, from 0; NaN without comparisons
  std::vector<double> share;    ///< [users] that mean; one over the personas where all count alike, 1 where one does
};

/// Of every model of a stack. @param blocks  as they score    @param split  its comparisons, best candidate first
[[nodiscard]] std::vector<PersonaUse> persona_use(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                                  const TrainingSet& data, const ComparisonTensors& split);

}  // namespace fairsweep
