#include "objectives/training/dvao_weighted.hpp"

#include <cstdint>
#include <vector>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/combine_rule.hpp"
#include "objectives/training/fair_weights.hpp"
#include "objectives/training/group_losses.hpp"

namespace fairsweep {
namespace {

/// Share of the running moments that a step leaves.
constexpr double k_memory = 0.99;

}  // namespace

RunningMoments moved_moments(const RunningMoments& moments, const PackBatch& batch, const at::Tensor& utility) {
  const std::int64_t groups = moments.seen.size(1);
  const at::Tensor weight = sums_by_group(batch.group, batch.weight, groups);
  const at::Tensor here = weight.gt(0);
  const auto moved = [&](const at::Tensor& before, const at::Tensor& now) {
    return at::where(here, k_memory * before + (1 - k_memory) * now, before);
  };
  const auto mean = [&](const at::Tensor& values) {
    return sums_by_group(batch.group, batch.weight * values, groups) / divisor(weight);
  };
  return {moved(moments.seen, at::ones_like(moments.seen)), moved(moments.first, mean(utility)),
          moved(moments.second, mean(utility.square()))};
}

at::Tensor running_deviation(const RunningMoments& moments) {
  const at::Tensor seen = divisor(moments.seen);
  return (moments.second / seen - (moments.first / seen).square()).clamp_min(0).sqrt();
}

at::Tensor spread_weights(const at::Tensor& share, const at::Tensor& deviation) {
  const at::Tensor weighted = share * deviation;
  const at::Tensor sum = weighted.sum(-1, true);
  return at::where(sum.gt(k_least_deviation), weighted / divisor(sum), share);
}

namespace {

class DvaoWeighted final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "dvao_weighted"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "the groups' losses weighted by share times the spread of their utility, after DVAO (our ablation)";
  }
  [[nodiscard]] Reads reads() const override { return Reads::margins; }
  [[nodiscard]] std::string_view source() const override {
    return "the weights of Jiang et al., DVAO, arXiv 2605.25604, put on the losses of groups: an ablation of ours";
  }
  [[nodiscard]] bool needs_groups() const override { return true; }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& /*earlier*/,
                                             const at::TensorOptions& options) const override {
    const at::Tensor counts =
        at::full({static_cast<std::int64_t>(trials.size())}, counts_answers(trials.front()) ? 1.0 : 0.0, options);
    return {{"share", preferences_of(trials, "method.dvao_weighted.minority_share", facts, options)},
            {"counts", counts}};
  }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& /*trials*/, const TrainingFacts& /*facts*/,
                                             const ObjectiveConstants& constants,
                                             const at::TensorOptions& /*options*/) const override {
    const at::Tensor none = at::zeros_like(constants.at("share"));
    return {{"seen", none}, {"first", none.clone()}, {"second", none.clone()}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& state) const override {
    const at::Tensor& share = constants.at("share");
    const at::Tensor margin = batch.margin.detach();
    const at::Tensor utility =
        at::where(constants.at("counts").unsqueeze(-1).gt(0), (margin.sign() + 1) / 2, margin.sigmoid());
    const RunningMoments moments =
        moved_moments({state.at("seen"), state.at("first"), state.at("second")}, batch, utility);
    state["seen"] = moments.seen;
    state["first"] = moments.first;
    state["second"] = moments.second;
    return (spread_weights(share, running_deviation(moments)) * group_losses(batch, share.size(1))).sum(-1);
  }

 private:
  [[nodiscard]] static bool counts_answers(const Settings& settings) {
    return word_is(settings, "method.dvao_weighted.utility", "correct", "probability");
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_dvao_weighted() { return std::make_unique<DvaoWeighted>(); }

}  // namespace fairsweep
