#pragma once

#include <map>
#include <string>
#include <vector>

#include "objectives/ensemble_weights/value_table.hpp"
#include "objectives/training/ensemble_source.hpp"
#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Methods that train nothing of their own: they mix the models of method.ensemble.of by weights decided once, from
/// what each model is worth to each kind of people on the validation comparisons. A sweep over how costs the models'
/// training once and an evaluation a trial.
class Ensemble : public TrainingObjective {
 public:
  [[nodiscard]] Reads reads() const final { return Reads::scores; }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const final;
  [[nodiscard]] std::vector<std::string> mixed_models(const Settings& settings, const TrainingFacts& facts) const final;
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& earlier, const at::TensorOptions& options) const final;
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const ObjectiveConstants& constants,
                                             const at::TensorOptions& options) const final;
  /// Never asked for. @throws InternalError
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& state) const final;
  [[nodiscard]] std::vector<std::string> learned() const final { return {"weight"}; }
  [[nodiscard]] at::Tensor member_weights(std::int64_t trials, std::int64_t members, const ObjectiveState& learned,
                                          const at::TensorOptions& options) const final;
  [[nodiscard]] MemberJoin member_join(const Settings& settings) const final;
  /// What each model is worth to each kind of people, what the mixture is, and what the method says beside it.
  [[nodiscard]] std::map<std::string, double> notes(const Settings& settings, const TrainingFacts& facts,
                                                    const StageScores& earlier, const at::Tensor& scores) const final;

 protected:
  /// @throws UserError (configuration) where the settings do not fit these kinds of people, before anything is trained.
  virtual void require_fit(const Settings& settings, const std::vector<std::string>& kinds) const;
  /// Weights of the models. Depends on its arguments only.
  [[nodiscard]] virtual EnsembleWeights decide(const Settings& settings, const EnsembleFacts& facts) const = 0;
  /// More notes. @param decided by `decide`    @param mixed [L] mean log-likelihood of each kind's answers under the
  /// mixture as it is joined
  [[nodiscard]] virtual std::map<std::string, double> more_notes(const Settings& settings, const EnsembleFacts& facts,
                                                                 const EnsembleWeights& decided,
                                                                 const std::vector<double>& mixed) const;
};

}  // namespace fairsweep
