#include "objectives/training/ensemble.hpp"

#include <utility>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/answer_probability.hpp"
#include "objectives/training/batch_tools.hpp"

namespace fairsweep {
namespace {

const std::string& source_of(const Settings& settings) { return word_of(settings, "method.ensemble.of"); }

/// Negative log-likelihood of each validation answer under the mixture of one trial, [V] double on the CPU.
at::Tensor mixture_loss(MemberJoin join, const EnsembleFacts& facts, const at::Tensor& weight,
                        const StageOutput& models, const ComparisonFacts& validation) {
  if (join == MemberJoin::mixture_of_probabilities)
    return mixed_loss(facts.loss.unsqueeze(0), weight.view({1, -1, 1})).squeeze(0);
  const at::Tensor scores = models.validation.dim() == 3 ? models.validation.unsqueeze(1) : models.validation;
  const at::Tensor mean = mean_of_scores(scores.to(at::kDouble), weight.to(scores.device()).view({1, -1, 1}));
  return log_probability_of_answers(mean, validation).neg().squeeze(0).cpu();
}

}  // namespace

std::vector<Stage> Ensemble::stages(const Settings& settings, const TrainingFacts& facts) const {
  EnsembleModels models = ensemble_models(name(), source_of(settings), settings, facts);
  require_fit(settings, models.names);
  const Stage mix = mixing_stage(*this, settings, models);
  models.stages.push_back(mix);
  return std::move(models.stages);
}

std::vector<std::string> Ensemble::mixed_models(const Settings& settings, const TrainingFacts& facts) const {
  return ensemble_models(name(), source_of(settings), settings, facts).names;
}

ObjectiveConstants Ensemble::constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                       const StageScores& earlier, const at::TensorOptions& options) const {
  std::vector<at::Tensor> weights;
  weights.reserve(trials.size());
  for (std::size_t k = 0; k < trials.size(); ++k) {
    const EnsembleFacts known =
        ensemble_facts(source_of(trials[k]), facts, earlier.at(k_models_stage), static_cast<std::int64_t>(k));
    weights.push_back(at::tensor(decide(trials[k], known).weights, at::kDouble));
  }
  return {{"weight", at::stack(weights).to(options.device())}};
}

ObjectiveState Ensemble::initial_state(const std::vector<Settings>& /*trials*/, const TrainingFacts& /*facts*/,
                                       const ObjectiveConstants& constants,
                                       const at::TensorOptions& /*options*/) const {
  return {{"weight", constants.at("weight")}};
}

at::Tensor Ensemble::loss(const PackBatch& /*batch*/, const ObjectiveConstants& /*constants*/,
                          ObjectiveState& /*state*/) const {
  throw InternalError("this is a bug, please report it: method " + std::string(name()) + " trains nothing");
}

at::Tensor Ensemble::member_weights(std::int64_t /*trials*/, std::int64_t /*members*/, const ObjectiveState& learned,
                                    const at::TensorOptions& /*options*/) const {
  return learned.at("weight");
}

MemberJoin Ensemble::member_join(const Settings& settings) const {
  return word_is(settings, "method.ensemble.join", "probabilities", "scores") ? MemberJoin::mixture_of_probabilities
                                                                              : MemberJoin::mean_of_scores;
}

std::map<std::string, double> Ensemble::notes(const Settings& settings, const TrainingFacts& facts,
                                              const StageScores& earlier, const at::Tensor& /*scores*/) const {
  const StageOutput& models = earlier.at(k_models_stage);
  const EnsembleFacts known = ensemble_facts(source_of(settings), facts, models, 0);
  const EnsembleWeights decided = decide(settings, known);
  const std::vector<std::string> names = mixed_models(settings, facts);
  const at::Tensor loss =
      mixture_loss(member_join(settings), known, at::tensor(decided.weights, at::kDouble), models, facts.validation);
  std::map<std::string, double> notes;
  std::vector<double> mixed;
  mixed.reserve(names.size());
  for (std::size_t kind = 0; kind < names.size(); ++kind) {
    mixed.push_back(-(loss * known.kind_weight[static_cast<std::int64_t>(kind)]).sum().item<double>());
    const std::string whose = "log-likelihood of " + names[kind];
    notes[whose + " under the mixture"] = mixed.back();
    for (std::size_t model = 0; model < names.size(); ++model)
      notes[whose + " under the model of " + names[model]] = known.worth.at(kind, model);
  }
  notes.merge(more_notes(settings, known, decided, mixed));
  return notes;
}

void Ensemble::require_fit(const Settings& /*settings*/, const std::vector<std::string>& /*kinds*/) const {}

std::map<std::string, double> Ensemble::more_notes(const Settings& /*settings*/, const EnsembleFacts& /*facts*/,
                                                   const EnsembleWeights& /*decided*/,
                                                   const std::vector<double>& /*mixed*/) const {
  return {};
}

}  // namespace fairsweep
