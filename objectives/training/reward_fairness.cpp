#include "objectives/training/reward_fairness.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"

namespace fairsweep {
namespace {

constexpr std::string_view k_beta = "method.reward_fairness.beta";
/// As near as this to 0 or 1, beta is refused.
constexpr double k_least_distance = 1e-3;

/// log sum_i share_i e^value_i, the same number along each row of [K, B], so that log sees whole blocks.
at::Tensor log_mean_exp(const at::Tensor& share, const at::Tensor& value) {
  const at::Tensor padding = share.eq(0);
  const at::Tensor top = value.detach().masked_fill(padding, -std::numeric_limits<double>::infinity()).amax(-1, true);
  const at::Tensor grown = (value - top).masked_fill(padding, 0.0).exp();
  return top + (share * grown).sum(-1, true).expand_as(value).contiguous().log();
}

[[noreturn]] void refuse(const std::string& why) {
  throw UserError(ExitCode::configuration, "setting \"" + std::string(k_beta) + "\" " + why);
}

void check_beta(double beta, bool as_coefficient) {
  if (std::abs(beta) < k_least_distance)
    refuse("is within 0.001 of 0, where the fairness has the exponent 1 / beta; choose another");
  if (std::abs(beta - 1) < k_least_distance)
    refuse("is within 0.001 of 1, where the fairness says nothing (the sign of 1 - beta is 0); choose another");
  if (as_coefficient && beta > 1)
    refuse(
        "is above 1, where the fairness is negative and has no real power; choose a smaller one, or form "
        "regularisation");
}

bool is_coefficient(const Settings& settings) {
  return word_is(settings, "method.reward_fairness.form", "coefficient", "regularisation");
}

class RewardFairness final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "reward_fairness"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "pooled training that also looks at how evenly the comparisons of a batch are won (published "
           "reward-fairness losses)";
  }
  [[nodiscard]] Reads reads() const override { return Reads::margins; }
  [[nodiscard]] std::string_view source() const override {
    return "published reward-fairness losses: Ouyang, Hu, Chen, Li, Zhang, Liu, Towards Reward Fairness in RLHF, ACL "
           "2025";
  }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    check_beta(number_of(settings, k_beta), is_coefficient(settings));
    return TrainingObjective::stages(settings, facts);
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& /*facts*/,
                                             const StageScores& /*earlier*/,
                                             const at::TensorOptions& options) const override {
    const at::TensorOptions wide = options.dtype(at::kDouble);
    ObjectiveConstants constants = {{"beta", numbers_of(trials, k_beta, wide).unsqueeze(-1)}};
    if (is_coefficient(trials.front()))
      constants["exponent"] = numbers_of(trials, "method.reward_fairness.exponent", wide).unsqueeze(-1);
    else
      constants["weight"] = numbers_of(trials, "method.reward_fairness.weight", options);
    return constants;
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& /*state*/) const override {
    const at::Tensor pooled = weighted_mean(batch.weight, batch.loss);
    const at::Tensor& beta = constants.at("beta");
    const at::Tensor logarithm = log_reward_fairness(batch.margin, batch.weight, beta);
    const auto exponent = constants.find("exponent");
    const at::Tensor size = exponent != constants.end() ? exponent->second * logarithm : logarithm;
    const at::Tensor value = size.exp().select(1, 0).to(pooled.scalar_type());
    if (exponent != constants.end())
      return pooled * value;
    const at::Tensor sign = (1 - beta).sign().select(1, 0).to(pooled.scalar_type());
    return pooled - constants.at("weight") * sign * value;
  }
};

}  // namespace

at::Tensor log_reward_fairness(const at::Tensor& margin, const at::Tensor& weight, const at::Tensor& beta) {
  const at::Tensor share = (weight / weight.sum(-1, true)).to(at::kDouble);
  const at::Tensor log_x = at::log_sigmoid(margin.to(at::kDouble));
  const at::Tensor log_ratio = log_x - log_mean_exp(share, log_x);
  return log_mean_exp(share, (1 - beta) * log_ratio) / beta;
}

std::unique_ptr<TrainingObjective> make_reward_fairness() { return std::make_unique<RewardFairness>(); }

}  // namespace fairsweep
