#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

inline constexpr const char* k_middle_stage = "middle";  ///< all models' parameters in equal parts

/// The stages behind a mean of parameters: a pooled model, a model of each group that starts from it and is trained on
/// that group alone (ensemble_source.hpp: k_models_stage), and the middle of these. Whatever asks for them shares them.
/// @throws UserError (configuration) where the data have no groups, or a group lacks training or validation
///         comparisons.
[[nodiscard]] std::vector<Stage> soup_models(std::string_view asker, const Settings& settings,
                                             const TrainingFacts& facts);

/// Linear mode connectivity: what the middle of the models loses, beside the mean of what they lose; over people, on
/// validation comparisons. @param earlier of the stages above
[[nodiscard]] std::map<std::string, double> connectivity_notes(const TrainingFacts& facts, const StageScores& earlier);

}  // namespace fairsweep
