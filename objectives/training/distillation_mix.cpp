#include "objectives/training/distillation_mix.hpp"

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/fair_weights.hpp"

namespace fairsweep {

ObjectiveConstants mix_constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                 const std::vector<at::Tensor>& among, const at::TensorOptions& options) {
  std::vector<at::Tensor> coefficients;
  coefficients.reserve(trials.size());
  for (std::size_t k = 0; k < trials.size(); ++k) {
    const std::vector<double> shares = shares_of_groups(facts, number_of(trials[k], "method.pafo.minority_share"));
    coefficients.push_back(weights_by_group_and_user(facts.training, among[k], shares) *
                           static_cast<double>(facts.comparisons));
  }
  return {{"coefficient", at::stack(coefficients).to(options.device(), c10::typeMetaToScalarType(options.dtype()))},
          {"distillation", numbers_of(trials, "method.pafo.distillation", options)}};
}

at::Tensor mixed_loss(const PackBatch& batch, const ObjectiveConstants& constants, const at::Tensor& value) {
  const at::Tensor real = batch.weight.gt(0);
  const at::Tensor coefficient = at_comparisons(constants.at("coefficient"), batch) * real;
  const at::Tensor distilled = weighted_sum(coefficient, value) / real.sum(-1);
  const at::Tensor& share = constants.at("distillation");
  return (1 - share) * weighted_mean(batch.weight, batch.loss) + share * distilled;
}

}  // namespace fairsweep
