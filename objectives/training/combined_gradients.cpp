#include "objectives/training/combined_gradients.hpp"

#include <algorithm>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/group_losses.hpp"

namespace fairsweep {
namespace {

std::span<const double> row_of(const at::Tensor& values, std::int64_t k) {
  const auto size = static_cast<std::size_t>(values.numel() / values.size(0));
  return std::span(values.data_ptr<double>(), static_cast<std::size_t>(values.numel()))
      .subspan(static_cast<std::size_t>(k) * size, size);
}

}  // namespace

std::vector<double> CombinedGradients::numbers(const Settings& /*settings*/, const TrainingFacts& /*facts*/) const {
  return {};
}

ObjectiveConstants CombinedGradients::constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                                const StageScores& /*earlier*/,
                                                const at::TensorOptions& options) const {
  const auto count = static_cast<std::int64_t>(trials.size());
  std::vector<double> all;
  for (const Settings& settings : trials) {
    const std::vector<double> own = numbers(settings, facts);
    all.insert(all.end(), own.begin(), own.end());
  }
  // Numbers stay in double: they never meet the batch. The other carries the number of groups in its shape.
  return {{"numbers", at::tensor(all, at::kDouble).view({count, -1}).to(options.device())},
          {"groups", at::zeros({count, static_cast<std::int64_t>(facts.groups.size())}, options)}};
}

ObjectiveState CombinedGradients::initial_state(const std::vector<Settings>& trials, const TrainingFacts& /*facts*/,
                                                const ObjectiveConstants& /*constants*/,
                                                const at::TensorOptions& options) const {
  return {{"step", at::zeros({static_cast<std::int64_t>(trials.size())}, options.dtype(at::kLong))}};
}

at::Tensor CombinedGradients::loss(const PackBatch& /*batch*/, const ObjectiveConstants& /*constants*/,
                                   ObjectiveState& /*state*/) const {
  throw InternalError("this is a bug, please report it: method " + std::string(name()) + " has several losses");
}

at::Tensor CombinedGradients::loss_shares(const PackBatch& batch, const ObjectiveConstants& constants) const {
  return group_shares(batch, constants.at("groups").size(1));
}

at::Tensor CombinedGradients::gradient_weights(const GradientFacts& facts, const ObjectiveConstants& constants,
                                               ObjectiveState& state) const {
  const std::int64_t trials = facts.losses.size(0);
  const std::int64_t groups = facts.losses.size(1);
  const at::Tensor gramians = facts.gramian.contiguous();
  const at::Tensor losses = facts.losses.contiguous();
  const at::Tensor numbers = constants.at("numbers").cpu().contiguous();
  const at::Tensor steps = state.at("step").cpu();
  at::Tensor answer = at::empty({trials, groups}, at::kDouble);
  for (std::int64_t k = 0; k < trials; ++k) {
    const Gramian gramian(row_of(gramians, k), static_cast<std::size_t>(groups));
    const std::vector<double> own =
        weights({gramian, row_of(losses, k), numbers.numel() > 0 ? row_of(numbers, k) : std::span<const double>(),
                 static_cast<std::uint32_t>(steps.data_ptr<std::int64_t>()[k])});
    std::ranges::copy(own, answer.data_ptr<double>() + k * groups);
  }
  state.at("step") = state.at("step") + 1;
  return answer;
}

}  // namespace fairsweep
