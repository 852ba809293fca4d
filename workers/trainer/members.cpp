#include "workers/trainer/members.hpp"

namespace fairsweep {
namespace {

at::Tensor where_defined(const at::Tensor& values, std::int64_t members) {
  return values.defined() ? for_members(values, members) : values;
}

}  // namespace

at::Tensor for_members(const at::Tensor& values, std::int64_t members) {
  return members == 1 ? values : values.repeat_interleave(members, 0);
}

LeftOut for_members(const LeftOut& left_out, std::int64_t members) {
  const LatentDraw& latent = left_out.latent;
  return {where_defined(left_out.share, members),
          where_defined(left_out.rest, members),
          {where_defined(latent.context, members), where_defined(latent.known, members),
           where_defined(latent.noise, members), where_defined(latent.penalty, members)}};
}

ChoiceShape for_members(const ChoiceShape& shape, std::int64_t members) {
  return {where_defined(shape.absent, members),
          where_defined(shape.ranked, members),
          shape.most_ranked,
          where_defined(shape.tied, members),
          where_defined(shape.noise_keep, members),
          where_defined(shape.noise_floor, members)};
}

at::Tensor by_member(const at::Tensor& values, std::int64_t members) {
  if (members == 1)
    return values;
  return values.unflatten(0, {values.size(0) / members, members});
}

namespace {

/// A model of which the numbers, too, are the weighted means of the members'.
ModelAnswers mean_answers(const ModelAnswers& says, const MemberMix& mix, const at::Tensor& weight) {
  const auto mean = [&](const at::Tensor& values) {
    return values.defined() ? mean_of_scores(values.unflatten(0, {mix.trials(), mix.members()}), weight) : values;
  };
  return {mean(says.scores), mean(says.spread), mean(says.numbers)};
}

/// Log-odds of each answer against its opposite under a mixture of pairs' likelihoods, [K, B].
at::Tensor mixed_margin(const Likelihood& likelihood, const ModelAnswers& says, const MemberMix& mix,
                        const at::Tensor& weight) {
  const ChoiceOutcome order = likelihood.outcome(says, {});
  const auto mixed = [&](const at::Tensor& loss) {
    return mixed_loss(loss.unflatten(0, {mix.trials(), mix.members()}), weight);
  };
  return mixed(order.loss + order.margin) - mixed(order.loss);
}

}  // namespace

JoinedOutcome joined_outcome(const Likelihood& likelihood, const ModelAnswers& says, const MemberMix& mix,
                             const at::Tensor& user, const ChoiceShape& shape) {
  if (!mix.defined())
    return {says, likelihood.outcome(says, shape)};
  const std::int64_t members = mix.members();
  const at::Tensor weight = weight_for(mix.weight, user);
  if (mix.join == MemberJoin::mean_of_scores) {
    const ModelAnswers mean = mean_answers(says, mix, weight);
    return {mean, likelihood.outcome(mean, shape)};
  }
  const at::Tensor loss = mixed_loss(
      likelihood.outcome(says, for_members(shape, members)).loss.unflatten(0, {mix.trials(), members}), weight);
  if (!likelihood.of_pairs()) {
    const at::Tensor mixed = mixed_scores(says.scores.unflatten(0, {mix.trials(), members}), weight, shape.absent);
    return {{mixed}, {loss, choice_likelihood(mixed, shape).margin}};
  }
  const at::Tensor margin = mixed_margin(likelihood, says, mix, weight);
  return {{at::stack({margin, at::zeros_like(margin)}, 1)}, {loss, margin}};
}

std::map<std::string, at::Tensor> named_members(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                                std::int64_t k, const at::Tensor& weight) {
  if (!weight.defined())
    return model.named_parameters(blocks, k);
  const at::Tensor by_person = weight.dim() == 2 ? weight.t() : weight;
  std::map<std::string, at::Tensor> named = {{"member_weight", by_person.detach().cpu().contiguous().clone()}};
  const std::int64_t members = weight.size(0);
  for (std::int64_t member = 0; member < members; ++member) {
    for (auto& [name, values] : model.named_parameters(blocks, k * members + member))
      named["member." + std::to_string(member) + "." + name] = values;
  }
  return named;
}

}  // namespace fairsweep
