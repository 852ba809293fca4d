#include "objectives/training/member_mix.hpp"

#include <limits>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

/// log sum_j w_j exp(values_j) over dimension 1. Exponents are taken from the largest that counts, so that one term is
/// a weight itself and nothing that matters is lost below the smallest number.
at::Tensor log_of_weighted_sum(const at::Tensor& values, const at::Tensor& weight) {
  const at::Tensor nothing = at::full({}, -std::numeric_limits<double>::infinity(), values.options());
  const at::Tensor counted = at::where(weight.gt(0), values, nothing);
  const at::Tensor largest = counted.amax(1);
  at::Tensor sum;
  for (std::int64_t member = 0; member < values.size(1); ++member) {  // one after another, the same in every pack
    const at::Tensor term = (counted.select(1, member) - largest).exp() * weight.select(1, member);
    sum = sum.defined() ? sum + term : term;
  }
  return sum.log() + largest;
}

}  // namespace

std::string_view to_text(MemberJoin join) {
  switch (join) {
    case MemberJoin::mean_of_scores:
      return "mean_of_scores";
    case MemberJoin::mixture_of_probabilities:
      return "mixture_of_probabilities";
    case MemberJoin::mean_of_parameters:
      return "mean_of_parameters";
  }
  return "";
}

at::Tensor weight_for(const at::Tensor& weight, const at::Tensor& user) {
  if (weight.dim() == 2)
    return weight.unsqueeze(-1);
  if (user.dim() == 1)
    return weight.index_select(2, user);
  return weight.gather(2, user.unsqueeze(1).expand({user.size(0), weight.size(1), user.size(1)}));
}

at::Tensor mean_of_scores(const at::Tensor& scores, const at::Tensor& weight) {
  const auto of_member = [&](std::int64_t member) {
    return scores.select(1, member) * weight.select(1, member).unsqueeze(1);
  };
  at::Tensor mean = of_member(0);
  for (std::int64_t member = 1; member < scores.size(1); ++member)
    mean.add_(of_member(member));
  return mean;
}

at::Tensor mixed_scores(const at::Tensor& scores, const at::Tensor& weight, const at::Tensor& absent) {
  check(scores.dim() == 4 && weight.dim() == 3, "scores of members, and their weights for comparisons");
  at::Tensor exact = scores.to(at::kDouble);
  if (absent.defined())
    exact = exact.masked_fill(absent.unsqueeze(1), -std::numeric_limits<double>::infinity());
  const at::Tensor largest = exact.amax(2, true);
  // Sums over the candidates one after another: their dimension is not the inner one.
  const at::Tensor raised = (exact - largest).exp();
  at::Tensor sum = raised.select(2, 0);
  for (std::int64_t candidate = 1; candidate < raised.size(2); ++candidate)
    sum = sum + raised.select(2, candidate);
  const at::Tensor log_share = exact - (sum.log() + largest.squeeze(2)).unsqueeze(2);
  const at::Tensor mixed =
      log_of_weighted_sum(absent.defined() ? log_share.masked_fill(absent.unsqueeze(1), 0.0) : log_share,
                          weight.to(at::kDouble).unsqueeze(2));
  return absent.defined() ? mixed.masked_fill(absent, 0.0) : mixed;
}

at::Tensor mixed_loss(const at::Tensor& loss, const at::Tensor& weight) {
  check(loss.dim() == 3 && weight.dim() == 3, "losses of members, and their weights for comparisons");
  return log_of_weighted_sum(loss.to(at::kDouble).neg(), weight.to(at::kDouble)).neg();
}

}  // namespace fairsweep
