#include "objectives/training/upgrad.hpp"

#include "objectives/gradient_weights/upgrad.hpp"
#include "objectives/training/combined_gradients.hpp"

namespace fairsweep {
namespace {

class Upgrad final : public CombinedGradients {
 public:
  [[nodiscard]] std::string_view name() const override { return "upgrad"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "each group's gradient, bent as little as harms no other group, averaged";
  }
  [[nodiscard]] std::string_view source() const override { return "Quinton, Rey, Jacobian Descent, arXiv 2406.16232"; }

 protected:
  [[nodiscard]] std::vector<double> weights(const GroupGradients& gradients) const override {
    return upgrad_weights(gradients.gramian);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_upgrad() { return std::make_unique<Upgrad>(); }

}  // namespace fairsweep
