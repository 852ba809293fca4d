#include "objectives/training/context_advantages.hpp"

#include <cstdint>

#include "objectives/training/margin_supervision.hpp"

namespace fairsweep {
namespace {

/// Places of a context that hold a candidate, [M, C].
at::Tensor present_in_context(const ComparisonFacts& comparisons, std::int64_t places) {
  return at::arange(places, comparisons.context_size.options()).unsqueeze(0) < comparisons.context_size.unsqueeze(1);
}

at::Tensor mean_of_present(const at::Tensor& values, const at::Tensor& present) {
  const at::Tensor known = at::where(present, values, at::zeros({}, values.options()));
  return known.sum(1, true) / present.sum(1, true).clamp_min(1);
}

}  // namespace

at::Tensor context_rewards(const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores,
                           const std::vector<double>& scale) {
  std::vector<at::Tensor> rewards;
  rewards.reserve(scores.size());
  for (std::size_t g = 0; g < scores.size(); ++g) {
    const at::Tensor score = scores[g].to(at::kDouble) * scale[g];
    const at::Tensor present = present_in_context(comparisons, score.size(1));
    rewards.push_back((score - mean_of_present(score, present)).sigmoid());
  }
  return at::stack(rewards, 2);
}

at::Tensor context_advantages(CombineRule rule, const ComparisonFacts& comparisons, const at::Tensor& rewards,
                              const at::Tensor& membership) {
  return combined_advantages(rule, rewards, present_in_context(comparisons, rewards.size(1)), membership);
}

at::Tensor advantage_margins(CombineRule rule, const ComparisonFacts& comparisons, const at::Tensor& rewards,
                             const at::Tensor& membership) {
  const at::Tensor advantage = context_advantages(rule, comparisons, rewards, membership);
  return margins_to_best(advantage.gather(1, comparisons.context_place), comparisons.present);
}

}  // namespace fairsweep
