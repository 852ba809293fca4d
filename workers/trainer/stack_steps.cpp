#include "workers/trainer/stack_steps.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/group_losses.hpp"
#include "workers/trainer/learning_rate.hpp"
#include "workers/trainer/members.hpp"
#include "workers/trainer/user_models/offset.hpp"

namespace fairsweep {

EpochRates epoch_rates(const std::vector<const TrainingSettings*>& training, std::int64_t epochs,
                       const EpochShape& shape, const at::TensorOptions& options) {
  const auto trials = static_cast<std::int64_t>(training.size());
  const std::int64_t all_steps = shape.steps * training.front()->epochs;
  at::Tensor rate = at::empty({shape.steps, trials, 1}, at::kDouble);
  at::Tensor keep = at::empty({shape.steps, trials, 1}, at::kDouble);
  at::Tensor clip = at::empty({trials, 1}, at::kDouble);
  bool clips = false;
  for (std::int64_t k = 0; k < trials; ++k) {
    const TrainingSettings& one = *training[static_cast<std::size_t>(k)];
    clips = clips || one.clip_norm > 0;
    clip.data_ptr<double>()[k] = one.clip_norm > 0 ? one.clip_norm : std::numeric_limits<double>::infinity();
    for (std::int64_t s = 0; s < shape.steps; ++s) {
      const std::int64_t step = epochs * shape.steps + s;
      const double now = one.learning_rate * schedule_factor(one.schedule, one.warmup, step, all_steps);
      rate.data_ptr<double>()[s * trials + k] = now;
      keep.data_ptr<double>()[s * trials + k] = 1 - now * one.weight_decay;
    }
  }
  return {rate.to(options), keep.to(options), clips ? clip.to(options) : at::Tensor()};
}

StackSteps::StackSteps(const StageContext& context, const EpochShape& shape, StackState& stack)
    : context_(context),
      likelihood_(likelihood_of(context.model.settings().likelihood)),
      shape_(shape),
      stack_(stack) {}

void StackSteps::begin_epoch(EpochDraws draws) {
  draws_ = std::move(draws);
  loss_sum_ = at::zeros({stack_.trials()}, stack_.parameters.options());
  ones_ = at::ones_like(loss_sum_);
}

void StackSteps::take(const at::Tensor& order, const EpochRates& rates, std::int64_t first, std::int64_t count) {
  const std::int64_t at_once = context_.batches.steps_at_once(shape_, stack_.trials());
  for (std::int64_t done = 0; done < count; done += at_once) {
    const std::int64_t begin = first + done;
    const StepRun steps = context_.batches.gather(shape_, order, begin, std::min(at_once, count - done));
    for (std::int64_t i = 0; i < steps.index.size(0); ++i) {
      take_one(steps, i, rates, begin + i);
    }
  }
}

void StackSteps::take_one(const StepRun& steps, std::int64_t i, const EpochRates& rates, std::int64_t step) {
  const std::int64_t n = context_.batches.candidates();
  const at::Tensor& features = context_.data.features;
  at::Tensor x, user;
  ModelAnswers says;
  ScoreTrace trace;
  PackBatch batch;
  ChoiceShape choices;
  LeftOut left_out;
  {
    const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
    x = features.index_select(0, steps.candidates.select(0, i))
            .view({stack_.trials(), n * shape_.stored, features.size(1)});
    batch.user = steps.user.select(0, i);
    x = for_members(x, context_.members);
    user = for_members(batch.user, context_.members);
    left_out = context_.batches.left_out(steps, i);
    left_out.latent = latent_draw(step, steps.weight.select(0, i));
    left_out = for_members(left_out, context_.members);
    says = answers_of(context_.model, stack_.blocks, x, user, n, left_out, &trace);
    choices = for_members(context_.batches.choice_shape(steps, i), context_.members);
    batch.index = steps.index.select(0, i);
    batch.group = steps.group.select(0, i);
    batch.weight = steps.weight.select(0, i);
    batch.present = steps.present.select(0, i);
  }
  if (context_.objective.combines_gradients()) {
    combine_gradients(x, user, says, choices, trace, batch);
  } else {
    back(context_.model, stack_.blocks, x, user, answers_gradient(says, choices, batch), trace, stack_.gradient_blocks);
  }
  if (stack_.personal_share.defined())
    add_generic_person(x, choices, batch.weight);
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  if (context_.low_rank)
    context_.low_rank->pull_back(stack_.gradient, stack_.parameters, stack_.trained_gradient);
  adamw_step(stack_.parameters, stack_.trained_gradient, stack_.optimizer,
             {rates.learning_rate.select(0, step), rates.keep.select(0, step), rates.clip_norm});
  if (context_.low_rank)
    context_.low_rank->build(stack_.base, stack_.parameters, stack_.model);
  if (context_.objective.looks_back()) {
    const at::Tensor after =
        likelihood_.outcome(answers_of(context_.model, stack_.blocks, x, user, n, left_out), choices).loss;
    context_.objective.after_step(batch, by_member(after, context_.members), stack_.constants, stack_.objective);
  }
}

LatentDraw StackSteps::latent_draw(std::int64_t step, const at::Tensor& weight) const {
  if (!draws_.context.defined())
    return {};
  const at::Tensor share = weight / divisor(weight.sum(-1, true));
  return {draws_.context.select(0, step), draws_.known.select(0, step), draws_.noise.select(0, step),
          share * stack_.divergence * draws_.annealing.select(0, step)};
}

ModelAnswers StackSteps::answers_gradient(const ModelAnswers& says, const ChoiceShape& choices, PackBatch& batch) {
  follow(says);
  const ChoiceOutcome outcome = likelihood_.outcome(says, choices);
  batch.margin = by_member(outcome.margin, context_.members);
  batch.loss = by_member(outcome.loss, context_.members);
  batch.scores = by_member(says.scores.transpose(1, 2), context_.members);
  const at::Tensor loss = context_.objective.loss(batch, stack_.constants, stack_.objective);
  loss.backward(ones_);
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  loss_sum_.add_(loss);
  return gradients_of(says);
}

void StackSteps::add_generic_person(const at::Tensor& x, const ChoiceShape& choices, const at::Tensor& weight) {
  const RewardModel& model = context_.model;
  const at::Tensor of_members = for_members(weight, context_.members);
  const at::Tensor nobody =
      at::zeros({of_members.size(0), of_members.size(1), model.own_numbers()}, of_members.options());
  ScoreTrace trace;
  const at::Tensor scores = model.scores_for(stack_.blocks, x, nobody, context_.batches.candidates(), &trace);
  const ModelAnswers says = answers_with(model, stack_.blocks, x, scores, trace);
  follow(says);
  const at::Tensor loss = weighted_mean(of_members, likelihood_.outcome(says, choices).loss);
  loss.backward(at::ones_like(loss));
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  const std::int64_t size = model.layout().size;
  generic_.resize(model.layout(), 1, stack_.model.view({-1, size}));
  back_for(model, stack_.blocks, x, gradients_of(says), trace, generic_.blocks(0));
  mix_generic(stack_.gradient, generic_.row(0).view(stack_.gradient.sizes()), stack_.personal_share);
}

void StackSteps::combine_gradients(const at::Tensor& x, const at::Tensor& user, const ModelAnswers& says,
                                   const ChoiceShape& choices, const ScoreTrace& trace, PackBatch& batch) {
  check(context_.members == 1, "gradients are combined in stages of one model");
  follow(says);
  const ChoiceOutcome outcome = likelihood_.outcome(says, choices);
  outcome.loss.backward(at::ones_like(outcome.loss));
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  batch.margin = outcome.margin.detach();
  batch.loss = outcome.loss.detach();
  batch.scores = says.scores.detach().transpose(1, 2);
  const at::Tensor shares = context_.objective.loss_shares(batch, stack_.constants);  // [K, L, B]
  const at::Tensor losses = losses_of(shares, batch.loss);
  rows_.resize(context_.model.layout(), shares.size(1), stack_.model);
  const ModelAnswers each = gradients_of(says);  // a comparison's loss depends on what is said of it alone
  for (std::int64_t loss = 0; loss < shares.size(1); ++loss)
    back(context_.model, stack_.blocks, x, user, times(each, shares.select(1, loss)), trace, rows_.blocks(loss));
  const GradientFacts facts = {rows_.gramian(), losses.cpu().to(at::kDouble)};
  const at::Tensor weights = context_.objective.gradient_weights(facts, stack_.constants, stack_.objective)
                                 .to(losses.device(), losses.scalar_type());
  rows_.combine(weights, stack_.gradient);
  loss_sum_.add_((weights * losses).sum(-1));
}

}  // namespace fairsweep
