#include "objectives/training/epo.hpp"

#include "objectives/gradient_weights/epo.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/combined_gradients.hpp"
#include "objectives/training/fair_weights.hpp"

namespace fairsweep {
namespace {

class Epo final : public CombinedGradients {
 public:
  [[nodiscard]] std::string_view name() const override { return "epo"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "steps to the Pareto optimum where the groups' losses are in a given proportion";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Mahapatra, Rajan, Multi-Task Learning with User Preferences, ICML 2020";
  }

 protected:
  [[nodiscard]] std::vector<double> numbers(const Settings& settings, const TrainingFacts& facts) const override {
    return shares_of_groups(facts, number_of(settings, "method.epo.minority_weight"));
  }
  [[nodiscard]] std::vector<double> weights(const GroupGradients& gradients) const override {
    return epo_weights(gradients.gramian, gradients.losses, gradients.numbers);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_epo() { return std::make_unique<Epo>(); }

}  // namespace fairsweep
