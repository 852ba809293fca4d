#include "objectives/training/combine_rule.hpp"

#include <array>
#include <string>
#include <utility>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

/// Rewards of each context about their mean; 0 for absent candidates.
struct Centred {
  at::Tensor reward;     ///< [C, G, O]
  at::Tensor deviation;  ///< [C, O] population
  at::Tensor count;      ///< [C, 1] candidates, at least 1
};

Centred centred(const at::Tensor& rewards, const at::Tensor& present) {
  Centred result;
  const at::Tensor one = present.to(rewards.scalar_type()).unsqueeze(-1);  // [C, G, 1]
  const at::Tensor known = at::where(present.unsqueeze(-1), rewards, at::zeros({}, rewards.options()));
  result.count = one.sum(1).clamp_min(1);
  result.reward = (known - (known.sum(1) / result.count).unsqueeze(1)) * one;
  result.deviation = (result.reward.square().sum(1) / result.count).sqrt();
  return result;
}

/// numerator / denominator where the denominator is no zero; else 0. [C, G] and [C].
at::Tensor divided(const at::Tensor& numerator, const at::Tensor& denominator) {
  const at::Tensor some = denominator.gt(k_least_deviation);
  const at::Tensor safe = at::where(some, denominator, at::ones({}, denominator.options()));
  return at::where(some.unsqueeze(1), numerator / safe.unsqueeze(1), at::zeros({}, numerator.options()));
}

at::Tensor reward_combination(const Centred& context, const at::Tensor& weights) {
  const at::Tensor sum = (context.reward * weights.unsqueeze(1)).sum(-1);
  return divided(sum, (sum.square().sum(1) / context.count.squeeze(1)).sqrt());
}

at::Tensor advantage_combination(const Centred& context, const at::Tensor& weights) {
  const at::Tensor some = context.deviation.gt(k_least_deviation);
  const at::Tensor safe = at::where(some, context.deviation, at::ones({}, context.deviation.options()));
  const at::Tensor factor = at::where(some, weights / safe, at::zeros({}, weights.options()));
  return (context.reward * factor.unsqueeze(1)).sum(-1);
}

at::Tensor standardised_over_all(const at::Tensor& advantage, const at::Tensor& present) {
  const at::Tensor all = advantage.masked_select(present);
  if (all.numel() == 0)
    return advantage;
  const at::Tensor deviation = (all - all.mean()).square().mean().sqrt();
  const at::Tensor standard = (advantage - all.mean()) / (deviation + k_gdpo_epsilon);
  return at::where(present, standard, at::zeros({}, advantage.options()));
}

void check_weights(const at::Tensor& weights) {
  const bool fine = weights.ge(0).all().item<bool>() && (weights.sum(-1) - 1).abs().le(1e-5).all().item<bool>();
  check(fine, "weights on objectives are not negative and sum to 1");
}

}  // namespace

CombineRule combine_rule_named(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, CombineRule>, 4> k_rules = {
      {{"dvao", CombineRule::dvao},
       {"reward_combination", CombineRule::reward_combination},
       {"advantage_combination", CombineRule::advantage_combination},
       {"gdpo", CombineRule::gdpo}}};
  std::string known;
  for (const auto& [word, rule] : k_rules) {
    if (word == name)
      return rule;
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  throw UserError(ExitCode::configuration,
                  "there is no combination rule \"" + std::string(name) + "\"; there are " + known);
}

at::Tensor combined_advantages(CombineRule rule, const at::Tensor& rewards, const at::Tensor& present,
                               const at::Tensor& weights) {
  check_weights(weights);
  const Centred context = centred(rewards, present);
  switch (rule) {
    case CombineRule::reward_combination:
      return reward_combination(context, weights);
    case CombineRule::advantage_combination:
      return advantage_combination(context, weights);
    case CombineRule::gdpo:
      return standardised_over_all(advantage_combination(context, weights), present);
    case CombineRule::dvao:
      return divided((context.reward * weights.unsqueeze(1)).sum(-1), (weights * context.deviation).sum(-1));
  }
  throw InternalError("this is a bug, please report it: a combination rule without a formula");
}

at::Tensor dvao_weights(const at::Tensor& rewards, const at::Tensor& present, const at::Tensor& weights) {
  check_weights(weights);
  const at::Tensor weighted = weights * centred(rewards, present).deviation;
  return divided(weighted, weighted.sum(-1));
}

}  // namespace fairsweep
