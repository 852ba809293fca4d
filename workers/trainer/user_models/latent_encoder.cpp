#include "workers/trainer/user_models/latent_encoder.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "objectives/training/batch_tools.hpp"  // for padded
#include "workers/trainer/layer_math.hpp"

namespace fairsweep {
namespace {

constexpr double k_cut = 1;
constexpr double k_least_square = 1e-12;  // a latent vector of nothing has a length
/// Exponents of attention are cut where all are read at once: far beyond what tanh times a query reaches.
constexpr double k_most_attention = 60;

at::Tensor length_of(const at::Tensor& unscaled) {
  return at::sqrt((unscaled * unscaled).sum(-1, true) + k_least_square);
}

double root_of(const at::Tensor& latent) { return std::sqrt(static_cast<double>(latent.size(-1))); }

/// Softmax over C of [K, C, B].
at::Tensor softmax_of_context(const at::Tensor& attention) {
  at::Tensor most = attention.select(1, 0);
  for (std::int64_t c = 1; c < attention.size(1); ++c)
    most = at::maximum(most, attention.select(1, c));
  const at::Tensor share = at::exp(attention - most.unsqueeze(1));
  at::Tensor total = share.select(1, 0).clone();
  for (std::int64_t c = 1; c < share.size(1); ++c)
    total.add_(share.select(1, c));
  return share / total.unsqueeze(1);
}

at::Tensor with_one(const at::Tensor& values) {
  return at::cat({values, at::ones({values.size(0), values.size(1), 1}, values.options())}, 2);
}

}  // namespace

at::Tensor scaled_latent(const at::Tensor& unscaled) { return unscaled / length_of(unscaled) * root_of(unscaled); }

at::Tensor divergence_of(const at::Tensor& mean, const at::Tensor& log_variance) {
  return (mean * mean + at::exp(log_variance) - log_variance - 1).sum(-1) * 0.5;
}

at::Tensor latent_numbers(const EncoderBlocks& blocks, const at::Tensor& told, const LatentDraw& draw,
                          EncoderTrace* trace) {
  EncoderTrace local;
  EncoderTrace& kept = trace != nullptr ? *trace : local;
  const std::int64_t models = draw.context.size(0);
  const std::int64_t told_each = draw.context.size(1);
  const std::int64_t batch = draw.context.size(2);
  kept.seen = told.index_select(0, draw.context.reshape({-1})).view({models, told_each * batch, told.size(1)});
  kept.hidden = at::bmm(kept.seen, blocks.input);
  tanh_layer(kept.hidden, {});
  const at::Tensor each = kept.hidden.view({models, told_each, batch, kept.hidden.size(2)});
  if (blocks.query.defined()) {
    kept.share = softmax_of_context(at::bmm(kept.hidden, blocks.query).view({models, told_each, batch}));
  } else {
    kept.share = at::full({models, told_each, batch}, 1.0 / static_cast<double>(told_each), told.options());
  }
  at::Tensor pooled = each.select(1, 0) * kept.share.select(1, 0).unsqueeze(-1);
  for (std::int64_t c = 1; c < told_each; ++c)
    pooled.addcmul_(each.select(1, c), kept.share.select(1, c).unsqueeze(-1));
  kept.pooled = with_one(pooled * draw.known.unsqueeze(-1));
  kept.raw = at::bmm(kept.pooled, blocks.posterior);
  const at::Tensor cut = at::clamp(kept.raw, -k_cut, k_cut);
  const std::int64_t size = cut.size(2) / 2;
  kept.mean = cut.narrow(2, 0, size).contiguous();
  kept.log_variance = cut.narrow(2, size, size).contiguous();
  kept.unscaled = draw.noise.defined() ? kept.mean + at::exp(kept.log_variance * 0.5) * draw.noise : kept.mean.clone();
  kept.length = length_of(kept.unscaled);
  return kept.unscaled / kept.length * root_of(kept.unscaled);
}

void latent_back(const EncoderBlocks& blocks, const LatentDraw& draw, const EncoderTrace& trace,
                 const at::Tensor& gradient, const EncoderBlocks& gradients) {
  const std::int64_t models = draw.context.size(0);
  const std::int64_t told_each = draw.context.size(1);
  const std::int64_t batch = draw.context.size(2);
  const at::Tensor& u = trace.unscaled;
  const at::Tensor along = (u * gradient).sum(-1, true) / (trace.length * trace.length);
  const at::Tensor of_unscaled = (gradient - u * along) / trace.length * root_of(u);
  const at::Tensor penalty = draw.penalty.unsqueeze(-1);
  const at::Tensor of_mean = of_unscaled + penalty * trace.mean;
  at::Tensor of_log_variance = penalty * (at::exp(trace.log_variance) - 1) * 0.5;
  if (draw.noise.defined())
    of_log_variance = of_log_variance + of_unscaled * draw.noise * at::exp(trace.log_variance * 0.5) * 0.5;
  // What was cut does not move.
  const at::Tensor moves = trace.raw.abs().le(k_cut).to(trace.raw.scalar_type());
  const at::Tensor of_raw = at::cat({of_mean, of_log_variance}, 2) * moves;
  at::Tensor of_posterior = gradients.posterior;
  at::bmm_out(of_posterior, trace.pooled.transpose(1, 2), of_raw);
  const std::int64_t hidden = trace.hidden.size(2);
  const at::Tensor of_pooled =
      at::bmm(of_raw, blocks.posterior.transpose(1, 2)).narrow(2, 0, hidden) * draw.known.unsqueeze(-1);
  const at::Tensor each = trace.hidden.view({models, told_each, batch, hidden});
  at::Tensor of_each = trace.share.unsqueeze(-1) * of_pooled.unsqueeze(1);
  if (blocks.query.defined()) {
    const at::Tensor of_share = (each * of_pooled.unsqueeze(1)).sum(-1);  // [K, C, B]
    at::Tensor mean = of_share.select(1, 0) * trace.share.select(1, 0);
    for (std::int64_t c = 1; c < told_each; ++c)
      mean.addcmul_(of_share.select(1, c), trace.share.select(1, c));
    const at::Tensor of_attention = trace.share * (of_share - mean.unsqueeze(1));
    const at::Tensor rows = of_attention.reshape({models, told_each * batch, 1});
    at::Tensor of_query = gradients.query;
    at::bmm_out(of_query, trace.hidden.transpose(1, 2), rows);
    of_each = of_each + of_attention.unsqueeze(-1) * blocks.query.view({models, 1, 1, hidden});
  }
  const at::Tensor of_hidden = of_each.reshape({models, told_each * batch, hidden}).contiguous();
  back_through_tanh(of_hidden, trace.hidden);
  at::Tensor of_input = gradients.input;
  at::bmm_out(of_input, trace.seen.transpose(1, 2), of_hidden);
}

LatentPeople latent_people(const EncoderBlocks& blocks, const at::Tensor& told, const at::Tensor& person,
                           std::int64_t people) {
  constexpr std::int64_t k_at_once = 4096;
  const std::int64_t models = blocks.input.size(0);
  const std::int64_t hidden = blocks.input.size(2);
  at::Tensor sum = at::zeros({models, people, hidden}, blocks.input.options());
  at::Tensor weight = at::zeros({models, people}, blocks.input.options());
  for (std::int64_t first = 0; first < told.size(0); first += k_at_once) {
    const std::int64_t count = std::min(k_at_once, told.size(0) - first);
    at::Tensor seen = at::zeros({padded(count), told.size(1)}, told.options());
    seen.narrow(0, 0, count).copy_(told.narrow(0, first, count));
    const at::Tensor each = at::bmm(seen.unsqueeze(0).expand({models, -1, -1}), blocks.input);
    tanh_layer(each, {});
    at::Tensor share = at::ones({models, padded(count)}, each.options());
    if (blocks.query.defined())
      share = at::exp(at::clamp(at::bmm(each, blocks.query).squeeze(-1), -k_most_attention, k_most_attention));
    share = share.narrow(1, 0, count);
    const at::Tensor who = person.narrow(0, first, count).unsqueeze(0).expand({models, count});
    weight.scatter_add_(1, who, share);
    sum.scatter_add_(1, who.unsqueeze(-1).expand({models, count, hidden}),
                     each.narrow(1, 0, count) * share.unsqueeze(-1));
  }
  const at::Tensor pooled = sum / at::where(weight > 0, weight, at::ones_like(weight)).unsqueeze(-1);
  const at::Tensor cut = at::clamp(at::bmm(with_one(pooled), blocks.posterior), -k_cut, k_cut);
  const std::int64_t size = cut.size(2) / 2;
  return {cut.narrow(2, 0, size).contiguous(), cut.narrow(2, size, size).contiguous()};
}

}  // namespace fairsweep
