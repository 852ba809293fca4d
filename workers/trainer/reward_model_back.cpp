#include "workers/trainer/layer_math.hpp"
#include "workers/trainer/reward_model.hpp"

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

void RewardModel::linear_back(const at::Tensor& x, const at::Tensor& scores_gradient, const ScoreTrace& trace,
                              const at::Tensor& user_gradient, at::Tensor& through_user) const {
  const std::int64_t trials = x.size(0);
  const std::int64_t candidates = scores_gradient.size(1);
  const std::int64_t batch = scores_gradient.size(2);
  if (settings_.user == UserInput::none) {
    at::Tensor answer = user_gradient;
    at::bmm_out(answer, scores_gradient.view({trials, 1, candidates * batch}), x);
    return;
  }
  const at::Tensor of_candidate = x.view({trials, candidates, batch, x.size(2)});
  through_user = at::zeros_like(trace.weight);
  for (std::int64_t j = 0; j < candidates; ++j)
    through_user.addcmul_(of_candidate.select(1, j), scores_gradient.select(1, j).unsqueeze(-1));
}

void RewardModel::mlp_back(const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                           const at::Tensor& scores_gradient, const ScoreTrace& trace,
                           const std::vector<at::Tensor>& gradients, at::Tensor& through_user) const {
  const std::int64_t trials = x.size(0);
  const std::int64_t candidates = scores_gradient.size(1);
  const std::int64_t batch = scores_gradient.size(2);
  std::size_t block = blocks.size() - 1;
  at::Tensor sums = back_from_scores(scores_gradient.view({trials, candidates * batch}), trace.hidden.back(),
                                     blocks[block], gradients[block]);
  for (std::size_t layer = trace.hidden.size() - 1; layer > 0; --layer) {
    block -= 2;  // the layer's matrix, and its bias behind it
    const at::Tensor& below = trace.hidden[layer - 1];
    at::Tensor matrix = gradients[block];
    at::bmm_out(matrix, below.transpose(1, 2), sums);
    sum_rows(sums, gradients[block + 1]);
    sums = at::bmm(sums, blocks[block].transpose(1, 2));
    back_through_tanh(sums, below);
  }
  at::Tensor input = gradients[user_block_ + 1];
  at::bmm_out(input, x.transpose(1, 2), sums);
  if (settings_.user == UserInput::none) {
    sum_rows(sums, gradients[user_block_]);
  } else {
    through_user = over_candidates(sums.view({trials, candidates, batch, sums.size(2)}));
  }
}

void RewardModel::back(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
                       const at::Tensor& scores_gradient, const ScoreTrace& trace,
                       const std::vector<at::Tensor>& gradients) const {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  at::Tensor through_user;
  if (settings_.head == Head::linear) {
    linear_back(x, scores_gradient, trace, gradients[user_block_], through_user);
  } else {
    mlp_back(blocks, x, scores_gradient, trace, gradients, through_user);
  }
  if (settings_.user == UserInput::none)
    return;
  at::Tensor user_gradient = gradients[user_block_];
  at::bmm_out(user_gradient, trace.shown.transpose(1, 2), through_user);
  if (settings_.user != UserInput::embedding)
    return;
  const at::Tensor& table = gradients[0];  // the embedding is the first block
  const at::Tensor picked = at::bmm(through_user, blocks[user_block_].transpose(1, 2)).narrow(2, 0, table.size(2));
  table.zero_();
  table.scatter_add_(1, user.unsqueeze(-1).expand(picked.sizes()), picked);
}

}  // namespace fairsweep
