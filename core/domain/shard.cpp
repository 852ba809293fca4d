#include "core/domain/shard.hpp"

#include <charconv>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

constexpr std::uint32_t k_most_shards = 100000;

}  // namespace

std::string to_text(const Shard& shard) { return std::to_string(shard.index + 1) + "/" + std::to_string(shard.count); }

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
  return {number - 1, count};
}

}  // namespace fairsweep
