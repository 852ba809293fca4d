#include <cstddef>

#include "workers/trainer/layer_math.hpp"
#include "workers/trainer/reward_model.hpp"
#include "workers/trainer/user_models/linked.hpp"
#include "workers/trainer/user_models/offset.hpp"

namespace fairsweep {
namespace {

/// Sum over the candidates of values [K, n, B, C]: [K, B, C], one candidate after another, the same in every pack.
at::Tensor over_candidates(const at::Tensor& values) {
  at::Tensor sum = values.select(1, 0).clone(at::MemoryFormat::Contiguous);
  for (std::int64_t j = 1; j < values.size(1); ++j)
    sum.add_(values.select(1, j));
  return sum;
}

}  // namespace

at::Tensor RewardModel::linear_back(const Way& way) const {
  const at::Tensor& x = way.x;
  const std::int64_t trials = x.size(0);
  const std::int64_t candidates = way.scores_gradient.size(1);
  const std::int64_t batch = way.scores_gradient.size(2);
  if (!way.trace.shown.defined()) {
    at::Tensor answer = way.gradients[user_block_];
    at::bmm_out(answer, way.scores_gradient.view({trials, 1, candidates * batch}), x);
    return {};
  }
  const at::Tensor of_candidate = x.view({trials, candidates, batch, x.size(2)});
  at::Tensor through_user = at::zeros_like(way.trace.weight);
  for (std::int64_t j = 0; j < candidates; ++j)
    through_user.addcmul_(of_candidate.select(1, j), way.scores_gradient.select(1, j).unsqueeze(-1));
  return through_user;
}

at::Tensor RewardModel::mlp_back(const Way& way, const at::Tensor& phi_gradient) const {
  const std::int64_t trials = way.x.size(0);
  const std::int64_t candidates = way.scores_gradient.size(1);
  const std::int64_t batch = way.scores_gradient.size(2);
  const std::vector<at::Tensor>& hidden = way.trace.hidden;
  const bool all = !way.gradients.empty();
  at::Tensor sums;
  if (phi_gradient.defined()) {
    sums = phi_gradient;
    back_through_tanh(sums, hidden.back());
  } else {
    const at::Tensor& output = way.blocks[output_block_];
    sums = back_from_scores(way.scores_gradient.view({trials, candidates * batch}), hidden.back(), output,
                            all ? way.gradients[output_block_] : at::empty(output.sizes(), output.options()));
  }
  if (way.phi_gradient.defined()) {
    const at::Tensor more = way.phi_gradient.clone(at::MemoryFormat::Contiguous);
    back_through_tanh(more, hidden.back());
    sums.add_(more);
  }
  std::size_t block = user_block_ + 2 * hidden.size();
  for (std::size_t layer = hidden.size() - 1; layer > 0; --layer) {
    block -= 2;  // the layer's matrix, and its bias behind it
    const at::Tensor& below = hidden[layer - 1];
    if (all) {
      at::Tensor matrix = way.gradients[block];
      at::bmm_out(matrix, below.transpose(1, 2), sums);
      sum_rows(sums, way.gradients[block + 1]);
    }
    sums = at::bmm(sums, way.blocks[block].transpose(1, 2));
    back_through_tanh(sums, below);
  }
  if (all) {
    at::Tensor input = way.gradients[user_block_ + 1];
    at::bmm_out(input, way.x.transpose(1, 2), sums);
  }
  if (way.trace.shown.defined())
    return over_candidates(sums.view({trials, candidates, batch, sums.size(2)}));
  if (all)
    sum_rows(sums, way.gradients[user_block_]);
  return {};
}

at::Tensor RewardModel::all_back(const Way& way) const {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  if (head_) {
    std::vector<at::Tensor> shared;
    shared.reserve(score_blocks_);
    for (std::size_t block = 0; block < score_blocks_ && !way.gradients.empty(); ++block)
      shared.push_back(way.gradients[output_block_ + block]);
    HeadGradient gradient = head_->back(head_input(way.blocks, way.x, way.scores_gradient.size(1), way.trace),
                                        way.scores_gradient, way.trace.head, shared);
    if (settings_.head == Head::mlp && gradient.phi.defined())
      (void)mlp_back(way, gradient.phi);
    return gradient.own;
  }
  const at::Tensor through_user = settings_.head == Head::linear ? linear_back(way) : mlp_back(way, {});
  if (!through_user.defined())
    return {};
  if (!way.gradients.empty()) {
    at::Tensor user_gradient = way.gradients[user_block_];
    at::bmm_out(user_gradient, way.trace.shown.transpose(1, 2), through_user);
  }
  if (own_ == 0)
    return {};
  const at::Tensor own = at::bmm(through_user, way.blocks[user_block_].transpose(1, 2)).narrow(2, 0, own_);
  if (has_generic() && !way.gradients.empty())
    offset_back(own, way.gradients[k_generic_block]);
  return own;
}

void RewardModel::back(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
                       const at::Tensor& scores_gradient, const ScoreTrace& trace,
                       const std::vector<at::Tensor>& gradients, const at::Tensor& phi_gradient) const {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  const at::Tensor own = all_back({blocks, x, scores_gradient, trace, gradients, phi_gradient});
  if (!own.defined())
    return;
  const at::Tensor& table = gradients[0];  // the people's numbers are the first block
  if (settings_.user == UserInput::linked) {
    linked_back(links_, blocks[0], blocks[k_influence_block], user, own, table, gradients[k_influence_block]);
    return;
  }
  table.zero_();
  if (trace.encoder.seen.defined()) {
    latent_back(encoder_of(blocks), trace.draw, trace.encoder, own, encoder_of(gradients));
    return;
  }
  leave_alone_what_was_not_read(gradients);
  table.scatter_add_(1, user.unsqueeze(-1).expand(own.sizes()), own);
}

void RewardModel::back_for(const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                           const at::Tensor& scores_gradient, const ScoreTrace& trace,
                           const std::vector<at::Tensor>& gradients, const at::Tensor& phi_gradient) const {
  (void)all_back({blocks, x, scores_gradient, trace, gradients, phi_gradient});
  gradients[0].zero_();
  if (settings_.user == UserInput::linked)
    gradients[k_influence_block].zero_();
  leave_alone_what_was_not_read(gradients);
}

void RewardModel::leave_alone_what_was_not_read(const std::vector<at::Tensor>& gradients) const {
  if (settings_.user != UserInput::variational)
    return;
  const EncoderBlocks encoder = encoder_of(gradients);
  encoder.input.zero_();
  encoder.posterior.zero_();
  if (encoder.query.defined())
    encoder.query.zero_();
}

at::Tensor RewardModel::own_gradient(const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                                     const at::Tensor& scores_gradient, const ScoreTrace& trace,
                                     const at::Tensor& phi_gradient) const {
  return all_back({blocks, x, scores_gradient, trace, {}, phi_gradient});
}

}  // namespace fairsweep
