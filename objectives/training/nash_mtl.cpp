#include "objectives/training/nash_mtl.hpp"

#include "objectives/gradient_weights/nash_mtl.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/combined_gradients.hpp"

namespace fairsweep {
namespace {

class NashMtl final : public CombinedGradients {
 public:
  [[nodiscard]] std::string_view name() const override { return "nash_mtl"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "the Nash bargaining solution between the groups' gradients";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Navon, Shamsian, Achituve, Maron, Kawaguchi, Chechik, Fetaya, ICML 2022";
  }

 protected:
  [[nodiscard]] std::vector<double> numbers(const Settings& settings, const TrainingFacts& /*facts*/) const override {
    return {number_of(settings, "method.nash_mtl.length")};
  }
  [[nodiscard]] std::vector<double> weights(const GroupGradients& gradients) const override {
    return nash_mtl_weights(gradients.gramian, gradients.numbers.front());
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_nash_mtl() { return std::make_unique<NashMtl>(); }

}  // namespace fairsweep
