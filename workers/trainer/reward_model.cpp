#include "workers/trainer/reward_model.hpp"

#include <cstddef>
#include <string_view>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"  // for padded
#include "workers/trainer/layer_math.hpp"
#include "workers/trainer/likelihoods/likelihood.hpp"
#include "workers/trainer/user_models/linked.hpp"
#include "workers/trainer/user_models/offset.hpp"

namespace fairsweep {

RewardModel::RewardModel(const ModelSettings& model, const TrainingSet& data)
    : settings_(model),
      layout_(
          make_layout(model, data.features.size(1), data.users,
                      data.user_features.defined() && data.user_features.dim() == 2 ? data.user_features.size(1) : 0,
                      data.links.count)),
      head_(make_user_head(model)),
      own_(::fairsweep::own_numbers(model)),
      score_blocks_(head_ ? head_->shared(1).size() : 1),
      user_block_(static_cast<std::size_t>(layout_.find("user"))),
      output_block_(layout_.blocks.size() - layout_.of_likelihood() - score_blocks_) {
  if (model.user == UserInput::linked) {
    if (data.links.empty()) {
      throw UserError(ExitCode::configuration,
                      "model.user is \"linked\", but the data have no links between people; import them with --links, "
                      "or use offset or embedding");
    }
    links_ = data.links;
    links_.share = links_.share.to(data.features.scalar_type());
  }
  if (model.user == UserInput::variational)
    told_ = told_comparisons(data);
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

at::Tensor RewardModel::user_input(const at::Tensor& x, const at::Tensor& user, const LeftOut& left_out) const {
  if (!user_table_.defined())
    return {};
  if (settings_.user == UserInput::history && left_out.share.defined())
    return history_of_others(x, user, left_out);
  return user_table_.index_select(0, user.reshape({-1})).view({user.size(0), user.size(1), user_table_.size(1)});
}

at::Tensor RewardModel::own_rows(const std::vector<at::Tensor>& blocks, const at::Tensor& user) const {
  if (settings_.user == UserInput::linked)
    return linked_numbers(links_, blocks[0], blocks[k_influence_block], user);
  return blocks[0].gather(1, user.unsqueeze(-1).expand({user.size(0), user.size(1), own_}));
}

at::Tensor RewardModel::linear_scores(const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                                      std::int64_t candidates, ScoreTrace& trace) const {
  const std::int64_t trials = x.size(0);
  const std::int64_t batch = x.size(1) / candidates;
  const at::Tensor& block = blocks[user_block_];
  if (!trace.shown.defined()) {
    return at::bmm(x, block.transpose(1, 2)).view({trials, candidates, batch});
  }
  trace.weight = at::bmm(trace.shown, block);
  return (x.view({trials, candidates, batch, x.size(2)}) * trace.weight.unsqueeze(1)).sum(-1);
}

void RewardModel::see(const std::vector<at::Tensor>& blocks, const at::Tensor& x, std::int64_t candidates,
                      ScoreTrace& trace) const {
  const std::int64_t trials = x.size(0);
  const std::int64_t batch = x.size(1) / candidates;
  const at::Tensor& user_block = blocks[user_block_];
  std::size_t next = user_block_ + 1;
  at::Tensor hidden = at::bmm(x, blocks[next++]);
  if (!trace.shown.defined()) {
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
}

HeadInput RewardModel::head_input(const std::vector<at::Tensor>& blocks, const at::Tensor& x, std::int64_t candidates,
                                  const ScoreTrace& trace) const {
  const auto first = blocks.begin() + static_cast<std::ptrdiff_t>(output_block_);
  return {{first, first + static_cast<std::ptrdiff_t>(score_blocks_)}, phi_of(x, trace), trace.own, candidates};
}

at::Tensor RewardModel::scores_by(const std::vector<at::Tensor>& blocks, const at::Tensor& x, std::int64_t candidates,
                                  ScoreTrace& trace) const {
  if (own_ > 0 && !head_) {
    const at::Tensor input = has_generic() ? offset_input(trace.own, blocks[k_generic_block]) : trace.own;
    trace.shown = at::cat({input, at::ones({input.size(0), input.size(1), 1}, input.options())}, 2);
  }
  if (settings_.head == Head::mlp)
    see(blocks, x, candidates, trace);
  if (head_)
    return head_->scores(head_input(blocks, x, candidates, trace), &trace.head);
  if (settings_.head == Head::linear)
    return linear_scores(blocks, x, candidates, trace);
  return output_scores(trace.hidden.back(), blocks[output_block_])
      .view({x.size(0), candidates, x.size(1) / candidates});
}

at::Tensor RewardModel::scores(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
                               std::int64_t candidates, const LeftOut& left_out, ScoreTrace* trace) const {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  ScoreTrace local;
  ScoreTrace& kept = trace != nullptr ? *trace : local;
  if (left_out.latent.context.defined()) {
    kept.draw = left_out.latent;
    return scores_for(blocks, x, latent_numbers(encoder_of(blocks), told_.difference, kept.draw, &kept.encoder),
                      candidates, &kept);
  }
  if (own_ > 0)
    return scores_for(blocks, x, own_rows(blocks, user), candidates, &kept);
  kept.shown = user_input(x, user, left_out);
  return scores_by(blocks, x, candidates, kept);
}

at::Tensor RewardModel::scores_for(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& own,
                                   std::int64_t candidates, ScoreTrace* trace) const {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  ScoreTrace local;
  ScoreTrace& kept = trace != nullptr ? *trace : local;
  kept.own = own;
  return scores_by(blocks, x, candidates, kept);
}

at::Tensor RewardModel::attention(const std::vector<at::Tensor>& blocks, const at::Tensor& x, const at::Tensor& user,
                                  std::int64_t candidates) const {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  if (!head_)
    return {};
  ScoreTrace trace;
  trace.own = own_rows(blocks, user);
  if (settings_.head == Head::mlp)
    see(blocks, x, candidates, trace);
  return head_->attention(head_input(blocks, x, candidates, trace));
}

std::vector<at::Tensor> RewardModel::for_scoring(std::vector<at::Tensor> blocks, const at::Tensor& known) const {
  if (own_ == 0)
    return blocks;
  const at::Tensor table = blocks[0];
  if (settings_.user == UserInput::variational) {
    blocks[0] = scaled_latent(people_by_encoder(blocks).mean);
    return blocks;
  }
  if (has_generic()) {
    blocks[0] = at::where(known.view({1, -1, 1}), table, at::zeros({}, table.options()));
    if (settings_.user == UserInput::linked) {
      const std::int64_t users = table.size(1);
      const at::Tensor everybody = at::arange(padded(users), known.options().dtype(at::kLong)).clamp_max(users - 1);
      const at::Tensor borrowed = linked_numbers(links_, blocks[0], blocks[k_influence_block],
                                                 everybody.unsqueeze(0).expand({table.size(0), -1}));
      blocks[0] = borrowed.narrow(1, 0, users).contiguous();
      blocks[k_influence_block] = no_influence(blocks[k_influence_block]);
    }
    return blocks;
  }
  const at::Tensor share = known.to(table.scalar_type()) / known.sum().clamp_min(1).to(table.scalar_type());
  // A matrix product for each trial: sums over users, which are not the inner dimension, the same in every pack.
  const at::Tensor mean = at::bmm(share.view({1, 1, -1}).expand({table.size(0), 1, table.size(1)}), table);
  blocks[0] = at::where(known.view({1, -1, 1}), table, mean);
  return blocks;
}

EncoderBlocks RewardModel::encoder_of(const std::vector<at::Tensor>& blocks) const {
  if (settings_.attends)
    return {blocks[1], blocks[2], blocks[3]};
  return {blocks[1], {}, blocks[2]};
}

LatentPeople RewardModel::people_by_encoder(const std::vector<at::Tensor>& blocks) const {
  check(settings_.user == UserInput::variational, "an encoder is asked for that is not there");
  return latent_people(encoder_of(blocks), told_.difference, told_.person, blocks[0].size(1));
}

at::Tensor RewardModel::influences(const std::vector<at::Tensor>& blocks) const {
  check(settings_.user == UserInput::linked, "links are asked for that the model does not know");
  return influence_of_links(links_, blocks[k_influence_block]);
}

std::map<std::string, at::Tensor> RewardModel::named_parameters(const at::Tensor& row, const at::Tensor& known) const {
  return named_parameters(for_scoring(block_views(layout_, row.unsqueeze(0)), known), 0);
}

std::map<std::string, at::Tensor> RewardModel::named_parameters(const std::vector<at::Tensor>& blocks,
                                                                std::int64_t k) const {
  const auto used = [&](std::size_t i) {  // [outputs, inputs], without padding
    const ParameterBlock& block = layout_.blocks[i];
    return blocks[i][k].narrow(0, 0, block.used_rows).narrow(1, 0, block.used_columns).t().detach().cpu();
  };
  std::map<std::string, at::Tensor> named;
  const auto keep = [&named](const std::string& name, const at::Tensor& values) {
    named[name] = values.contiguous().clone();
  };
  if (has_generic()) {
    const at::Tensor generic = used(k_generic_block).t();
    keep("generic_embedding", generic[0]);
    keep("user_embedding", used(0).t() + generic);
  } else if (own_ > 0) {
    keep("user_embedding", used(0).t());
  }
  if (head_) {
    for (std::size_t i = output_block_; i < output_block_ + score_blocks_; ++i)
      keep(layout_.blocks[i].name.substr(std::string_view("head.").size()), used(i));
  }
  const Likelihood& likelihood = likelihood_of(settings_.likelihood);
  if (likelihood.has_spread())
    keep("spread.weight", used(static_cast<std::size_t>(layout_.find("spread"))).select(1, 0));
  const std::vector<std::string> numbers = likelihood.numbers();
  if (!numbers.empty()) {
    const at::Tensor meaning = likelihood.meaning(blocks.back()[k].view({-1}).detach().cpu());
    for (std::size_t i = 0; i < numbers.size(); ++i)
      keep("likelihood." + numbers[i], meaning.narrow(0, static_cast<std::int64_t>(i), 1));
  }
  if (head_ && settings_.head == Head::linear)
    return named;
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
  if (!head_)
    keep("output.weight", used(next)[0]);
  return named;
}

}  // namespace fairsweep
