#include "objectives/training/soft_membership.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "core/diagnostics/errors.hpp"
#include "core/domain/quantile.hpp"
#include "objectives/training/fair_weights.hpp"

namespace fairsweep {

at::Tensor own_group_membership(const TrainingFacts& facts, const ComparisonFacts& comparisons) {
  const auto groups = static_cast<std::int64_t>(facts.groups.size());
  const at::Tensor codes = at::arange(groups, comparisons.group.options());
  const at::Tensor member = comparisons.group.unsqueeze(1).eq(codes).to(at::kDouble);
  const at::Tensor nobody = comparisons.group.lt(0).unsqueeze(1);
  return at::where(nobody, at::full({}, 1.0 / static_cast<double>(groups), member.options()), member);
}

at::Tensor soft_membership(double softness, const SoftMembershipAsked& asked, const TrainingFacts& facts,
                           const ComparisonFacts& comparisons) {
  if (facts.groups.size() != 2) {
    throw UserError(ExitCode::configuration, asked.what + ", which is defined for two groups; the sweep has " +
                                                 std::to_string(facts.groups.size()) + ": choose " + asked.instead);
  }
  const std::size_t small = smallest_group(facts);
  const double users = std::accumulate(facts.group_users.begin(), facts.group_users.end(), 0.0);
  const double tau =
      quantile_of_known(facts.user_support, static_cast<double>(facts.group_users[small]) / std::max(1.0, users));
  if (std::isnan(tau)) {
    throw UserError(ExitCode::configuration,
                    asked.what +
                        ", but no user's preference support rate is known: no two users compared the same two "
                        "candidates; choose " +
                        asked.instead);
  }
  at::Tensor member = own_group_membership(facts, comparisons).cpu().contiguous();
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

}  // namespace fairsweep
