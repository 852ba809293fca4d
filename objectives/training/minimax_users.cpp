#include "objectives/training/minimax_users.hpp"

#include <algorithm>
#include <limits>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/fair_weights.hpp"
#include "objectives/training/robust_weights.hpp"

namespace fairsweep {
namespace {

constexpr double k_no_weight = -std::numeric_limits<double>::infinity();
/// e^-600 of the largest weight is as good as nothing, and still has an inverse: nobody is lost for good.
constexpr double k_least_log_weight = -600;

}  // namespace

at::Tensor user_estimate_coefficients(const PackBatch& batch, const at::Tensor& scale) {
  return scale.gather(1, batch.user) * (batch.weight / batch.weight.sum(-1, true));
}

at::Tensor moved_user_weights(const at::Tensor& log_weight, const PackBatch& batch, const at::Tensor& coefficient,
                              const at::Tensor& step_size) {
  const at::Tensor estimate = (coefficient * batch.loss.detach()).to(at::kDouble);
  const at::Tensor moved = log_weight.scatter_add(1, batch.user, step_size.unsqueeze(-1) * estimate);
  const at::Tensor shifted = moved - moved.amax(-1, true);
  return at::where(log_weight.isinf(), log_weight, shifted.clamp_min(k_least_log_weight));
}

at::Tensor minimax_users_loss(const PackBatch& batch, const at::Tensor& coefficient, const at::Tensor& log_weight) {
  const at::Tensor weight = log_weight.exp();
  const at::Tensor q = weight.gather(1, batch.user) / weight.sum(-1, true);
  return weighted_sum(coefficient * q.to(coefficient.scalar_type()), batch.loss);
}

namespace {

class MinimaxUsers final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "minimax_users"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "the worst users' loss, by weights on single users that grow where the loss is high";
  }
  [[nodiscard]] std::string_view source() const override {
    return "standard (exponentiated gradient over users, conditional value at risk)";
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& /*earlier*/,
                                             const at::TensorOptions& options) const override {
    const auto count = static_cast<std::int64_t>(trials.size());
    const std::vector<double> of_users = training_weight_of_users(facts);
    const at::Tensor weight = at::tensor(at::ArrayRef<double>(of_users), at::kDouble);
    const at::Tensor scale =
        at::where(weight.gt(0), static_cast<double>(facts.comparisons) / weight, at::zeros({}, at::kDouble));
    ObjectiveConstants constants = {
        {"scale", scale.unsqueeze(0).repeat({count, 1}).to(options)},
        {"step_size", numbers_of(trials, "method.minimax_users.step_size", options.dtype(at::kDouble))}};
    const auto trained =
        static_cast<double>(std::count_if(of_users.begin(), of_users.end(), [](double own) { return own > 0; }));
    // A cap of 1 binds nobody; where no trial of the pack has another, nobody has to sort.
    const at::Tensor most = numbers_of(trials, "method.minimax_users.worst_share", at::TensorOptions(at::kDouble));
    const at::Tensor cap = (most * trained).reciprocal().clamp_max(1);
    if (cap.lt(1).any().item<bool>())
      constants["cap"] = cap.to(options.device());
    return constants;
  }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const ObjectiveConstants& /*constants*/,
                                             const at::TensorOptions& options) const override {
    const auto count = static_cast<std::int64_t>(trials.size());
    at::Tensor log_weight = at::full({count, padded(facts.users)}, k_no_weight, at::kDouble);
    const std::vector<double> of_users = training_weight_of_users(facts);
    for (std::size_t u = 0; u < of_users.size(); ++u) {
      if (of_users[u] > 0)
        log_weight.select(1, static_cast<std::int64_t>(u)).zero_();
    }
    return {{"log_weight", log_weight.to(options.device())}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& state) const override {
    const at::Tensor coefficient = user_estimate_coefficients(batch, constants.at("scale"));
    at::Tensor& log_weight = state.at("log_weight");
    log_weight = moved_user_weights(log_weight, batch, coefficient, constants.at("step_size"));
    const auto cap = constants.find("cap");
    if (cap != constants.end())
      log_weight = capped_log_weights(log_weight, cap->second);
    return minimax_users_loss(batch, coefficient, log_weight);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_minimax_users() { return std::make_unique<MinimaxUsers>(); }

}  // namespace fairsweep
