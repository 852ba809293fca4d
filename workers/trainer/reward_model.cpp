#include "workers/trainer/reward_model.hpp"

#include "workers/trainer/layer_math.hpp"

namespace fairsweep {

RewardModel::RewardModel(const ModelSettings& model, const TrainingSet& data)
    : settings_(model),
      layout_(
          make_layout(model, data.features.size(1), data.users,
                      data.user_features.defined() && data.user_features.dim() == 2 ? data.user_features.size(1) : 0)),
      user_block_(static_cast<std::size_t>(layout_.find("user"))) {
  if (model.user == UserInput::features || model.user == UserInput::history) {
    const at::Tensor& known = model.user == UserInput::features ? data.user_features : data.user_history;
    user_table_ = at::cat({known, at::ones({known.size(0), 1}, known.options())}, 1);
    if (model.user == UserInput::history) {
      history_sum_ = at::cat({data.user_history_sum, at::zeros({known.size(0), 1}, known.options())}, 1);
    }
  }
}

at::Tensor RewardModel::history_of_others(const at::Tensor& x, const at::Tensor& user, const LeftOut& left_out) const {
  const std::int64_t features = x.size(2);
  const std::int64_t candidates = left_out.share.size(1);
  const at::Tensor answer =
      history_sum_.index_select(0, user.reshape({-1})).view({user.size(0), user.size(1), features + 1});
  const at::Tensor history = answer.narrow(2, 0, features);
  const at::Tensor of_candidate = x.view({user.size(0), candidates, user.size(1), features});
  // One candidate after another: a sum over them, which are not the inner dimension, the same in every pack; and the
  // terms of all comparisons, [M, D], need not be kept.
  for (std::int64_t j = 0; j < candidates; ++j) {
    history.addcmul_(of_candidate.select(1, j), left_out.share.select(1, j).unsqueeze(-1), -1);
  }
  history.mul_(left_out.rest.unsqueeze(-1));
  answer.select(2, features).fill_(1);
  return answer;
}

at::Tensor RewardModel::user_input(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
                                   const LeftOut& left_out) const {
  if (settings_.user == UserInput::none)
    return {};
  if (settings_.user == UserInput::history && left_out.share.defined())
    return history_of_others(x, user, left_out);
  const std::int64_t trials = user.size(0);
  const std::int64_t batch = user.size(1);
  if (settings_.user != UserInput::embedding) {
    return user_table_.index_select(0, user.reshape({-1})).view({trials, batch, user_table_.size(1)});
  }
  const at::Tensor& table = blocks[0];  // the embedding is the first block
  const at::Tensor picked = table.gather(1, user.unsqueeze(-1).expand({trials, batch, table.size(2)}));
  return at::cat({picked, at::ones({trials, batch, 1}, picked.options())}, 2);
}

at::Tensor RewardModel::linear_scores(const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                                      std::int64_t candidates, ScoreTrace& trace) const {
  const std::int64_t trials = x.size(0);
  const std::int64_t batch = x.size(1) / candidates;
  const at::Tensor& block = blocks[user_block_];
  if (settings_.user == UserInput::none) {
    return at::bmm(x, block.transpose(1, 2)).view({trials, candidates, batch});
  }
  trace.weight = at::bmm(trace.shown, block);
  return (x.view({trials, candidates, batch, x.size(2)}) * trace.weight.unsqueeze(1)).sum(-1);
}

at::Tensor RewardModel::mlp_scores(const std::vector<at::Tensor>& blocks, const at::Tensor& x, std::int64_t candidates,
                                   ScoreTrace& trace) const {
  const std::int64_t trials = x.size(0);
  const std::int64_t batch = x.size(1) / candidates;
  const at::Tensor& user_block = blocks[user_block_];
  std::size_t next = user_block_ + 1;
  at::Tensor hidden = at::bmm(x, blocks[next++]);
  if (settings_.user == UserInput::none) {
    tanh_layer(hidden, user_block);  // the block is the bias, [K, 1, H]
  } else {
    const at::Tensor shift = at::bmm(trace.shown, user_block);  // [K, B, H], once for all candidates
    hidden.view({trials, candidates, batch, hidden.size(2)}).add_(shift.unsqueeze(1));
    tanh_layer(hidden, {});
  }
  trace.hidden = {hidden};
  for (std::int64_t layer = 1; layer < settings_.depth; ++layer) {
    hidden = at::bmm(hidden, blocks[next]);
    tanh_layer(hidden, blocks[next + 1]);
    trace.hidden.push_back(hidden);
    next += 2;
  }
  return output_scores(hidden, blocks[next]).view({trials, candidates, batch});
}

at::Tensor RewardModel::scores(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
                               std::int64_t candidates, const LeftOut& left_out, ScoreTrace* trace) const {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  ScoreTrace local;
  ScoreTrace& kept = trace != nullptr ? *trace : local;
  kept.shown = user_input(blocks, x, user, left_out);
  return settings_.head == Head::linear ? linear_scores(blocks, x, candidates, kept)
                                        : mlp_scores(blocks, x, candidates, kept);
}

std::vector<at::Tensor> RewardModel::for_scoring(std::vector<at::Tensor> blocks, const at::Tensor& known) const {
  if (settings_.user != UserInput::embedding)
    return blocks;
  const at::Tensor& table = blocks[0];
  const at::Tensor share = known.to(table.scalar_type()) / known.sum().clamp_min(1).to(table.scalar_type());
  // A matrix product for each trial: sums over users, which are not the inner dimension, the same in every pack.
  const at::Tensor mean = at::bmm(share.view({1, 1, -1}).expand({table.size(0), 1, table.size(1)}), table);
  blocks[0] = at::where(known.view({1, -1, 1}), table, mean);
  return blocks;
}

std::map<std::string, at::Tensor> RewardModel::named_parameters(const at::Tensor& row, const at::Tensor& known) const {
  const std::vector<at::Tensor> blocks = for_scoring(block_views(layout_, row.unsqueeze(0)), known);
  const auto used = [&](std::size_t i) {  // [outputs, inputs], without padding
    const ParameterBlock& block = layout_.blocks[i];
    return blocks[i][0].narrow(0, 0, block.used_rows).narrow(1, 0, block.used_columns).t().detach().cpu();
  };
  std::map<std::string, at::Tensor> named;
  const auto keep = [&named](const std::string& name, const at::Tensor& values) {
    named[name] = values.contiguous().clone();
  };
  if (settings_.user == UserInput::embedding)
    keep("user_embedding", used(0).t());
  const at::Tensor user = used(user_block_);
  const std::int64_t inputs = user.size(1) - 1;
  const std::string first = settings_.head == Head::linear ? "" : "hidden.0.";
  keep(first + (settings_.head == Head::linear ? "weight" : "bias"), user.select(1, inputs));
  if (inputs > 0)
    keep(first + "user_weight", user.narrow(1, 0, inputs));
  if (settings_.head == Head::linear)
    return named;
  std::size_t next = user_block_ + 1;
  keep("hidden.0.weight", used(next++));
  for (std::int64_t layer = 1; layer < settings_.depth; ++layer) {
    keep("hidden." + std::to_string(layer) + ".weight", used(next++));
    keep("hidden." + std::to_string(layer) + ".bias", used(next++).select(1, 0));
  }
  keep("output.weight", used(next)[0]);
  return named;
}

}  // namespace fairsweep
