#include "workers/trainer/model_answers.hpp"

namespace fairsweep {
namespace {

bool learns_numbers(const RewardModel& model) { return !likelihood_of(model.settings().likelihood).numbers().empty(); }

bool reads_spread(const RewardModel& model) { return likelihood_of(model.settings().likelihood).has_spread(); }

const at::Tensor& spread_in(const RewardModel& model, const std::vector<at::Tensor>& blocks) {
  return blocks[static_cast<std::size_t>(model.layout().find("spread"))];
}

at::Tensor gradient_of(const at::Tensor& leaf) {
  if (!leaf.defined())
    return {};
  const at::Tensor& gradient = leaf.grad();
  return gradient.defined() ? gradient.contiguous() : at::zeros_like(leaf);
}

}  // namespace

ModelAnswers answers_with(const RewardModel& model, const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                          const at::Tensor& scores, const ScoreTrace& trace) {
  ModelAnswers says{.scores = scores};
  if (reads_spread(model))
    says.spread = at::bmm(RewardModel::phi_of(x, trace), spread_in(model, blocks).transpose(1, 2)).view_as(scores);
  if (learns_numbers(model))
    says.numbers = numbers_for(blocks.back(), scores.size(2));
  return says;
}

ModelAnswers answers_of(const RewardModel& model, const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                        const at::Tensor& user, std::int64_t candidates, const LeftOut& left_out, ScoreTrace* trace) {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  ScoreTrace local;
  ScoreTrace& kept = trace != nullptr ? *trace : local;
  const at::Tensor scores = model.scores(blocks, x, user, candidates, left_out, &kept);
  return answers_with(model, blocks, x, scores, kept);
}

void follow(const ModelAnswers& says) {
  says.scores.requires_grad_(true);
  for (const at::Tensor& more : {says.spread, says.numbers}) {
    if (more.defined())
      more.requires_grad_(true);
  }
}

ModelAnswers gradients_of(const ModelAnswers& says) {
  return {gradient_of(says.scores), gradient_of(says.spread), gradient_of(says.numbers)};
}

ModelAnswers times(const ModelAnswers& gradients, const at::Tensor& share) {
  const at::Tensor factor = share.unsqueeze(1);
  const auto scaled = [&factor](const at::Tensor& one) { return one.defined() ? one * factor : one; };
  return {scaled(gradients.scores), scaled(gradients.spread), scaled(gradients.numbers)};
}

namespace {

/// What of the spread's gradient goes through phi; undefined where none does.
at::Tensor through_phi(const RewardModel& model, const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                       const ModelAnswers& gradients, const ScoreTrace& trace) {
  if (!gradients.spread.defined() || trace.hidden.empty())
    return {};
  return at::bmm(gradients.spread.view({x.size(0), 1, x.size(1)}).transpose(1, 2), spread_in(model, blocks));
}

/// The same; writes the spread's gradient, too.
at::Tensor spread_back(const RewardModel& model, const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                       const ModelAnswers& gradients, const ScoreTrace& trace, const std::vector<at::Tensor>& into) {
  if (!gradients.spread.defined())
    return {};
  const at::Tensor flat = gradients.spread.view({x.size(0), 1, x.size(1)});
  at::Tensor of_weight = spread_in(model, into);
  at::bmm_out(of_weight, flat, RewardModel::phi_of(x, trace));
  return through_phi(model, blocks, x, gradients, trace);
}

void numbers_back(const ModelAnswers& gradients, const std::vector<at::Tensor>& into) {
  if (gradients.numbers.defined())
    into.back().copy_(gradients.numbers.sum(-1).unsqueeze(1));  // over the comparisons, the inner dimension
}

}  // namespace

void back(const RewardModel& model, const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
          const ModelAnswers& gradients, const ScoreTrace& trace, const std::vector<at::Tensor>& into) {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  const at::Tensor more = spread_back(model, blocks, x, gradients, trace, into);
  model.back(blocks, x, user, gradients.scores, trace, into, more);
  numbers_back(gradients, into);
}

void back_for(const RewardModel& model, const std::vector<at::Tensor>& blocks, const at::Tensor& x,
              const ModelAnswers& gradients, const ScoreTrace& trace, const std::vector<at::Tensor>& into) {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  const at::Tensor more = spread_back(model, blocks, x, gradients, trace, into);
  model.back_for(blocks, x, gradients.scores, trace, into, more);
  numbers_back(gradients, into);
}

at::Tensor own_gradient(const RewardModel& model, const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                        const ModelAnswers& gradients, const ScoreTrace& trace) {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  return model.own_gradient(blocks, x, gradients.scores, trace, through_phi(model, blocks, x, gradients, trace));
}

}  // namespace fairsweep
