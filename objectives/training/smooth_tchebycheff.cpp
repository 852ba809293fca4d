#include "objectives/training/smooth_tchebycheff.hpp"

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/fair_weights.hpp"
#include "objectives/training/group_losses.hpp"

namespace fairsweep {

at::Tensor smooth_tchebycheff_loss(const PackBatch& batch, const at::Tensor& weight, const at::Tensor& smoothness) {
  constexpr double k_nobody = -1e30;  // an exponent whose exponential is 0
  const std::int64_t groups = weight.size(1);
  const at::Tensor shares = group_shares(batch, groups);
  const at::Tensor losses = losses_of(shares, batch.loss);
  const at::Tensor nobody = present_in(shares).logical_not();
  at::Tensor exponent = (weight * losses / smoothness.unsqueeze(-1)).masked_fill(nobody, k_nobody);
  // Padded, so that exp and log see whole blocks in every pack.
  exponent = at::constant_pad_nd(exponent, {0, padded(groups) - groups}, k_nobody);
  const at::Tensor largest = exponent.detach().amax(-1, true);
  const at::Tensor sum = (exponent - largest).exp().sum(-1, true);
  const at::Tensor log_sum = sum.expand({-1, k_block}).contiguous().log().select(-1, 0);
  return smoothness * (largest.squeeze(-1) + log_sum);
}

namespace {

class SmoothTchebycheff final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "smooth_tchebycheff"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "a smooth maximum of the groups' weighted mean losses";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Lin, Zhang, Yang, Liu, Wang, Zhang, Smooth Tchebycheff Scalarization, ICML 2024";
  }
  [[nodiscard]] bool needs_groups() const override { return true; }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& /*earlier*/,
                                             const at::TensorOptions& options) const override {
    return {{"weight", preferences_of(trials, "method.smooth_tchebycheff.minority_weight", facts, options)},
            {"smoothness", numbers_of(trials, "method.smooth_tchebycheff.smoothness", options)}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& /*state*/) const override {
    return smooth_tchebycheff_loss(batch, constants.at("weight"), constants.at("smoothness"));
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_smooth_tchebycheff() { return std::make_unique<SmoothTchebycheff>(); }

}  // namespace fairsweep
