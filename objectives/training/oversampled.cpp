#include "objectives/training/oversampled.hpp"

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/fair_weights.hpp"

namespace fairsweep {
namespace {

constexpr std::string_view k_by = "method.oversampled.by";

/// The factor of each comparison's group or user; 1 for who has no group.
std::vector<double> factors_at(const at::Tensor& code, const std::vector<double>& factor) {
  const at::Tensor codes = code.cpu().contiguous();
  const auto* first = codes.data_ptr<std::int64_t>();
  std::vector<double> shares;
  shares.reserve(static_cast<std::size_t>(codes.numel()));
  for (std::int64_t i = 0; i < codes.numel(); ++i)
    shares.push_back(first[i] < 0 ? 1.0 : factor[static_cast<std::size_t>(first[i])]);
  return shares;
}

class Oversampled final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "oversampled"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "pooled training that draws the comparisons of small groups more often";
  }
  [[nodiscard]] std::string_view source() const override { return "standard (oversampling with replacement)"; }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    if (word_is(settings, k_by, "group", "user"))
      require_groups(name(), facts);
    return TrainingObjective::stages(settings, facts);
  }
  [[nodiscard]] std::vector<double> draw_shares(const Settings& settings, const TrainingFacts& facts) const override {
    const double strength = number_of(settings, "method.oversampled.strength");
    if (word_is(settings, k_by, "group", "user"))
      return factors_at(facts.training.group, reweighting_factors(facts.group_weight, strength));
    return factors_at(facts.training.user, reweighting_factors(training_weight_of_users(facts), strength));
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& /*state*/) const override {
    return weighted_mean(batch.weight, batch.loss);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_oversampled() { return std::make_unique<Oversampled>(); }

}  // namespace fairsweep
