#include <algorithm>
#include <numeric>
#include <utility>

#include "workers/trainer/embedding/embed.hpp"

namespace fairsweep {

std::vector<std::vector<std::size_t>> batches_of(const TokenisedTexts& texts, std::int64_t batch, bool equal_lengths) {
  std::vector<std::size_t> order(texts.count());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return texts.length(a) > texts.length(b); });
  std::vector<std::vector<std::size_t>> batches;
  for (const std::size_t text : order) {
    const bool fits = !batches.empty() && std::cmp_less(batches.back().size(), batch) &&
                      (!equal_lengths || texts.length(batches.back().front()) == texts.length(text));
    if (!fits) {
      batches.emplace_back();
    }
    batches.back().push_back(text);
  }
  return batches;
}

TokenBatch padded(const TokenisedTexts& texts, std::vector<std::size_t> batch) {
  std::size_t longest = 0;
  for (const std::size_t text : batch) {
    longest = std::max(longest, texts.length(text));
  }
  TokenBatch result;
  const auto rows = static_cast<std::int64_t>(batch.size());
  result.tokens = at::zeros({rows, static_cast<std::int64_t>(longest)}, at::kLong);
  result.mask = at::zeros_like(result.tokens);
  for (std::size_t row = 0; row < batch.size(); ++row) {
    const auto first = static_cast<std::ptrdiff_t>(texts.offset[batch[row]]);
    const auto length = static_cast<std::ptrdiff_t>(texts.length(batch[row]));
    std::copy_n(texts.tokens.begin() + first, length, result.tokens.data_ptr<std::int64_t>() + row * longest);
    std::copy_n(texts.mask.begin() + first, length, result.mask.data_ptr<std::int64_t>() + row * longest);
  }
  result.texts = std::move(batch);
  return result;
}

}  // namespace fairsweep
