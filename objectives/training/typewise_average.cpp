#include "objectives/training/typewise_average.hpp"

#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"

namespace fairsweep {

at::Tensor typewise_loss(const PackBatch& batch) {
  const at::Tensor loss = of_members(batch.loss);
  const at::Tensor code = at::arange(loss.size(1), batch.group.options()).view({1, -1, 1});
  const at::Tensor weight = batch.group.unsqueeze(1).eq(code) * batch.weight.unsqueeze(1);  // [K, L, B]
  return sum_over_members(weighted_sum(weight, loss) / divisor(weight.sum(-1)));
}

namespace {

class TypewiseAverage final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "typewise_average"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "a reward model for each group, trained on that group alone, scored as their average";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Shirali et al., Direct Alignment with Heterogeneous Preferences, arXiv 2502.16320, after theorem 6.2";
  }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    require_groups(name(), facts);
    for (std::size_t g = 0; g < facts.groups.size(); ++g) {
      if (!(facts.group_weight.at(g) > 0)) {
        throw UserError(ExitCode::configuration, "group \"" + facts.groups[g] +
                                                     "\" has no training comparisons, which its model needs; use "
                                                     "another split, grouping or method");
      }
    }
    std::vector<Stage> stages = TrainingObjective::stages(settings, facts);
    stages.back().members = static_cast<std::int64_t>(facts.groups.size());
    return stages;
  }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const ObjectiveConstants& /*constants*/,
                                             const at::TensorOptions& options) const override {
    std::vector<at::Tensor> rows;
    rows.reserve(trials.size());
    for (const Settings& settings : trials) {
      const bool by_people = word_is(settings, "method.typewise_average.weights", "people", "groups");
      at::Tensor share = at::ones({static_cast<std::int64_t>(facts.groups.size())}, at::kDouble);
      for (std::size_t g = 0; by_people && g < facts.groups.size(); ++g)
        share.data_ptr<double>()[g] = static_cast<double>(facts.group_users[g]);
      rows.push_back(share / share.sum());
    }
    return {{"share", at::stack(rows).to(options)}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& /*state*/) const override {
    return typewise_loss(batch);
  }
  [[nodiscard]] std::vector<std::string> learned() const override { return {"share"}; }
  [[nodiscard]] at::Tensor member_weights(std::int64_t /*trials*/, std::int64_t /*members*/,
                                          const ObjectiveState& learned,
                                          const at::TensorOptions& /*options*/) const override {
    return learned.at("share");
  }
  /// Each comparison is watched under its own group's model; those without a group under the mean of the losses.
  [[nodiscard]] at::Tensor watched_loss(const at::Tensor& loss, const ComparisonFacts& validation,
                                        const ObjectiveState& /*state*/) const override {
    const at::Tensor group = validation.group.view({1, 1, -1}).expand({loss.size(0), 1, loss.size(2)});
    const at::Tensor own = loss.gather(1, group.clamp_min(0)).squeeze(1);
    return at::where(validation.group.ge(0).unsqueeze(0), own, mean_over_members(loss));
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_typewise_average() { return std::make_unique<TypewiseAverage>(); }

}  // namespace fairsweep
