#include "workers/trainer/split_scoring.hpp"

#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <cstdint>
#include <vector>

#include "objectives/training/batch_tools.hpp"  // for padded
#include "workers/trainer/epoch_batches.hpp"    // for most_ranked_of and ties_of
#include "workers/trainer/mean_parameters.hpp"
#include "workers/trainer/members.hpp"
#include "workers/trainer/model_answers.hpp"

namespace fairsweep {
namespace {

constexpr std::int64_t k_host_comparisons = 512;
constexpr std::int64_t k_device_comparisons = 1 << 15;

/// Rows first .. first + count - 1, then row 0 again up to `stored`.
at::Tensor padded_index(std::int64_t first, std::int64_t count, std::int64_t stored, at::Device device) {
  const at::TensorOptions options = at::TensorOptions(at::kLong).device(device);
  const at::Tensor rows = at::arange(first, first + count, options);
  return count == stored ? rows : at::cat({rows, at::zeros({stored - count}, options)});
}

/// The same for every trial: [K, ...] without a copy.
at::Tensor for_trials(const at::Tensor& one, std::int64_t trials) {
  return one.dim() == 1 ? one.unsqueeze(0).expand({trials, -1}) : one.unsqueeze(0).expand({trials, -1, -1});
}

std::vector<float> host_row(const at::Tensor& values, std::int64_t k, double sign) {
  const at::Tensor row = (values.select(0, k) * sign).to(at::kFloat).cpu().contiguous();
  return {row.data_ptr<float>(), row.data_ptr<float>() + row.numel()};
}

}  // namespace

SplitScores scores_of(const SplitEvaluation& evaluation, std::int64_t k) {
  return {host_row(evaluation.margin, k, 1), host_row(evaluation.loss, k, -1)};
}

SplitEvaluation evaluate_split(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                               const at::Tensor& features, const ComparisonTensors& split, const MemberMix& mix) {
  const at::NoGradGuard no_gradients;
  if (mix.defined() && mix.join == MemberJoin::mean_of_parameters)
    return evaluate_mean_parameters(model, blocks, features, split, mix.weight);
  const std::int64_t models = blocks.front().size(0);
  const std::int64_t trials = mix.defined() ? mix.trials() : models;
  const std::int64_t total = split.count();
  const std::int64_t n = split.candidates.size(1);
  SplitEvaluation evaluation{at::empty({trials, n, total}, features.options()),
                             at::empty({trials, total}, features.options()),
                             at::empty({trials, total}, features.options())};
  if (total == 0)
    return evaluation;
  const std::int64_t most_ranked = most_ranked_of(split);
  const bool all_present = split.present.all().item<bool>();
  const at::Tensor tied = ties_of(split);
  const std::int64_t at_once = features.is_cpu() ? k_host_comparisons : k_device_comparisons;
  for (std::int64_t first = 0; first < total; first += at_once) {
    const std::int64_t count = std::min(at_once, total - first);
    const std::int64_t stored = padded(count);
    const auto stacked = [&](const at::Tensor& one) { return for_trials(one, trials); };
    const at::Tensor index = padded_index(first, count, stored, features.device());
    const auto rows = [&](const at::Tensor& values) { return values.index_select(0, index); };
    const at::Tensor candidates = rows(split.candidates).t().reshape({-1});
    const at::Tensor x = for_trials(features.index_select(0, candidates), models);
    LeftOut left_out;
    if (model.settings().user == UserInput::history && split.history_share.defined()) {
      left_out = {for_trials(rows(split.history_share).t().contiguous(), models),
                  for_trials(rows(split.history_rest), models)};
    }
    const at::Tensor user = rows(split.user);
    const ModelAnswers says = answers_of(model, blocks, x, for_trials(user, models), n, left_out);
    ChoiceShape shape;
    shape.most_ranked = most_ranked;
    if (!all_present)
      shape.absent = stacked(rows(split.present).t().contiguous().logical_not());
    if (most_ranked > 1)
      shape.ranked = stacked(rows(split.ranked));
    if (split.noise_keep.defined()) {
      shape.noise_keep = stacked(rows(split.noise_keep));
      shape.noise_floor = stacked(rows(split.noise_floor));
    }
    if (tied.defined())
      shape.tied = stacked(rows(tied));
    const auto [joined, outcome] = joined_outcome(likelihood_of(model.settings().likelihood), says, mix, user, shape);
    evaluation.scores.narrow(2, first, count).copy_(joined.scores.narrow(2, 0, count));
    if (joined.spread.defined()) {
      if (!evaluation.spread.defined())
        evaluation.spread = at::empty_like(evaluation.scores);
      evaluation.spread.narrow(2, first, count).copy_(joined.spread.narrow(2, 0, count));
    }
    evaluation.loss.narrow(1, first, count).copy_(outcome.loss.narrow(1, 0, count));
    evaluation.margin.narrow(1, first, count).copy_(outcome.margin.narrow(1, 0, count));
  }
  return evaluation;
}

}  // namespace fairsweep
