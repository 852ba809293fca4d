#include "objectives/training/pooled.hpp"

#include "objectives/training/batch_tools.hpp"

namespace fairsweep {

at::Tensor pooled_loss(const PackBatch& batch) { return weighted_mean(batch.weight, batch.loss); }

namespace {

class Pooled final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "pooled"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "maximum likelihood on everybody's comparisons together";
  }
  [[nodiscard]] std::string_view source() const override { return "standard"; }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& /*state*/) const override {
    return pooled_loss(batch);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_pooled() { return std::make_unique<Pooled>(); }

}  // namespace fairsweep
