#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace fairsweep {

/// What one user said of some candidates of one context.
struct Ranking {
  std::vector<std::int32_t> candidates;  ///< different, best first
  std::vector<std::int32_t> level;       ///< [candidates] from 0, the same or one more than the one before; same: tied
  std::vector<std::int32_t> others;      ///< further candidates, worse than all of these, without an order
};

/// Comparisons that say the same as a ranking. Without ties it is one. A comparison of the format is either in order or
/// one tie, so a ranking with ties becomes pairs: every two of different level, every two of the same as a tie where
/// `keep_ties`, and each candidate with each of the others. Nothing where there are fewer than two candidates.
/// @param add  receives candidates, best first, and how many of them are in order (0: a tie)
/// @return ties that were not kept
/// Cost: O(n), with ties O(n^2).
std::int64_t comparisons_of(
    const Ranking& ranking, bool keep_ties,
    const std::function<void(std::span<const std::int32_t> candidates, std::int32_t ranked)>& add);

}  // namespace fairsweep
