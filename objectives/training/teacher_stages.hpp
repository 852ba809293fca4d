#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Name of the stage that trains one model on everybody.
inline constexpr std::string_view k_pooled_stage = "pooled";
/// Name of the stage that trains the teacher of a group.
[[nodiscard]] std::string teacher_stage(const std::string& group);

/// A pooled model, a teacher for each group that sees that group alone, and the trial itself, which starts from the
/// pooled model and reads what the others say. Teachers start from the pooled model too, as a whole or by low-rank
/// updates of its matrices, or from scratch (method.pafo.teacher.{start, update, rank}). Pooled model and teachers
/// train with the trial's model.* and training.*, but for method.pafo.teacher.{epochs, learning_rate, weight_decay,
/// patience}: trials that differ in anything else share them.
/// @throws UserError (configuration) where the data have no groups or a setting is missing.
[[nodiscard]] std::vector<Stage> teacher_and_student_stages(std::string_view method, const Settings& settings,
                                                            const TrainingFacts& facts);

}  // namespace fairsweep
