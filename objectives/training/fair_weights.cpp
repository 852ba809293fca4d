#include "objectives/training/fair_weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"

namespace fairsweep {

at::Tensor weights_by_group_and_user(const ComparisonFacts& comparisons, const at::Tensor& among,
                                     const std::vector<double>& group_share) {
  const std::int64_t count = comparisons.user.size(0);
  const at::Tensor users = comparisons.user.cpu().contiguous();
  const at::Tensor groups = comparisons.group.cpu().contiguous();
  const at::Tensor own = comparisons.weight.to(at::kDouble).cpu().contiguous();
  const at::Tensor in = among.cpu().contiguous();
  const auto* user = users.data_ptr<std::int64_t>();
  const auto* group = groups.data_ptr<std::int64_t>();
  const auto* weight = own.data_ptr<double>();
  const auto* takes_part = in.data_ptr<bool>();
  const std::int64_t people = count > 0 ? users.max().item<std::int64_t>() + 1 : 0;
  std::vector<double> of_user(static_cast<std::size_t>(people), 0);
  std::vector<double> users_of_group(group_share.size(), 0);
  for (std::int64_t i = 0; i < count; ++i) {
    if (!takes_part[i] || group[i] < 0)
      continue;
    double& total = of_user[static_cast<std::size_t>(user[i])];
    if (total == 0)
      users_of_group.at(static_cast<std::size_t>(group[i])) += 1;
    total += weight[i];
  }
  at::Tensor result = at::zeros({count}, at::kDouble);
  for (std::int64_t i = 0; i < count; ++i) {
    if (!takes_part[i] || group[i] < 0)
      continue;
    const auto g = static_cast<std::size_t>(group[i]);
    result.data_ptr<double>()[i] =
        group_share[g] / users_of_group[g] * weight[i] / of_user[static_cast<std::size_t>(user[i])];
  }
  return result;
}

std::vector<double> reweighting_factors(const std::vector<double>& group_weight, double strength) {
  double before = 0;
  double after = 0;
  for (const double weight : group_weight) {
    if (weight <= 0)
      continue;
    before += weight;
    after += weight * std::pow(weight, -strength);
  }
  std::vector<double> factors(group_weight.size(), 1.0);
  for (std::size_t g = 0; g < group_weight.size(); ++g) {
    if (group_weight[g] > 0)
      factors[g] = before / after * std::pow(group_weight[g], -strength);
  }
  return factors;
}

std::vector<double> training_weight_of_users(const TrainingFacts& facts) {
  std::vector<double> total(static_cast<std::size_t>(facts.users), 0.0);
  const at::Tensor users = facts.training.user.cpu().contiguous();
  const at::Tensor weights = facts.training.weight.to(at::kDouble).cpu().contiguous();
  for (std::int64_t i = 0; i < users.size(0); ++i)
    total[static_cast<std::size_t>(users.data_ptr<std::int64_t>()[i])] += weights.data_ptr<double>()[i];
  return total;
}

std::size_t smallest_group(const TrainingFacts& facts) {
  check(!facts.group_users.empty(), "the smallest group is asked for where there are groups");
  const auto least = std::min_element(facts.group_users.begin(), facts.group_users.end());
  return static_cast<std::size_t>(least - facts.group_users.begin());
}

std::vector<double> shares_of_groups(const TrainingFacts& facts, double minority_share) {
  const std::size_t groups = facts.group_users.size();
  if (groups == 1)
    return {1.0};
  std::vector<double> shares(groups, (1 - minority_share) / static_cast<double>(groups - 1));
  shares[smallest_group(facts)] = minority_share;
  return shares;
}

at::Tensor preferences_of(const std::vector<Settings>& trials, std::string_view path, const TrainingFacts& facts,
                          const at::TensorOptions& options) {
  std::vector<double> all;
  for (const Settings& settings : trials) {
    const std::vector<double> shares = shares_of_groups(facts, number_of(settings, path));
    all.insert(all.end(), shares.begin(), shares.end());
  }
  return at::tensor(all, at::kDouble)
      .view({static_cast<std::int64_t>(trials.size()), -1})
      .to(options.device(), c10::typeMetaToScalarType(options.dtype()));
}

}  // namespace fairsweep
