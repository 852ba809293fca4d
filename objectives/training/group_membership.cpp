#include "objectives/training/group_membership.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "core/domain/quantile.hpp"
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

at::Tensor of_groups(const TrainingFacts& facts, const ComparisonFacts& comparisons) {
  if (facts.user_membership.empty()) {
    throw UserError(ExitCode::configuration,
                    "method.pafo_dvao.membership is of_groups, but the sweep's groups are hard; set "
                    "data.groups.membership: soft, or choose own_group, soft or shared");
  }
  const auto groups = static_cast<std::int64_t>(facts.groups.size());
  at::Tensor member = own_group(facts, comparisons).cpu().contiguous();
  const at::Tensor users_of = comparisons.user.cpu().contiguous();
  for (std::int64_t i = 0; i < users_of.size(0); ++i) {
    const double* given = facts.user_membership.data() + users_of.data_ptr<std::int64_t>()[i] * groups;
    if (!std::isnan(given[0]))
      std::copy_n(given, groups, member.data_ptr<double>() + groups * i);
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

at::Tensor group_membership(const Settings& settings, const TrainingFacts& facts, const ComparisonFacts& comparisons) {
  const std::string& word = word_of(settings, "method.pafo_dvao.membership");
  if (word == "own_group")
    return own_group(facts, comparisons);
  if (word == "soft")
    return soft(settings, facts, comparisons);
  if (word == "of_groups")
    return of_groups(facts, comparisons);
  if (word == "shared")
    return shared(settings, facts, comparisons);
  throw UserError(ExitCode::configuration, "setting \"method.pafo_dvao.membership\" is \"" + word +
                                               "\"; it must be own_group, soft, of_groups or shared");
}

}  // namespace fairsweep
