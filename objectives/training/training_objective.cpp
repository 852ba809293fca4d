#include "objectives/training/training_objective.hpp"

namespace fairsweep {

std::vector<Stage> TrainingObjective::stages(const Settings& settings, const TrainingFacts& /*facts*/) const {
  Stage stage;
  stage.name = "train";
  stage.objective = std::string(name());
  stage.settings = settings;
  return {stage};
}

ObjectiveConstants TrainingObjective::constants(const std::vector<Settings>& /*trials*/, const TrainingFacts& /*facts*/,
                                                const StageScores& /*earlier*/,
                                                const at::TensorOptions& /*options*/) const {
  return {};
}

ObjectiveState TrainingObjective::initial_state(const std::vector<Settings>& /*trials*/, const TrainingFacts& /*facts*/,
                                                const ObjectiveConstants& /*constants*/,
                                                const at::TensorOptions& /*options*/) const {
  return {};
}

std::map<std::string, double> TrainingObjective::notes(const Settings& /*settings*/, const TrainingFacts& /*facts*/,
                                                       const StageScores& /*earlier*/,
                                                       const at::Tensor& /*scores*/) const {
  return {};
}

}  // namespace fairsweep
