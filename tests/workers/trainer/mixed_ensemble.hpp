#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/training_objective.hpp"
#include "workers/trainer/pack_training.hpp"

namespace fairsweep::testing {

/// Three pooled models from starts of their own, joined as the settings say: method.mixed.join (mean or mixture) with
/// weights that are the same for all or different for every person (method.mixed.by), one of them 0 for some.
class MixedEnsemble : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "mixed"; }
  [[nodiscard]] std::string_view sentence() const override { return "several pooled models"; }
  [[nodiscard]] std::string_view source() const override { return "this test"; }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    std::vector<Stage> stages = TrainingObjective::stages(settings, facts);
    stages.back().members = 3;
    stages.back().starts_apart = true;
    return stages;
  }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const ObjectiveConstants& /*constants*/,
                                             const at::TensorOptions& options) const override {
    const auto count = static_cast<std::int64_t>(trials.size());
    if (word_is(trials.front(), "method.mixed.by", "all", "person"))
      return {{"share", at::tensor({0.2, 0.5, 0.3}, options).repeat({count, 1})}};
    const at::Tensor person = at::arange(facts.users, at::kLong).unsqueeze(0);
    const at::Tensor parts = (person * 7 + at::arange(3, at::kLong).unsqueeze(1) * 3).remainder(5).to(at::kDouble);
    return {{"share", (parts / parts.sum(0, true)).to(options).repeat({count, 1, 1})}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& /*state*/) const override {
    return sum_over_members(weighted_mean(batch.weight.unsqueeze(1), batch.loss));
  }
  [[nodiscard]] std::vector<std::string> learned() const override { return {"share"}; }
  [[nodiscard]] at::Tensor member_weights(std::int64_t /*trials*/, std::int64_t /*members*/,
                                          const ObjectiveState& learned,
                                          const at::TensorOptions& /*options*/) const override {
    return learned.at("share");
  }
  [[nodiscard]] MemberJoin member_join(const Settings& settings) const override {
    return word_is(settings, "method.mixed.join", "mean", "mixture") ? MemberJoin::mean_of_scores
                                                                     : MemberJoin::mixture_of_probabilities;
  }
};

inline PackTrainingOptions with_mixed(PackTrainingOptions options) {
  options.find_method = [](std::string_view name) {
    static const MixedEnsemble mixed;
    return name == "mixed" ? static_cast<const TrainingObjective*>(&mixed) : find_objective(name);
  };
  return options;
}

}  // namespace fairsweep::testing
