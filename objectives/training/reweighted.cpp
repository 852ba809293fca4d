#include "objectives/training/reweighted.hpp"

#include <algorithm>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/fair_weights.hpp"

namespace fairsweep {

at::Tensor reweighted_loss(const PackBatch& batch, const at::Tensor& factor) {
  const at::Tensor coefficient = batch.weight * by_group(factor, batch.group, 1.0);
  return weighted_sum(coefficient, batch.loss) / batch.weight.sum(-1);
}

namespace {

class Reweighted final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "reweighted"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "pooled training with the comparisons of small groups weighted up";
  }
  [[nodiscard]] std::string_view source() const override { return "standard (inverse-frequency weights)"; }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const ObjectiveConstants& /*constants*/,
                                             const at::TensorOptions& options) const override {
    const auto count = static_cast<std::int64_t>(trials.size());
    // A table of one column serves data without groups: nobody ever looks it up.
    const auto groups = std::max<std::int64_t>(1, static_cast<std::int64_t>(facts.group_weight.size()));
    at::Tensor factor = at::ones({count, groups}, at::kDouble);
    for (std::int64_t k = 0; k < count; ++k) {
      const double strength = number_of(trials[static_cast<std::size_t>(k)], "method.reweighted.strength");
      const std::vector<double> factors = reweighting_factors(facts.group_weight, strength);
      for (std::size_t g = 0; g < factors.size(); ++g) {
        factor.data_ptr<double>()[k * groups + static_cast<std::int64_t>(g)] = factors[g];
      }
    }
    return {{"factor", factor.to(options.device(), c10::typeMetaToScalarType(options.dtype()))}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& state) const override {
    return reweighted_loss(batch, state.at("factor"));
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_reweighted() { return std::make_unique<Reweighted>(); }

}  // namespace fairsweep
