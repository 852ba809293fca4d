#include "objectives/training/group_dro.hpp"

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"

namespace fairsweep {
namespace {

/// Group sums of the weights with 1 where a group is absent, so that it can be divided by. [K, G]
at::Tensor group_divisor(const PackBatch& batch, std::int64_t groups) {
  const at::Tensor sum = sums_by_group(batch.group, batch.weight, groups);
  return at::where(sum.gt(0), sum, at::ones({}, sum.options()));
}

}  // namespace

at::Tensor group_mean_losses(const PackBatch& batch, std::int64_t groups) {
  const at::Tensor weighted = batch.weight * batch.loss.detach();
  return sums_by_group(batch.group, weighted, groups) / group_divisor(batch, groups);
}

at::Tensor moved_group_weights(const at::Tensor& q, const at::Tensor& group_loss, const at::Tensor& step_size) {
  const at::Tensor loss = at::constant_pad_nd(group_loss, {0, q.size(1) - group_loss.size(1)});
  const at::Tensor exponent = step_size.unsqueeze(-1) * loss;
  // Shifted by the largest, which the normalisation cancels: exp cannot overflow.
  const at::Tensor moved = q * (exponent - exponent.amax(-1, true)).exp();
  return moved / moved.sum(-1, true);
}

at::Tensor group_dro_loss(const PackBatch& batch, const at::Tensor& q, std::int64_t groups) {
  const at::Tensor share = q.narrow(1, 0, groups) / group_divisor(batch, groups);
  return weighted_sum(batch.weight * by_group(share, batch.group, 0.0), batch.loss);
}

namespace {

class GroupDro final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "group_dro"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "the worst group's loss, by weights on groups that grow where the loss is high";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Sagawa, Koh, Hashimoto, Liang, Distributionally Robust Neural Networks, ICLR 2020";
  }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    if (facts.groups.empty()) {
      throw UserError(
          ExitCode::configuration,
          "method group_dro needs groups, and the data have none; choose another method or set data.groups");
    }
    return TrainingObjective::stages(settings, facts);
  }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const ObjectiveConstants& /*constants*/,
                                             const at::TensorOptions& options) const override {
    const auto count = static_cast<std::int64_t>(trials.size());
    const auto groups = static_cast<std::int64_t>(facts.groups.size());
    at::Tensor q = at::zeros({count, padded(groups)}, options);
    q.narrow(1, 0, groups).fill_(1.0 / static_cast<double>(groups));
    return {{"q", q},
            {"step_size", numbers_of(trials, "method.group_dro.step_size", options)},
            {"group_loss", at::zeros({count, groups}, options)}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& state) const override {
    const std::int64_t groups = state.at("group_loss").size(1);
    state.at("group_loss") = group_mean_losses(batch, groups);
    state.at("q") = moved_group_weights(state.at("q"), state.at("group_loss"), state.at("step_size"));
    return group_dro_loss(batch, state.at("q"), groups);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_group_dro() { return std::make_unique<GroupDro>(); }

}  // namespace fairsweep
