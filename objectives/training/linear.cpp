#include "objectives/training/linear.hpp"

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/fair_weights.hpp"
#include "objectives/training/group_losses.hpp"

namespace fairsweep {

at::Tensor linear_loss(const PackBatch& batch, const at::Tensor& weight) {
  // One share a comparison first, so that the sum over the batch is the only one.
  const at::Tensor shares = group_shares(batch, weight.size(1));
  const at::Tensor coefficient = at::bmm(weight.unsqueeze(1), shares).squeeze(1);
  return weighted_sum(coefficient, batch.loss);
}

namespace {

class Linear final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "linear"; }
  [[nodiscard]] std::string_view sentence() const override { return "a fixed weighted sum of the groups' mean losses"; }
  [[nodiscard]] std::string_view source() const override { return "standard (linear scalarisation)"; }
  [[nodiscard]] bool needs_groups() const override { return true; }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& /*earlier*/,
                                             const at::TensorOptions& options) const override {
    return {{"weight", preferences_of(trials, "method.linear.minority_weight", facts, options)}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& /*state*/) const override {
    return linear_loss(batch, constants.at("weight"));
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_linear() { return std::make_unique<Linear>(); }

}  // namespace fairsweep
