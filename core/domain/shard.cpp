#include "core/domain/shard.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

constexpr std::uint32_t k_most_shards = 100000;
constexpr std::size_t k_most_named = 4;

}  // namespace

bool Shard::holds(TrialId trial) const {
  return only.empty() ? trial.value % count == index : std::binary_search(only.begin(), only.end(), trial);
}

std::size_t Shard::size(std::size_t trials) const {
  if (only.empty()) {
    return (trials + count - 1 - index) / count;
  }
  return static_cast<std::size_t>(
      std::count_if(only.begin(), only.end(), [trials](TrialId trial) { return trial.value < trials; }));
}

bool Shard::valid() const {
  return count > 0 && index < count && std::adjacent_find(only.begin(), only.end(), std::greater_equal{}) == only.end();
}

std::string to_text(const Shard& shard) {
  if (shard.only.empty()) {
    return std::to_string(shard.index + 1) + "/" + std::to_string(shard.count);
  }
  std::string text = shard.only.size() == 1 ? "trial " : "trials ";
  const std::size_t named = shard.only.size() > k_most_named + 1 ? k_most_named : shard.only.size();
  for (std::size_t i = 0; i < named; ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shard.only[i].value);
  }
  return named == shard.only.size() ? text : text + " and " + std::to_string(shard.only.size() - named) + " more";
}

Shard read_shard(const std::string& text) {
  std::uint32_t number = 0, count = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, number);
  const bool slash = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
  const auto second = slash ? std::from_chars(first.ptr + 1, end, count) : first;
  if (!slash || second.ec != std::errc() || second.ptr != end || number < 1 || number > count ||
      count > k_most_shards) {
    throw UserError(ExitCode::configuration, "--shard \"" + text +
                                                 "\" is none; write 2/8 for the second of eight, at most " +
                                                 std::to_string(k_most_shards) + " shards");
  }
  return {number - 1, count, {}};
}

}  // namespace fairsweep
