#include "objectives/training/cagrad.hpp"

#include "objectives/gradient_weights/cagrad.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/combined_gradients.hpp"

namespace fairsweep {
namespace {

class Cagrad final : public CombinedGradients {
 public:
  [[nodiscard]] std::string_view name() const override { return "cagrad"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "of the steps near the mean gradient, the one that serves the worst-off group best";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Liu, Liu, Jin, Stone, Liu, Conflict-Averse Gradient Descent, NeurIPS 2021";
  }

 protected:
  [[nodiscard]] std::vector<double> numbers(const Settings& settings, const TrainingFacts& /*facts*/) const override {
    return {number_of(settings, "method.cagrad.radius")};
  }
  [[nodiscard]] std::vector<double> weights(const GroupGradients& gradients) const override {
    return cagrad_weights(gradients.gramian, gradients.numbers.front());
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_cagrad() { return std::make_unique<Cagrad>(); }

}  // namespace fairsweep
