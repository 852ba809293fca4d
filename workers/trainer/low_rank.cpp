#include "workers/trainer/low_rank.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"  // for padded

namespace fairsweep {

LowRank::LowRank(const ParameterLayout& layout, std::int64_t rank) : layout_(layout) {
  check(rank >= 1, "a low-rank stage has a rank");
  const auto add = [this](ParameterBlock block) {
    block.offset = numbers_.size;
    numbers_.size += padded(block.count());
    numbers_.blocks.push_back(std::move(block));
  };
  parts_.reserve(layout.blocks.size());
  for (const ParameterBlock& block : layout.blocks) {
    const bool factored = !block.of_people && std::min(block.used_rows, block.used_columns) > rank;
    parts_.push_back({numbers_.blocks.size(), factored});
    if (!factored) {
      add(block);
      continue;
    }
    ParameterBlock in = block;
    in.name = block.name + ".in";
    in.columns = rank;
    in.used_columns = rank;
    in.deviation = 1 / std::sqrt(static_cast<double>(block.used_rows));
    in.last_row_is_bias = false;
    ParameterBlock out = block;
    out.name = block.name + ".out";
    out.rows = rank;
    out.used_rows = rank;
    out.deviation = 0;
    out.last_row_is_bias = false;
    add(std::move(in));
    add(std::move(out));
  }
}

at::Tensor LowRank::start(const at::Tensor& base, const RandomKey& key) const {
  ParameterLayout drawn = numbers_;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (!parts_[i].factored)
      drawn.blocks[parts_[i].first].deviation = 0;
  }
  at::Tensor row = start_values(drawn, key, base.scalar_type());
  const std::vector<at::Tensor> from = block_views(layout_, base.unsqueeze(0));
  const std::vector<at::Tensor> to = block_views(numbers_, row.unsqueeze(0));
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (!parts_[i].factored)
      to[parts_[i].first].copy_(from[i]);
  }
  return row;
}

void LowRank::build(const at::Tensor& base, const at::Tensor& numbers, const at::Tensor& parameters) const {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  const std::vector<at::Tensor> start = block_views(layout_, base);
  const std::vector<at::Tensor> trained = block_views(numbers_, numbers);
  const std::vector<at::Tensor> made = block_views(layout_, parameters);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const std::size_t first = parts_[i].first;
    at::Tensor block = made[i];
    if (parts_[i].factored) {
      at::add_out(block, start[i], at::bmm(trained[first], trained[first + 1]));
    } else {
      block.copy_(trained[first]);
    }
  }
}

void LowRank::pull_back(const at::Tensor& gradient, const at::Tensor& numbers, const at::Tensor& result) const {
  const at::AutoDispatchBelowADInplaceOrView no_automatic_gradients;
  const std::vector<at::Tensor> of_block = block_views(layout_, gradient);
  const std::vector<at::Tensor> trained = block_views(numbers_, numbers);
  const std::vector<at::Tensor> into = block_views(numbers_, result);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const std::size_t first = parts_[i].first;
    at::Tensor in = into[first];
    if (!parts_[i].factored) {
      in.copy_(of_block[i]);
      continue;
    }
    at::Tensor out = into[first + 1];
    at::bmm_out(in, of_block[i], trained[first + 1].transpose(1, 2));
    at::bmm_out(out, trained[first].transpose(1, 2), of_block[i]);
  }
}

}  // namespace fairsweep
