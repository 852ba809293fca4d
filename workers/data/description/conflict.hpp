#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "workers/data/description/pair_votes.hpp"

namespace fairsweep {

/// How often the majorities of two groups are opposite, for every two of `groups` groups.
class ConflictMatrix {
 public:
  explicit ConflictMatrix(std::size_t groups) : groups_(groups), cells_(groups * groups) {}

  struct Cell {
    std::int64_t shared = 0;    ///< pairs of candidates on which both groups have a clear majority
    std::int64_t opposite = 0;  ///< of these, with different favourites
  };
  [[nodiscard]] std::size_t groups() const { return groups_; }
  [[nodiscard]] Cell& at(std::size_t one, std::size_t other) {
    return cells_[std::min(one, other) * groups_ + std::max(one, other)];
  }
  [[nodiscard]] const Cell& at(std::size_t one, std::size_t other) const {
    return cells_[std::min(one, other) * groups_ + std::max(one, other)];
  }

 private:
  std::size_t groups_;
  std::vector<Cell> cells_;
};

/// Each person has one voice a pair. A tie says nothing, and a group whose voices balance has no majority. Where the
/// groups have few votes a pair, chance alone makes majorities opposite: two groups of one mind that answer a pair
/// once each, right with probability p, disagree on 2 p (1 - p) of the pairs.
/// Cost: O(answers + pairs times the groups present in each, squared).
[[nodiscard]] ConflictMatrix conflict_between(const PairVotes& votes, const VoteGroups& groups, std::size_t count);

}  // namespace fairsweep
