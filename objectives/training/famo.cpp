#include "objectives/training/famo.hpp"

#include <cmath>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/group_losses.hpp"

namespace fairsweep {
namespace {

constexpr double k_floor = 1e-8;                                     // of a loss, whose logarithm is taken
constexpr double k_nobody = -1e30;                                   // a logit whose exponential is 0
constexpr double k_first = 0.9, k_second = 0.999, k_epsilon = 1e-8;  // Adam's

/// Functions of [K, G] numbers, padded so that they see whole blocks in every pack.
at::Tensor padded_with(const at::Tensor& values, double filling) {
  return at::constant_pad_nd(values, {0, padded(values.size(1)) - values.size(1)}, filling);
}
at::Tensor logarithm(const at::Tensor& losses) {
  return (padded_with(losses, 1) + k_floor).log().narrow(1, 0, losses.size(1));
}

}  // namespace

at::Tensor famo_shares(const at::Tensor& logits, const at::Tensor& present) {
  const at::Tensor exponent = padded_with(logits.masked_fill(present.logical_not(), k_nobody), k_nobody);
  const at::Tensor weight = (exponent - exponent.amax(-1, true)).exp();
  return (weight / weight.sum(-1, true)).narrow(1, 0, logits.size(1)) * present;
}

at::Tensor famo_loss(const at::Tensor& losses, const at::Tensor& shares, const at::Tensor& present) {
  const at::Tensor there = at::where(present, losses, at::ones({}, losses.options()));
  const at::Tensor scale = 1 / (shares / (there.detach() + k_floor)).sum(-1);
  return scale * (shares * logarithm(there)).sum(-1);
}

void move_famo_weights(FamoWeights& weights, const at::Tensor& before, const at::Tensor& after,
                       const at::Tensor& present, const at::Tensor& step_size, const at::Tensor& decay) {
  const at::Tensor zero = at::zeros({}, before.options());
  const at::Tensor gain = at::where(present, logarithm(before) - logarithm(after), zero);
  const at::Tensor share = famo_shares(weights.logits, present);
  const at::Tensor gradient = share * (gain - (share * gain).sum(-1, true)) + decay.unsqueeze(-1) * weights.logits;
  const at::Tensor steps = weights.steps + present;
  const at::Tensor first = k_first * weights.first + (1 - k_first) * gradient;
  const at::Tensor second = k_second * weights.second + (1 - k_second) * gradient * gradient;
  // Powers by exp, in whole blocks.
  const auto corrected = [&](const at::Tensor& mean, double beta) {
    const at::Tensor power = padded_with(steps * std::log(beta), 0).exp().narrow(1, 0, steps.size(1));
    return mean / (1 - power).clamp_min(1e-30);
  };
  const at::Tensor moved = weights.logits - step_size.unsqueeze(-1) * corrected(first, k_first) /
                                                (corrected(second, k_second).sqrt() + k_epsilon);
  weights = {at::where(present, moved, weights.logits), at::where(present, first, weights.first),
             at::where(present, second, weights.second), steps};
}

namespace {

class Famo final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "famo"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "logarithmic group losses with weights that rise where a step helped least";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Liu, Feng, Stone, Liu, FAMO: Fast Adaptive Multitask Optimization, NeurIPS 2023";
  }
  [[nodiscard]] bool needs_groups() const override { return true; }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const ObjectiveConstants& /*constants*/,
                                             const at::TensorOptions& options) const override {
    const at::Tensor none =
        at::zeros({static_cast<std::int64_t>(trials.size()), static_cast<std::int64_t>(facts.groups.size())}, options);
    return {{"logits", none},
            {"first", none.clone()},
            {"second", none.clone()},
            {"steps", none.clone()},
            {"before", none.clone()},
            {"step_size", numbers_of(trials, "method.famo.step_size", options)},
            {"decay", numbers_of(trials, "method.famo.decay", options)}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& state) const override {
    const std::int64_t groups = state.at("logits").size(1);
    const at::Tensor shares = group_shares(batch, groups);
    const at::Tensor losses = losses_of(shares, batch.loss);
    const at::Tensor present = present_in(shares);
    state.at("before") = losses.detach();
    return famo_loss(losses, famo_shares(state.at("logits"), present), present);
  }
  [[nodiscard]] bool looks_back() const override { return true; }
  void after_step(const PackBatch& batch, const at::Tensor& after, const ObjectiveConstants& /*constants*/,
                  ObjectiveState& state) const override {
    const std::int64_t groups = state.at("logits").size(1);
    const at::Tensor shares = group_shares(batch, groups);
    FamoWeights weights = {state.at("logits"), state.at("first"), state.at("second"), state.at("steps")};
    move_famo_weights(weights, state.at("before"), losses_of(shares, after), present_in(shares), state.at("step_size"),
                      state.at("decay"));
    state.at("logits") = weights.logits;
    state.at("first") = weights.first;
    state.at("second") = weights.second;
    state.at("steps") = weights.steps;
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_famo() { return std::make_unique<Famo>(); }

}  // namespace fairsweep
