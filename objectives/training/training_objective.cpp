#include "objectives/training/training_objective.hpp"

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"

namespace fairsweep {

void require_groups(std::string_view method, const TrainingFacts& facts) {
  if (!facts.groups.empty())
    return;
  throw UserError(ExitCode::configuration,
                  "method " + std::string(method) +
                      " needs groups, and the data have none; choose another method or set data.groups");
}

std::vector<Stage> TrainingObjective::stages(const Settings& settings, const TrainingFacts& facts) const {
  if (needs_groups())
    require_groups(name(), facts);
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

ObjectiveState TrainingObjective::drawn_state(const std::vector<Settings>& /*trials*/,
                                              const std::vector<RandomKey>& /*keys*/, const TrainingFacts& /*facts*/,
                                              const at::TensorOptions& /*options*/) const {
  return {};
}

EpochLook TrainingObjective::look_after(const Settings& /*settings*/, const TrainingFacts& /*facts*/,
                                        std::int64_t /*epoch*/) const {
  return {};
}

bool TrainingObjective::after_epoch(const EpochLosses& /*losses*/, const TrainingFacts& /*facts*/,
                                    const ObjectiveConstants& /*constants*/, ObjectiveState& /*state*/) const {
  throw InternalError("this is a bug, please report it: method " + std::string(name()) + " asked for no losses");
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

MemberJoin TrainingObjective::member_join(const Settings& /*settings*/) const { return MemberJoin::mean_of_scores; }

std::vector<std::string> TrainingObjective::mixed_models(const Settings& /*settings*/,
                                                         const TrainingFacts& /*facts*/) const {
  return {};
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
