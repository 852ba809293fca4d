#include "objectives/training/answer_probability.hpp"

#include <limits>

namespace fairsweep {

at::Tensor log_probability_of_answers(const at::Tensor& scores, const ComparisonFacts& comparisons) {
  const at::Tensor exact = scores.detach().to(at::kDouble);
  const std::int64_t candidates = exact.size(-1);
  const at::Tensor open =
      exact.masked_fill(comparisons.present.logical_not(), -std::numeric_limits<double>::infinity());
  at::Tensor sum = at::zeros_like(exact.select(-1, 0));
  if (sum.numel() == 0)
    return sum;
  const std::int64_t most_ranked = comparisons.ranked.max().item<std::int64_t>();
  for (std::int64_t place = 0; place < most_ranked; ++place) {
    const at::Tensor ranked = comparisons.ranked.gt(place);
    const at::Tensor rest = open.narrow(-1, place, candidates - place);
    const at::Tensor term = exact.select(-1, place) - at::logsumexp(rest, -1);
    sum = sum + at::where(ranked, term, at::zeros({}, term.options()));
  }
  return sum;
}

}  // namespace fairsweep
