#include "workers/trainer/mean_parameters.hpp"

#include <cstdint>
#include <map>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "workers/trainer/comparison_rows.hpp"

namespace fairsweep {
namespace {

std::map<std::int64_t, std::vector<std::int64_t>> rows_by_person(const ComparisonTensors& split) {
  const at::Tensor user = split.user.cpu().contiguous();
  std::map<std::int64_t, std::vector<std::int64_t>> rows;
  for (std::int64_t row = 0; row < user.numel(); ++row)
    rows[user.data_ptr<std::int64_t>()[row]].push_back(row);
  return rows;
}

}  // namespace

std::vector<at::Tensor> mean_blocks(const std::vector<at::Tensor>& blocks, const at::Tensor& weight) {
  const std::int64_t members = weight.size(1);
  std::vector<at::Tensor> means;
  means.reserve(blocks.size());
  for (const at::Tensor& block : blocks) {
    const at::Tensor of_members = block.unflatten(0, {weight.size(0), members});
    const at::Tensor share = weight.to(block.options()).unsqueeze(-1).unsqueeze(-1);  // [K, L, 1, 1]
    at::Tensor mean = of_members.select(1, 0) * share.select(1, 0);
    for (std::int64_t member = 1; member < members; ++member)
      mean.add_(of_members.select(1, member) * share.select(1, member));
    means.push_back(std::move(mean));
  }
  return means;
}

SplitEvaluation evaluate_mean_parameters(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                         const at::Tensor& features, const ComparisonTensors& split,
                                         const at::Tensor& weight) {
  check(weight.dim() == 3, "one mean for all people is a model like any other");
  SplitEvaluation whole{at::empty({weight.size(0), split.candidates.size(1), split.count()}, features.options()),
                        at::empty({weight.size(0), split.count()}, features.options()),
                        at::empty({weight.size(0), split.count()}, features.options())};
  // Of a table of everybody's numbers each model needs one row. Links name rows of others, though none is read here.
  const bool has_table = model.own_numbers() > 0 && model.settings().user != UserInput::linked;
  std::vector<at::Tensor> needed = blocks;
  for (const auto& [person, rows] : rows_by_person(split)) {
    ComparisonTensors part = rows_of(split, rows);
    if (has_table) {
      needed.front() = blocks.front().narrow(1, person, 1);
      part.user = at::zeros_like(part.user);
    }
    const SplitEvaluation own = evaluate_split(model, mean_blocks(needed, weight.select(2, person)), features, part);
    const at::Tensor places = at::tensor(at::ArrayRef<std::int64_t>(rows), at::kLong).to(features.device());
    whole.scores.index_copy_(2, places, own.scores);
    whole.loss.index_copy_(1, places, own.loss);
    whole.margin.index_copy_(1, places, own.margin);
  }
  return whole;
}

}  // namespace fairsweep
