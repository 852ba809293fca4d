#include "objectives/training/batch_tools.hpp"

#include <string>
#include <variant>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

double number_of(const Settings& settings, std::string_view path) {
  const auto found = settings.find(path);
  if (found != settings.end()) {
    if (const auto* real = std::get_if<double>(&found->second))
      return *real;
    if (const auto* integer = std::get_if<std::int64_t>(&found->second))
      return static_cast<double>(*integer);
  }
  throw UserError(ExitCode::configuration, "the trial's settings have no number \"" + std::string(path) +
                                               "\"; the sweep configuration must give one");
}

at::Tensor numbers_of(const std::vector<Settings>& trials, std::string_view path, const at::TensorOptions& options) {
  const auto count = static_cast<std::int64_t>(trials.size());
  at::Tensor numbers = at::empty({count}, at::kDouble);
  for (std::int64_t k = 0; k < count; ++k) {
    numbers.data_ptr<double>()[k] = number_of(trials[static_cast<std::size_t>(k)], path);
  }
  return numbers.to(options.device(), c10::typeMetaToScalarType(options.dtype()));
}

at::Tensor weighted_sum(const at::Tensor& coefficient, const at::Tensor& value) {
  return (coefficient * value).sum(-1);
}

at::Tensor weighted_mean(const at::Tensor& weight, const at::Tensor& value) {
  return weighted_sum(weight, value) / weight.sum(-1);
}

at::Tensor sums_by_group(const at::Tensor& group, const at::Tensor& value, std::int64_t groups) {
  const at::Tensor codes = at::arange(groups, group.options()).view({1, groups, 1});
  const at::Tensor member = group.unsqueeze(1).eq(codes);  // [K, G, B]: the batch stays the inner dimension
  return (member * value.unsqueeze(1)).sum(-1);
}

at::Tensor by_group(const at::Tensor& table, const at::Tensor& group, double otherwise) {
  const at::Tensor picked = table.gather(1, group.clamp_min(0));
  return at::where(group.ge(0), picked, at::full({}, otherwise, table.options()));
}

at::Tensor scores_of_stage(const StageScores& earlier, std::string_view stage, const PackBatch& batch) {
  const auto found = earlier.find(std::string(stage));
  check(found != earlier.end(), "a method reads the scores of stage \"" + std::string(stage) + "\" without saying so");
  const at::Tensor& scores = found->second.training;
  const std::int64_t n = scores.size(2);
  const at::Tensor rows = batch.index.unsqueeze(-1).expand({batch.index.size(0), batch.index.size(1), n});
  return scores.gather(1, rows);
}

}  // namespace fairsweep
