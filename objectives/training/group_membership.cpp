#include "objectives/training/group_membership.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/fair_weights.hpp"

namespace fairsweep {
namespace {

at::Tensor own_group(const TrainingFacts& facts, const ComparisonFacts& comparisons) {
  const auto groups = static_cast<std::int64_t>(facts.groups.size());
  const at::Tensor codes = at::arange(groups, comparisons.group.options());
  const at::Tensor member = comparisons.group.unsqueeze(1).eq(codes).to(at::kDouble);
  const at::Tensor nobody = comparisons.group.lt(0).unsqueeze(1);
  return at::where(nobody, at::full({}, 1.0 / static_cast<double>(groups), member.options()), member);
}

at::Tensor soft(const Settings& settings, const TrainingFacts& facts, const ComparisonFacts& comparisons) {
  if (facts.groups.size() != 2) {
    throw UserError(ExitCode::configuration,
                    "method.pafo_dvao.membership is soft, which is defined for two groups; the sweep has " +
                        std::to_string(facts.groups.size()) + ": choose own_group or shared");
  }
  const std::size_t small = smallest_group(facts);
  const double users = std::accumulate(facts.group_users.begin(), facts.group_users.end(), 0.0);
  const double tau =
      quantile_of_known(facts.user_support, static_cast<double>(facts.group_users[small]) / std::max(1.0, users));
  if (std::isnan(tau)) {
    throw UserError(ExitCode::configuration,
                    "method.pafo_dvao.membership is soft, but no user's preference support rate is known: no two users "
                    "compared the same two candidates; choose own_group or shared");
  }
  const double softness = number_of(settings, "method.pafo_dvao.softness");
  at::Tensor member = own_group(facts, comparisons).cpu().contiguous();
  const at::Tensor users_of = comparisons.user.cpu().contiguous();
  for (std::int64_t i = 0; i < users_of.size(0); ++i) {
    const double support = facts.user_support[static_cast<std::size_t>(users_of.data_ptr<std::int64_t>()[i])];
    if (std::isnan(support))
      continue;
    const double p = 1 / (1 + std::exp((support - tau) / softness));
    double* row = member.data_ptr<double>() + 2 * i;
    row[small] = p;
    row[1 - small] = 1 - p;
  }
  return member.to(comparisons.group.device());
}

at::Tensor shared(const Settings& settings, const TrainingFacts& facts, const ComparisonFacts& comparisons) {
  const std::vector<double> shares = shares_of_groups(facts, number_of(settings, "method.pafo_dvao.minority_weight"));
  return at::tensor(at::ArrayRef<double>(shares), at::kDouble)
      .to(comparisons.group.device())
      .unsqueeze(0)
      .expand({comparisons.group.size(0), -1});
}

}  // namespace

double quantile_of_known(std::vector<double> values, double q) {
  values.erase(std::remove_if(values.begin(), values.end(), [](double value) { return std::isnan(value); }),
               values.end());
  if (values.empty())
    return std::nan("");
  std::sort(values.begin(), values.end());
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

at::Tensor group_membership(const Settings& settings, const TrainingFacts& facts, const ComparisonFacts& comparisons) {
  const std::string& word = word_of(settings, "method.pafo_dvao.membership");
  if (word == "own_group")
    return own_group(facts, comparisons);
  if (word == "soft")
    return soft(settings, facts, comparisons);
  if (word == "shared")
    return shared(settings, facts, comparisons);
  throw UserError(ExitCode::configuration,
                  "setting \"method.pafo_dvao.membership\" is \"" + word + "\"; it must be own_group, soft or shared");
}

}  // namespace fairsweep
