#include "workers/trainer/parameter_layout.hpp"

#include <algorithm>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"  // for padded
#include "workers/trainer/likelihoods/likelihood.hpp"
#include "workers/trainer/user_models/head_math.hpp"  // for inverse_root

namespace fairsweep {
namespace {

/// Small enough that a linear model starts near indifference, not zero, so that replicates start apart.
constexpr double k_linear_deviation = 0.01;
constexpr double k_embedding_deviation = 0.1;

std::int64_t user_size(const ModelSettings& model, std::int64_t features, std::int64_t user_features) {
  switch (model.user) {
    case UserInput::none:
      return 0;
    case UserInput::features:
      return user_features;
    case UserInput::embedding:
    case UserInput::offset:
    case UserInput::variational:
    case UserInput::linked:
      return model.embedding_size;
    case UserInput::history:
      return features;
    case UserInput::reward_features:
    case UserInput::low_rank:
    case UserInput::personas:
    case UserInput::ideal_point:
      return 0;
  }
  return 0;
}

}  // namespace

std::size_t ParameterLayout::of_likelihood() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      blocks, [](const ParameterBlock& block) { return block.name == "spread" || block.name == "likelihood"; }));
}

std::int64_t ParameterLayout::learned_numbers(std::int64_t people) const {
  std::int64_t numbers = 0;
  for (const ParameterBlock& block : blocks)
    numbers += (block.name == "embedding" ? people : block.used_rows) * block.used_columns;
  return numbers;
}

std::int64_t ParameterLayout::find(const std::string& name) const {
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].name == name)
      return static_cast<std::int64_t>(i);
  }
  return -1;
}

ParameterLayout make_layout(const ModelSettings& model, std::int64_t features, std::int64_t users,
                            std::int64_t user_features, std::int64_t links) {
  if (model.user == UserInput::features && user_features == 0) {
    throw UserError(ExitCode::configuration,
                    "model.user is \"features\", but the data have no user features; use none, embedding or history");
  }
  ParameterLayout layout;
  const auto add = [&layout](std::string name, std::int64_t rows, std::int64_t columns, std::int64_t used_rows,
                             std::int64_t used_columns, double deviation, bool bias_row) {
    layout.blocks.push_back(
        {std::move(name), layout.size, rows, columns, used_rows, used_columns, deviation, bias_row});
    layout.size += padded(rows * columns);
  };
  const auto add_likelihood = [&](std::int64_t stored, std::int64_t used) {
    const Likelihood& likelihood = likelihood_of(model.likelihood);
    if (likelihood.has_spread())
      add("spread", 1, stored, 1, used, 0, false);
    const auto numbers = static_cast<std::int64_t>(likelihood.numbers().size());
    if (numbers > 0)
      add("likelihood", 1, numbers, 1, numbers, 0, false);
  };
  const auto head = make_user_head(model);
  const std::int64_t own = own_numbers(model);
  const bool own_input = own > 0 && !head;
  const bool encodes = model.user == UserInput::variational;
  if (own > 0) {
    const double deviation = head ? head->own_deviation() : encodes ? 0 : k_embedding_deviation;
    add("embedding", users, own, users, own, deviation, false);
    layout.blocks.back().of_people = true;
  }
  if (model.user == UserInput::offset || model.user == UserInput::linked)
    add("generic", 1, own, 1, own, k_embedding_deviation, false);
  if (model.user == UserInput::linked) {
    add("influence", links + 1, 1, links + 1, 1, 0, false);
    layout.blocks.back().of_people = true;
  }
  if (encodes) {
    const std::int64_t hidden = model.head_size;
    add("encoder.input", features + 1, hidden, features + 1, hidden, inverse_root(features), true);
    if (model.attends)
      add("encoder.query", hidden, 1, hidden, 1, 0, false);
    add("encoder.posterior", hidden + 1, 2 * own, hidden + 1, 2 * own, inverse_root(hidden), true);
  }
  const auto add_head = [&](std::int64_t stored, std::int64_t inputs) {
    for (const SharedMatrix& matrix : head->shared(inputs)) {
      add("head." + matrix.name, matrix.from_trunk ? stored : matrix.inputs, matrix.outputs, matrix.inputs,
          matrix.outputs, matrix.deviation, false);
    }
  };
  const std::int64_t z = user_size(model, features, user_features);
  const double user_deviation = own_input ? inverse_root(z) : k_linear_deviation;
  if (model.head == Head::linear) {
    if (head)
      add_head(features, features);
    else
      add("user", z + 1, features, z + 1, features, user_deviation, false);
    add_likelihood(features, features);
    return layout;
  }
  const std::int64_t width = model.width;
  const std::int64_t stored = padded(width);
  add("user", z + 1, stored, z + 1, width, inverse_root(z), true);
  add("input", features, stored, features, width, inverse_root(features), false);
  for (std::int64_t layer = 1; layer < model.depth; ++layer) {
    add("hidden." + std::to_string(layer), stored, stored, width, width, inverse_root(width), false);
    add("bias." + std::to_string(layer), 1, stored, 1, width, 0, false);
  }
  if (head)
    add_head(stored, width);
  else
    add("output", stored, 1, width, 1, inverse_root(width), false);
  add_likelihood(stored, width);
  return layout;
}

double apart_factor(const ModelSettings& model, std::int64_t features) {
  const bool near_zero = model.head == Head::linear && own_numbers(model) == 0;
  return near_zero ? inverse_root(features) / k_linear_deviation : 1;
}

std::vector<at::Tensor> block_views(const ParameterLayout& layout, const at::Tensor& rows) {
  std::vector<at::Tensor> views;
  views.reserve(layout.blocks.size());
  for (const ParameterBlock& block : layout.blocks) {
    views.push_back(rows.narrow(1, block.offset, block.count()).view({rows.size(0), block.rows, block.columns}));
  }
  return views;
}

}  // namespace fairsweep
