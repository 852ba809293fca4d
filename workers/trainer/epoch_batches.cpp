#include "workers/trainer/epoch_batches.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace fairsweep {
namespace {

/// Index entries gathered at once: about the size of a cache on the CPU, of a launch on a GPU.
constexpr std::int64_t k_host_entries = std::int64_t{1} << 17;
constexpr std::int64_t k_device_entries = std::int64_t{1} << 22;

}  // namespace

std::int64_t most_ranked_of(const ComparisonTensors& comparisons) {
  return comparisons.count() == 0 ? 1 : std::max<std::int64_t>(1, comparisons.ranked.max().item<std::int64_t>());
}

at::Tensor ties_of(const ComparisonTensors& comparisons) {
  const at::Tensor tied = comparisons.ranked.eq(0);
  return tied.any().item<bool>() ? tied : at::Tensor();
}

EpochBatches::EpochBatches(ComparisonTensors train, at::Tensor weight, bool with_history)
    : train_(std::move(train)),
      weight_(std::move(weight)),
      candidates_(train_.candidates.size(1)),
      most_ranked_(most_ranked_of(train_)),
      all_present_(train_.present.all().item<bool>()),
      tied_(ties_of(train_)),
      with_history_(with_history && train_.history_share.defined()) {}

std::int64_t EpochBatches::steps_at_once(const EpochShape& shape, std::int64_t trials) const {
  const std::int64_t entries = train_.candidates.is_cpu() ? k_host_entries : k_device_entries;
  return std::clamp<std::int64_t>(entries / (trials * shape.stored * candidates_), 1, shape.steps);
}

StepRun EpochBatches::gather(const EpochShape& shape, const at::Tensor& order, std::int64_t first,
                             std::int64_t count) const {
  StepRun run;
  run.index = order.narrow(0, first, count);
  const std::int64_t trials = run.index.size(1);
  const at::Tensor flat = run.index.reshape({-1});
  const auto pick = [&](const at::Tensor& values) {
    return values.index_select(0, flat).view({count, trials, shape.stored});
  };
  run.group = pick(train_.group);
  run.user = pick(train_.user);
  run.weight = pick(weight_);
  if (first + count == shape.steps && shape.last < shape.stored) {
    run.weight.select(0, count - 1).narrow(1, shape.last, shape.stored - shape.last).zero_();
  }
  if (shape.batch < shape.stored)
    run.weight.narrow(2, shape.batch, shape.stored - shape.batch).zero_();
  if (most_ranked_ > 1)
    run.ranked = pick(train_.ranked);
  if (tied_.defined())
    run.tied = pick(tied_);
  if (train_.noise_keep.defined()) {
    run.noise_keep = pick(train_.noise_keep);
    run.noise_floor = pick(train_.noise_floor);
  }
  const std::vector<std::int64_t> matrix = {count, trials, shape.stored, candidates_};
  run.candidates = train_.candidates.index_select(0, flat).view(matrix).transpose(2, 3).contiguous().view({count, -1});
  if (with_history_) {
    run.history_share = train_.history_share.index_select(0, flat).view(matrix).transpose(2, 3).contiguous();
    run.history_rest = pick(train_.history_rest);
  }
  if (all_present_) {
    run.present = at::ones({1, 1, 1, 1}, train_.present.options()).expand(matrix);
  } else {
    run.present = train_.present.index_select(0, flat).view(matrix);
    run.absent = run.present.transpose(2, 3).contiguous().logical_not();
  }
  return run;
}

ChoiceShape EpochBatches::choice_shape(const StepRun& run, std::int64_t step) const {
  ChoiceShape shape;
  shape.most_ranked = most_ranked_;
  if (run.absent.defined())
    shape.absent = run.absent.select(0, step);
  if (run.ranked.defined())
    shape.ranked = run.ranked.select(0, step);
  if (run.tied.defined())
    shape.tied = run.tied.select(0, step);
  if (run.noise_keep.defined()) {
    shape.noise_keep = run.noise_keep.select(0, step);
    shape.noise_floor = run.noise_floor.select(0, step);
  }
  return shape;
}

LeftOut EpochBatches::left_out(const StepRun& run, std::int64_t step) const {
  return with_history_ ? LeftOut{run.history_share.select(0, step), run.history_rest.select(0, step)} : LeftOut{};
}

}  // namespace fairsweep
