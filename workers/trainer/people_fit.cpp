#include "workers/trainer/people_fit.hpp"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <map>

#include "objectives/training/batch_tools.hpp"  // for padded
#include "workers/trainer/epoch_batches.hpp"    // for most_ranked_of, ties_of
#include "workers/trainer/people_newton.hpp"

namespace fairsweep {
namespace {

constexpr std::int64_t k_host_comparisons = 2048;
constexpr std::int64_t k_device_comparisons = 1 << 15;
constexpr std::int64_t k_most_curvature = std::int64_t{1} << 26;  ///< numbers in the matrices of a stack
constexpr double k_least_variance = 1e-8;                         ///< of a number that everybody trained on has alike

std::vector<at::Tensor> models_of(const std::vector<at::Tensor>& blocks, std::int64_t first, std::int64_t count) {
  std::vector<at::Tensor> some;
  some.reserve(blocks.size());
  for (const at::Tensor& block : blocks)
    some.push_back(block.narrow(0, first, count).to(at::kDouble));
  return some;
}

}  // namespace

/// A people, padded to `stored`, of M comparisons each, padded with weight 0.
struct PeopleFit::Chunk {
  at::Tensor person;  ///< [A] rows of the people's table
  at::Tensor x;       ///< [1, n * A * M, D] double
  KnownAnswers answers;
};

PeopleFit::PeopleFit(const TrainingSet& data, const at::Tensor& people)
    : features_(data.features), history_(data.history) {
  if (history_.count() == 0)
    return;
  const at::Tensor wanted = people.cpu().contiguous();
  const at::Tensor user = history_.user.cpu().contiguous();
  std::map<std::int64_t, std::vector<std::int64_t>> rows;
  for (std::int64_t i = 0; i < history_.count(); ++i) {
    const std::int64_t person = user.data_ptr<std::int64_t>()[i];
    if (wanted.data_ptr<bool>()[person])
      rows[person].push_back(i);
  }
  for (auto& [person, own] : rows) {
    slots_ = std::max(slots_, static_cast<std::int64_t>(own.size()));
    person_.push_back(person);
    of_person_.push_back(std::move(own));
  }
  weight_ = history_.weight.to(at::kDouble) / data.train.weight.to(at::kDouble).mean();
  most_ranked_ = most_ranked_of(history_);
  tied_ = ties_of(history_);
  all_present_ = history_.present.all().item<bool>();
}

PeopleFit::Chunk PeopleFit::chunk(std::int64_t first, std::int64_t count, std::int64_t stored) const {
  const at::Device device = features_.device();
  std::vector<std::int64_t> person(static_cast<std::size_t>(stored), person_[static_cast<std::size_t>(first)]);
  std::vector<std::int64_t> row(static_cast<std::size_t>(stored * slots_), 0);
  std::vector<double> counts(row.size(), 0.0);
  for (std::int64_t a = 0; a < count; ++a) {
    person[static_cast<std::size_t>(a)] = person_[static_cast<std::size_t>(first + a)];
    const std::vector<std::int64_t>& own = of_person_[static_cast<std::size_t>(first + a)];
    for (std::size_t i = 0; i < own.size(); ++i) {
      row[static_cast<std::size_t>(a * slots_) + i] = own[i];
      counts[static_cast<std::size_t>(a * slots_) + i] = 1;
    }
  }
  const at::Tensor index = at::tensor(at::ArrayRef<std::int64_t>(row), at::kLong).to(device);
  const auto rows = [&](const at::Tensor& values) { return values.index_select(0, index); };
  Chunk chunk;
  chunk.person = at::tensor(at::ArrayRef<std::int64_t>(person), at::kLong).to(device);
  chunk.x = features_.index_select(0, rows(history_.candidates).t().reshape({-1})).to(at::kDouble).unsqueeze(0);
  chunk.answers.people = stored;
  chunk.answers.candidates = history_.candidates.size(1);
  chunk.answers.weight = rows(weight_) * at::tensor(at::ArrayRef<double>(counts), at::kDouble).to(device);
  chunk.answers.ranked = rows(history_.ranked);
  chunk.answers.most_ranked = most_ranked_;
  if (tied_.defined())
    chunk.answers.tied = rows(tied_);
  if (history_.noise_keep.defined()) {
    chunk.answers.noise_keep = rows(history_.noise_keep).to(at::kDouble);
    chunk.answers.noise_floor = rows(history_.noise_floor).to(at::kDouble);
  }
  if (!all_present_)
    chunk.answers.absent = rows(history_.present).t().contiguous().logical_not();
  return chunk;
}

std::vector<at::Tensor> PeopleFit::fitted(const RewardModel& model, std::vector<at::Tensor> blocks,
                                          const at::Tensor& known) const {
  if (empty() || model.own_numbers() == 0)
    return blocks;
  const at::NoGradGuard no_gradients;
  const std::int64_t own = model.own_numbers();
  const std::int64_t models = blocks.front().size(0);
  const std::int64_t at_once = features_.is_cpu() ? k_host_comparisons : k_device_comparisons;
  const std::int64_t most_people = std::max(k_block, at_once / slots_ / k_block * k_block);
  const auto people = static_cast<std::int64_t>(person_.size());
  const at::Tensor share = known.to(at::kDouble) / known.sum().clamp_min(1).to(at::kDouble);
  at::Tensor table = blocks.front().clone();
  for (std::int64_t first = 0; first < people; first += most_people) {
    const std::int64_t count = std::min(most_people, people - first);
    const std::int64_t stored = padded(count);
    const Chunk some = chunk(first, count, stored);
    // So many models together that the matrices fit; the bits of none depend on it.
    const std::int64_t together = std::max<std::int64_t>(1, k_most_curvature / (stored * own * own));
    for (std::int64_t k = 0; k < models; k += together) {
      const std::int64_t stack = std::min(together, models - k);
      const std::vector<at::Tensor> stacked = models_of(blocks, k, stack);
      const at::Tensor start = stacked.front().index_select(1, some.person);
      const at::Tensor away = stacked.front() - start.narrow(1, 0, 1);
      const at::Tensor variance =
          at::bmm(share.view({1, 1, -1}).expand({stack, 1, share.size(0)}), away * away).clamp_min(k_least_variance);
      const at::Tensor x = some.x.expand({stack, -1, -1});
      const at::Tensor found = newton_of_people(model, stacked, x, some.answers, {start, variance.reciprocal()});
      table.narrow(0, k, stack)
          .index_copy_(1, some.person.narrow(0, 0, count), found.narrow(1, 0, count).to(table.scalar_type()));
    }
  }
  blocks.front() = table;
  return blocks;
}

}  // namespace fairsweep
