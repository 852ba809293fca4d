#include "objectives/training/pcgrad.hpp"

#include "objectives/gradient_weights/pcgrad.hpp"
#include "objectives/training/combined_gradients.hpp"

namespace fairsweep {
namespace {

class Pcgrad final : public CombinedGradients {
 public:
  [[nodiscard]] std::string_view name() const override { return "pcgrad"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "each group's gradient without what conflicts with the others', summed";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Yu, Kumar, Gupta, Levine, Hausman, Finn, Gradient Surgery, NeurIPS 2020";
  }

 protected:
  [[nodiscard]] std::vector<double> weights(const GroupGradients& gradients) const override {
    // The order depends on the step alone: equal steps of all trials meet the groups in the same order.
    RandomStream stream(0, 0, 0, Purpose::gradient_order, gradients.step);
    return pcgrad_weights(gradients.gramian, pcgrad_orders(gradients.losses.size(), stream));
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_pcgrad() { return std::make_unique<Pcgrad>(); }

}  // namespace fairsweep
