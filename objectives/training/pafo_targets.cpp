#include "objectives/training/pafo_targets.hpp"

#include <cstdint>
#include <string>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/margin_supervision.hpp"
#include "objectives/training/soft_membership.hpp"

namespace fairsweep {
namespace {

at::Tensor cut(const at::Tensor& margins) { return margins.clamp(-k_largest_margin, k_largest_margin); }

std::vector<at::Tensor> scaled_margins(const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores,
                                       const std::vector<double>& scale) {
  std::vector<at::Tensor> margins;
  margins.reserve(scores.size());
  for (std::size_t g = 0; g < scores.size(); ++g)
    margins.push_back(margins_to_best(scores[g], comparisons.present) * scale[g]);
  return margins;
}

/// Of the own group's teacher, not cut.
at::Tensor own_margins(const ComparisonFacts& comparisons, const std::vector<at::Tensor>& margins) {
  at::Tensor own = at::zeros(comparisons.present.sizes(), comparisons.present.options().dtype(at::kDouble));
  for (std::size_t g = 0; g < margins.size(); ++g)
    own = at::where(comparisons.group.eq(static_cast<std::int64_t>(g)).unsqueeze(1), margins[g], own);
  return own;
}

const std::string& condition_of(const Settings& settings) {
  return word_among(settings, "method.pafo.condition",
                    {"group_and_correct", "group", "agreement", "soft_membership", "average"});
}

at::Tensor membership_by_support(const Settings& settings, const TrainingFacts& facts,
                                 const ComparisonFacts& comparisons) {
  return soft_membership(number_of(settings, "method.pafo.softness"),
                         {"method.pafo.condition is soft_membership", "group or agreement"}, facts, comparisons);
}

}  // namespace

at::Tensor group_target_margins(const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores,
                                const std::vector<double>& scale) {
  return cut(own_margins(comparisons, scaled_margins(comparisons, scores, scale)));
}

at::Tensor agreement_target_margins(const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores,
                                    const std::vector<double>& scale) {
  const std::vector<at::Tensor> margins = scaled_margins(comparisons, scores, scale);
  at::Tensor all_above = at::ones_like(comparisons.present);
  at::Tensor all_below = all_above;
  for (const at::Tensor& margin : margins) {
    all_above = all_above.logical_and(margin.gt(0));
    all_below = all_below.logical_and(margin.lt(0));
  }
  const at::Tensor mean = at::stack(margins).mean(0);
  return cut(at::where(all_above.logical_or(all_below), mean, own_margins(comparisons, margins)));
}

at::Tensor mixed_target_margins(const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores,
                                const std::vector<double>& scale, const at::Tensor& membership) {
  const at::Tensor margins = at::stack(scaled_margins(comparisons, scores, scale), 2);  // [M, n, G]
  return cut((margins * membership.unsqueeze(1)).sum(2));
}

at::Tensor pafo_target_margins(const Settings& settings, const TrainingFacts& facts, const ComparisonFacts& comparisons,
                               const std::vector<at::Tensor>& scores, const std::vector<double>& scale) {
  const std::string& condition = condition_of(settings);
  if (condition == "agreement")
    return agreement_target_margins(comparisons, scores, scale);
  if (condition == "soft_membership")
    return mixed_target_margins(comparisons, scores, scale, membership_by_support(settings, facts, comparisons));
  if (condition == "average") {
    const auto teachers = static_cast<std::int64_t>(scores.size());
    const at::Tensor equal = at::full({comparisons.group.size(0), teachers}, 1.0 / static_cast<double>(teachers),
                                      comparisons.present.options().dtype(at::kDouble));
    return mixed_target_margins(comparisons, scores, scale, equal);
  }
  return group_target_margins(comparisons, scores, scale);
}

void check_pafo_condition(const Settings& settings, const TrainingFacts& facts) {
  if (condition_of(settings) == "soft_membership")
    (void)membership_by_support(settings, facts, facts.validation);
}

}  // namespace fairsweep
