#include "objectives/training/batch_tools.hpp"

#include <algorithm>
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

const std::string& word_of(const Settings& settings, std::string_view path) {
  const auto found = settings.find(path);
  if (found != settings.end()) {
    if (const auto* word = std::get_if<std::string>(&found->second))
      return *word;
  }
  throw UserError(ExitCode::configuration, "the trial's settings have no word \"" + std::string(path) +
                                               "\"; the sweep configuration must give one");
}

const std::string& word_among(const Settings& settings, std::string_view path,
                              std::initializer_list<std::string_view> words) {
  const std::string& word = word_of(settings, path);
  if (std::find(words.begin(), words.end(), word) != words.end())
    return word;
  std::string known;
  for (const auto* one = words.begin(); one != words.end(); ++one) {
    known += one == words.begin() ? "" : (one + 1 == words.end() ? " or " : ", ");
    known += *one;
  }
  throw UserError(ExitCode::configuration,
                  "setting \"" + std::string(path) + "\" is \"" + word + "\"; it must be " + known);
}

bool word_is(const Settings& settings, std::string_view path, std::string_view first, std::string_view second) {
  return word_among(settings, path, {first, second}) == first;
}

at::Tensor weighted_sum(const at::Tensor& coefficient, const at::Tensor& value) {
  return (coefficient * value).sum(-1);
}

at::Tensor weighted_mean(const at::Tensor& weight, const at::Tensor& value) {
  return weighted_sum(weight, value) / weight.sum(-1);
}

at::Tensor divisor(const at::Tensor& values) { return at::where(values.gt(0), values, at::ones({}, values.options())); }

at::Tensor sums_by_group(const at::Tensor& group, const at::Tensor& value, std::int64_t groups) {
  const at::Tensor codes = at::arange(groups, group.options()).view({1, groups, 1});
  const at::Tensor member = group.unsqueeze(1).eq(codes);  // [K, G, B]: the batch stays the inner dimension
  return (member * value.unsqueeze(1)).sum(-1);
}

at::Tensor by_group(const at::Tensor& table, const at::Tensor& group, double otherwise) {
  const at::Tensor picked = table.gather(1, group.clamp_min(0));
  return at::where(group.ge(0), picked, at::full({}, otherwise, table.options()));
}

at::Tensor of_members(const at::Tensor& value) { return value.dim() == 2 ? value.unsqueeze(1) : value; }

at::Tensor sum_over_members(const at::Tensor& values) {
  at::Tensor sum = values.select(1, 0);
  for (std::int64_t member = 1; member < values.size(1); ++member)
    sum = sum + values.select(1, member);
  return sum;
}

at::Tensor mean_over_members(const at::Tensor& values) {
  return sum_over_members(values) / static_cast<double>(values.size(1));
}

at::Tensor at_comparisons(const at::Tensor& table, const PackBatch& batch) {
  if (table.dim() == 2)
    return table.gather(1, batch.index);
  const at::Tensor index = batch.index.unsqueeze(1).expand({batch.index.size(0), table.size(1), batch.index.size(1)});
  return table.gather(2, index);
}

}  // namespace fairsweep
