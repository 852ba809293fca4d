#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// What a stage said, of trial k alone and as [M, n], [V, n] tensors. @throws InternalError where it is not read.
struct StageSaid {
  at::Tensor training, validation, training_contexts, validation_contexts;
};
[[nodiscard]] StageSaid said_by(const StageScores& earlier, const std::string& stage, std::size_t k);

/// What the teachers said, by group.
[[nodiscard]] std::vector<StageSaid> said_by_teachers(const StageScores& earlier, const TrainingFacts& facts,
                                                      std::size_t k);

/// One factor a teacher that makes margins of different teachers comparable, from the validation comparisons of its own
/// group (users equally): 1 / temperature (the likeliest scale) or 1 / root mean square. [G]
[[nodiscard]] std::vector<double> teacher_scales(const TrainingFacts& facts, const std::vector<StageSaid>& teachers,
                                                 bool by_temperature);

}  // namespace fairsweep
