#include "objectives/training/dvao_gradient.hpp"

#include <vector>

#include "objectives/gradient_weights/dvao_gradient.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/combined_gradients.hpp"
#include "objectives/training/fair_weights.hpp"

namespace fairsweep {
namespace {

class DvaoGradient final : public CombinedGradients {
 public:
  [[nodiscard]] std::string_view name() const override { return "dvao_gradient"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "the weighted sum of the groups' gradients over the weighted sum of their lengths, after DVAO (our "
           "ablation)";
  }
  [[nodiscard]] std::string_view source() const override {
    return "the weights of Jiang et al., DVAO, arXiv 2605.25604, carried to gradients: an ablation of ours";
  }

 protected:
  [[nodiscard]] std::vector<double> numbers(const Settings& settings, const TrainingFacts& facts) const override {
    return shares_of_groups(facts, number_of(settings, "method.dvao_gradient.minority_weight"));
  }
  [[nodiscard]] std::vector<double> weights(const GroupGradients& gradients) const override {
    return dvao_gradient_weights(gradients.gramian, gradients.numbers);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_dvao_gradient() { return std::make_unique<DvaoGradient>(); }

}  // namespace fairsweep
