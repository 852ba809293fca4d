#include "workers/trainer/parameter_layout.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"  // for padded

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
      return model.embedding_size;
    case UserInput::history:
      return features;
  }
  return 0;
}

double inverse_root(std::int64_t count) {
  return 1.0 / std::sqrt(static_cast<double>(std::max<std::int64_t>(1, count)));
}

}  // namespace

std::int64_t ParameterLayout::find(const std::string& name) const {
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].name == name)
      return static_cast<std::int64_t>(i);
  }
  return -1;
}

ParameterLayout make_layout(const ModelSettings& model, std::int64_t features, std::int64_t users,
                            std::int64_t user_features) {
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
  const std::int64_t z = user_size(model, features, user_features);
  if (model.user == UserInput::embedding) {
    add("embedding", users, model.embedding_size, users, model.embedding_size, k_embedding_deviation, false);
  }
  const double user_deviation = model.user == UserInput::embedding ? inverse_root(z) : k_linear_deviation;
  if (model.head == Head::linear) {
    add("user", z + 1, features, z + 1, features, user_deviation, false);
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
  add("output", stored, 1, width, 1, inverse_root(width), false);
  return layout;
}

double apart_factor(const ModelSettings& model, std::int64_t features) {
  const bool near_zero = model.head == Head::linear && model.user != UserInput::embedding;
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
