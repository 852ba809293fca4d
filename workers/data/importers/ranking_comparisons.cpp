#include "workers/data/importers/ranking_comparisons.hpp"

#include <algorithm>
#include <array>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

std::int64_t comparisons_of(
    const Ranking& ranking, bool keep_ties,
    const std::function<void(std::span<const std::int32_t> candidates, std::int32_t ranked)>& add) {
  const auto& candidates = ranking.candidates;
  check(ranking.level.size() == candidates.size(), "every ranked candidate has a level");
  const std::size_t all = candidates.size() + ranking.others.size();
  if (candidates.empty() || all < 2) {
    return 0;
  }
  if (std::adjacent_find(ranking.level.begin(), ranking.level.end()) == ranking.level.end()) {
    std::vector<std::int32_t> order = candidates;
    order.insert(order.end(), ranking.others.begin(), ranking.others.end());
    add(order, static_cast<std::int32_t>(std::min(candidates.size(), all - 1)));
    return 0;
  }
  std::int64_t ties_left_out = 0;
  for (std::size_t better = 0; better < candidates.size(); ++better) {
    for (std::size_t worse = better + 1; worse < candidates.size(); ++worse) {
      const bool tie = ranking.level[better] == ranking.level[worse];
      if (tie && !keep_ties) {
        ++ties_left_out;
        continue;
      }
      add(std::array{candidates[better], candidates[worse]}, tie ? 0 : 1);
    }
    for (const std::int32_t other : ranking.others) {
      add(std::array{candidates[better], other}, 1);
    }
  }
  return ties_left_out;
}

}  // namespace fairsweep
