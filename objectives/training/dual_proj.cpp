#include "objectives/training/dual_proj.hpp"

#include "objectives/gradient_weights/dual_proj.hpp"
#include "objectives/training/combined_gradients.hpp"

namespace fairsweep {
namespace {

class DualProj final : public CombinedGradients {
 public:
  [[nodiscard]] std::string_view name() const override { return "dual_proj"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "the mean gradient, bent as little as harms no group";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Lopez-Paz, Ranzato, Gradient Episodic Memory, NeurIPS 2017, applied to the mean as in Quinton, Rey, arXiv "
           "2406.16232";
  }

 protected:
  [[nodiscard]] std::vector<double> weights(const GroupGradients& gradients) const override {
    return dual_proj_weights(gradients.gramian);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_dual_proj() { return std::make_unique<DualProj>(); }

}  // namespace fairsweep
