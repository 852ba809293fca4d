#include "workers/trainer/user_models/linked.hpp"

#include <cmath>
#include <cstdint>

#include "objectives/training/batch_tools.hpp"  // for padded

namespace fairsweep {
namespace {

const double k_scale = k_start_influence / std::log(2.0);
constexpr double k_nothing = -1e4;  // its softplus is 0 in float and in double

/// One link of each comparison's person: the d-th.
struct OneLink {
  at::Tensor other, link;  ///< [K, B] int64
  at::Tensor argument;     ///< [K, B] a_uv + a
  at::Tensor factor;       ///< [K, B] c s_uv / log 2
};

OneLink link_at(const LinkTensors& links, const at::Tensor& influence, const at::Tensor& user, std::int64_t d) {
  const at::Tensor flat = user.reshape({-1});
  const auto of_person = [&](const at::Tensor& values) {
    return values.select(1, d).index_select(0, flat).view(user.sizes());
  };
  OneLink one{of_person(links.other), of_person(links.link), {}, of_person(links.share) * k_scale};
  const at::Tensor raw = influence.squeeze(-1);
  one.argument = raw.gather(1, one.link) + raw.narrow(1, links.count, 1);
  return one;
}

at::Tensor rows_of(const at::Tensor& table, const at::Tensor& person) {
  return table.gather(1, person.unsqueeze(-1).expand({person.size(0), person.size(1), table.size(2)}));
}

void add_to_rows(const at::Tensor& table, const at::Tensor& person, const at::Tensor& values) {
  table.scatter_add_(1, person.unsqueeze(-1).expand(values.sizes()), values);
}

}  // namespace

at::Tensor linked_numbers(const LinkTensors& links, const at::Tensor& table, const at::Tensor& influence,
                          const at::Tensor& user) {
  at::Tensor numbers = rows_of(table, user);
  for (std::int64_t d = 0; d < links.other.size(1); ++d) {  // one after another: the same sum in every pack
    const OneLink one = link_at(links, influence, user, d);
    const at::Tensor tau = one.factor * at::softplus(one.argument);
    numbers.addcmul_(rows_of(table, one.other), tau.unsqueeze(-1));
  }
  return numbers;
}

void linked_back(const LinkTensors& links, const at::Tensor& table, const at::Tensor& influence, const at::Tensor& user,
                 const at::Tensor& gradient, const at::Tensor& table_gradient, const at::Tensor& influence_gradient) {
  table_gradient.zero_();
  influence_gradient.zero_();
  add_to_rows(table_gradient, user, gradient);
  const at::Tensor of_raw = influence_gradient.squeeze(-1);
  const at::Tensor of_level = of_raw.select(1, links.count);
  for (std::int64_t d = 0; d < links.other.size(1); ++d) {
    const OneLink one = link_at(links, influence, user, d);
    const at::Tensor tau = one.factor * at::softplus(one.argument);
    add_to_rows(table_gradient, one.other, gradient * tau.unsqueeze(-1));
    const at::Tensor of_tau = (gradient * rows_of(table, one.other)).sum(-1);
    const at::Tensor of_argument = of_tau * one.factor * at::sigmoid(one.argument);
    of_raw.scatter_add_(1, one.link, of_argument);
    of_level.add_(of_argument.sum(-1));
  }
}

at::Tensor influence_of_links(const LinkTensors& links, const at::Tensor& influence) {
  const at::Tensor raw = influence.squeeze(-1);
  const std::int64_t models = raw.size(0);
  // Blocks of a multiple of 32 a model, as everywhere.
  at::Tensor argument = at::zeros({models, padded(links.count)}, raw.options());
  argument.narrow(1, 0, links.count).copy_(raw.narrow(1, 0, links.count) + raw.narrow(1, links.count, 1));
  const at::Tensor places = links.share.reshape({-1}).nonzero().squeeze(1);
  at::Tensor share = at::zeros({links.count}, raw.options());
  share.index_copy_(0, links.link.reshape({-1}).index_select(0, places),
                    links.share.reshape({-1}).index_select(0, places).to(raw.scalar_type()));
  return at::softplus(argument).narrow(1, 0, links.count) * (share * k_scale).unsqueeze(0);
}

at::Tensor no_influence(const at::Tensor& influence) {
  at::Tensor nothing = at::zeros_like(influence);
  nothing.narrow(1, influence.size(1) - 1, 1).fill_(k_nothing);
  return nothing;
}

}  // namespace fairsweep
