#include "objectives/training/group_membership.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/fair_weights.hpp"
#include "objectives/training/soft_membership.hpp"

namespace fairsweep {
namespace {

at::Tensor of_groups(const std::string& path, const TrainingFacts& facts, const ComparisonFacts& comparisons) {
  if (facts.user_membership.empty()) {
    throw UserError(ExitCode::configuration, path +
                                                 " is of_groups, but the sweep's groups are hard; set "
                                                 "data.groups.membership: soft, or choose own_group, soft or shared");
  }
  const auto groups = static_cast<std::int64_t>(facts.groups.size());
  at::Tensor member = own_group_membership(facts, comparisons).cpu().contiguous();
  const at::Tensor users_of = comparisons.user.cpu().contiguous();
  for (std::int64_t i = 0; i < users_of.size(0); ++i) {
    const double* given = facts.user_membership.data() + users_of.data_ptr<std::int64_t>()[i] * groups;
    if (!std::isnan(given[0]))
      std::copy_n(given, groups, member.data_ptr<double>() + groups * i);
  }
  return member.to(comparisons.group.device());
}

at::Tensor shared(double minority_weight, const TrainingFacts& facts, const ComparisonFacts& comparisons) {
  const std::vector<double> shares = shares_of_groups(facts, minority_weight);
  return at::tensor(at::ArrayRef<double>(shares), at::kDouble)
      .to(comparisons.group.device())
      .unsqueeze(0)
      .expand({comparisons.group.size(0), -1});
}

}  // namespace

at::Tensor group_membership(std::string_view method, const Settings& settings, const TrainingFacts& facts,
                            const ComparisonFacts& comparisons) {
  const std::string options(method);
  const std::string path = options + ".membership";
  const std::string& word = word_among(settings, path, {"own_group", "soft", "of_groups", "shared"});
  if (word == "own_group")
    return own_group_membership(facts, comparisons);
  if (word == "soft") {
    return soft_membership(number_of(settings, options + ".softness"), {path + " is soft", "own_group or shared"},
                           facts, comparisons);
  }
  if (word == "of_groups")
    return of_groups(path, facts, comparisons);
  return shared(number_of(settings, options + ".minority_weight"), facts, comparisons);
}

}  // namespace fairsweep
