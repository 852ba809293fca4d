#include "objectives/training/training_objective.hpp"

namespace fairsweep {

std::vector<Stage> TrainingObjective::stages(const Settings& settings, const TrainingFacts& /*facts*/) const {
  Stage stage;
  stage.name = "train";
  stage.objective = std::string(name());
  stage.settings = settings;
  return {stage};
}

}  // namespace fairsweep
