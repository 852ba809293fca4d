#include "objectives/training/group_robust.hpp"

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/robust_weights.hpp"

namespace fairsweep {

at::Tensor group_estimate_coefficients(const PackBatch& batch, const at::Tensor& scale) {
  return by_group(scale, batch.group, 0.0) * (batch.weight / batch.weight.sum(-1, true));
}

at::Tensor group_robust_loss(const PackBatch& batch, const at::Tensor& coefficient, const at::Tensor& weight) {
  return weighted_sum(coefficient * by_group(weight, batch.group, 0.0), batch.loss);
}

namespace {

class GroupRobust final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "group_robust"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "the worst group's loss, by weights on groups that follow unbiased estimates of their losses";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Ramesh, Hu, Chaimalas, Mehta, Sessa, Bou Ammar, Bogunovic, Group Robust Preference Optimization, NeurIPS "
           "2024, arXiv 2405.20304";
  }
  [[nodiscard]] bool needs_groups() const override { return true; }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& /*earlier*/,
                                             const at::TensorOptions& options) const override {
    const auto count = static_cast<std::int64_t>(trials.size());
    const at::Tensor weight = at::tensor(at::ArrayRef<double>(facts.group_weight), at::kDouble);
    const at::Tensor scale = static_cast<double>(facts.comparisons) / weight;  // the mean weight is 1
    const at::Tensor known = at::where(weight.gt(0), scale, at::zeros({}, at::kDouble));
    return {{"scale", known.unsqueeze(0).repeat({count, 1}).to(options)},
            {"step_size", numbers_of(trials, "method.group_robust.step_size", options)}};
  }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const ObjectiveConstants& /*constants*/,
                                             const at::TensorOptions& options) const override {
    const auto count = static_cast<std::int64_t>(trials.size());
    return {{"a", even_weights(count, static_cast<std::int64_t>(facts.groups.size()), options)}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& state) const override {
    const at::Tensor& scale = constants.at("scale");
    const at::Tensor coefficient = group_estimate_coefficients(batch, scale);
    const at::Tensor estimate = sums_by_group(batch.group, coefficient * batch.loss.detach(), scale.size(1));
    state.at("a") = moved_weights(state.at("a"), estimate, constants.at("step_size"));
    return group_robust_loss(batch, coefficient, state.at("a"));
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_group_robust() { return std::make_unique<GroupRobust>(); }

}  // namespace fairsweep
