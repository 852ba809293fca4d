#include "objectives/training/group_dro.hpp"

#include <cmath>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/robust_weights.hpp"

namespace fairsweep {
namespace {

/// Group sums of the weights with 1 where a group is absent, so that it can be divided by. [K, G]
at::Tensor group_divisor(const PackBatch& batch, std::int64_t groups) {
  return divisor(sums_by_group(batch.group, batch.weight, groups));
}

}  // namespace

at::Tensor group_mean_losses(const PackBatch& batch, std::int64_t groups) {
  const at::Tensor weighted = batch.weight * batch.loss.detach();
  return sums_by_group(batch.group, weighted, groups) / group_divisor(batch, groups);
}

std::vector<double> size_adjustments(const TrainingFacts& facts, double size_adjustment) {
  std::vector<double> adjustments(facts.groups.size(), 0.0);
  if (size_adjustment == 0)
    return adjustments;
  const at::Tensor group = facts.training.group.cpu();
  for (std::size_t g = 0; g < adjustments.size(); ++g) {
    const auto count = group.eq(static_cast<std::int64_t>(g)).sum().item<std::int64_t>();
    if (count > 0)
      adjustments[g] = size_adjustment / std::sqrt(static_cast<double>(count));
  }
  return adjustments;
}

GroupAverages moved_averages(const GroupAverages& averages, const at::Tensor& group_loss, const at::Tensor& present,
                             const at::Tensor& rate) {
  const at::Tensor now = present * at::where(averages.seen.gt(0), rate.unsqueeze(-1), at::ones({}, rate.options()));
  return {averages.mean * (1 - now) + group_loss * now, at::maximum(averages.seen, present.to(rate.scalar_type()))};
}

at::Tensor group_dro_loss(const PackBatch& batch, const at::Tensor& q, std::int64_t groups) {
  const at::Tensor share = q.narrow(1, 0, groups) / group_divisor(batch, groups);
  return weighted_sum(batch.weight * by_group(share, batch.group, 0.0), batch.loss);
}

namespace {

constexpr std::string_view k_rule = "method.group_dro.rule";
constexpr std::string_view k_size_adjustment = "method.group_dro.size_adjustment";

/// Runs recorded before there was a choice of rules name none.
bool takes_worst_share(const Settings& settings) {
  return settings.contains(k_rule) && word_is(settings, k_rule, "worst_share", "exponentiated_gradient");
}

/// Share of the training weight that each group has, [K, G].
at::Tensor training_shares(const TrainingFacts& facts, std::int64_t trials, const at::TensorOptions& options) {
  const at::Tensor weight = at::tensor(at::ArrayRef<double>(facts.group_weight), at::kDouble);
  return (weight / weight.sum()).unsqueeze(0).repeat({trials, 1}).to(options);
}

class GroupDro final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "group_dro"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "the worst group's loss, by weights on groups that grow where the loss is high";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Sagawa, Koh, Hashimoto, Liang, Distributionally Robust Neural Networks, ICLR 2020";
  }
  [[nodiscard]] bool needs_groups() const override { return true; }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& /*earlier*/,
                                             const at::TensorOptions& options) const override {
    std::vector<at::Tensor> adjustments;
    adjustments.reserve(trials.size());
    for (const Settings& settings : trials) {
      const double adjustment = settings.contains(k_size_adjustment) ? number_of(settings, k_size_adjustment) : 0.0;
      const std::vector<double> of_groups = size_adjustments(facts, adjustment);
      adjustments.push_back(at::tensor(at::ArrayRef<double>(of_groups), at::kDouble));
    }
    ObjectiveConstants constants = {{"adjustment", at::stack(adjustments).to(options)}};
    if (takes_worst_share(trials.front())) {
      constants["share"] = training_shares(facts, static_cast<std::int64_t>(trials.size()), options);
      constants["worst_share"] = numbers_of(trials, "method.group_dro.worst_share", options);
      constants["averaging"] = numbers_of(trials, "method.group_dro.averaging", options);
    }
    return constants;
  }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const ObjectiveConstants& /*constants*/,
                                             const at::TensorOptions& options) const override {
    const auto count = static_cast<std::int64_t>(trials.size());
    const auto groups = static_cast<std::int64_t>(facts.groups.size());
    const at::Tensor none = at::zeros({count, groups}, options);
    if (takes_worst_share(trials.front()))
      return {{"mean_loss", none}, {"seen", none.clone()}, {"q", none.clone()}};
    return {{"q", even_weights(count, groups, options)},
            {"step_size", numbers_of(trials, "method.group_dro.step_size", options)},
            {"group_loss", none}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& state) const override {
    const at::Tensor& adjustment = constants.at("adjustment");
    const std::int64_t groups = adjustment.size(1);
    const at::Tensor group_loss = group_mean_losses(batch, groups);
    if (constants.contains("worst_share")) {
      const at::Tensor present = sums_by_group(batch.group, batch.weight, groups).gt(0);
      const GroupAverages averages =
          moved_averages({state.at("mean_loss"), state.at("seen")}, group_loss, present, constants.at("averaging"));
      state.at("mean_loss") = averages.mean;
      state.at("seen") = averages.seen;
      state.at("q") =
          worst_share_weights(averages.mean + adjustment, constants.at("share"), constants.at("worst_share"));
    } else {
      state.at("group_loss") = group_loss;
      state.at("q") = moved_weights(state.at("q"), group_loss + adjustment, state.at("step_size"));
    }
    return group_dro_loss(batch, state.at("q"), groups);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_group_dro() { return std::make_unique<GroupDro>(); }

}  // namespace fairsweep
