#include "objectives/training/training_objective.hpp"

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"

namespace fairsweep {

std::vector<Stage> TrainingObjective::stages(const Settings& settings, const TrainingFacts& /*facts*/) const {
  Stage stage;
  stage.name = "train";
  stage.objective = std::string(name());
  stage.settings = settings;
  return {stage};
}

std::vector<double> TrainingObjective::draw_shares(const Settings& /*settings*/, const TrainingFacts& /*facts*/) const {
  return {};
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

at::Tensor TrainingObjective::loss_shares(const PackBatch& /*batch*/, const ObjectiveConstants& /*constants*/) const {
  throw InternalError("this is a bug, please report it: method " + std::string(name()) + " has one loss");
}

at::Tensor TrainingObjective::gradient_weights(const GradientFacts& /*facts*/, const ObjectiveConstants& /*constants*/,
                                               ObjectiveState& /*state*/) const {
  throw InternalError("this is a bug, please report it: method " + std::string(name()) + " has one loss");
}

void TrainingObjective::after_step(const PackBatch& /*batch*/, const at::Tensor& /*after*/,
                                   const ObjectiveConstants& /*constants*/, ObjectiveState& /*state*/) const {}

std::vector<std::string> TrainingObjective::learned() const { return {}; }

at::Tensor TrainingObjective::member_weights(std::int64_t trials, std::int64_t members,
                                             const ObjectiveState& /*learned*/,
                                             const at::TensorOptions& options) const {
  return at::full({trials, members}, 1.0 / static_cast<double>(members), options);
}

at::Tensor TrainingObjective::watched_loss(const at::Tensor& loss, const ComparisonFacts& /*validation*/,
                                           const ObjectiveState& /*state*/) const {
  return mean_over_members(loss);
}

std::map<std::string, double> TrainingObjective::notes(const Settings& /*settings*/, const TrainingFacts& /*facts*/,
                                                       const StageScores& /*earlier*/,
                                                       const at::Tensor& /*scores*/) const {
  return {};
}

}  // namespace fairsweep
