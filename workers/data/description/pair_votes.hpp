#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// What a comparison says about two candidates; `low` is the one with the lower row.
enum class PairAnswer : std::uint8_t { low, high, tie };

/// One comparison's answer to one pair of candidates.
struct PairVote {
  std::int64_t comparison = 0;
  std::int64_t high = 0;  ///< row of the pair's other candidate
  std::int32_t user = 0;
  PairAnswer answer = PairAnswer::tie;
};

/// Two candidates of one context, and where their votes begin in PairVotes::all().
struct JudgedPair {
  std::int64_t low = 0, high = 0;
  std::size_t begin = 0;
};

/// Every answer of a data set to every pair of candidates. A comparison answers the pairs it orders: each of the first
/// `ranked` candidates against all after it; a tie answers all of its pairs, with a tie. So a pair is one answer, a
/// choice of one of n is n - 1, a full ranking or a tie of n is n (n - 1) / 2.
class PairVotes {
 public:
  /// Cost: O(v log w) for v answers, of which w share their lower candidate; 24 bytes each, and 24 a pair.
  explicit PairVotes(const PreferenceData& data);

  [[nodiscard]] std::size_t pair_count() const { return pairs_.size() - 1; }
  /// By lower, then higher row: pairs of one context are neighbours.
  [[nodiscard]] const JudgedPair& pair(std::size_t at) const { return pairs_[at]; }
  /// The answers to a pair, by user, then comparison.
  [[nodiscard]] std::span<const PairVote> votes(std::size_t at) const {
    return std::span(votes_).subspan(pairs_[at].begin, pairs_[at + 1].begin - pairs_[at].begin);
  }
  [[nodiscard]] std::span<const PairVote> all() const { return votes_; }

 private:
  std::vector<PairVote> votes_;
  std::vector<JudgedPair> pairs_;  // and one behind the last, for its `begin`
};

/// The group of a vote: 0 for all, or the code of an attribute of its user or of its comparison (-1: not known).
class VoteGroups {
 public:
  VoteGroups() = default;
  [[nodiscard]] static VoteGroups by_user(std::span<const std::int32_t> codes) { return {codes, {}}; }
  [[nodiscard]] static VoteGroups by_comparison(std::span<const std::int32_t> codes) { return {{}, codes}; }

  [[nodiscard]] std::int32_t of(const PairVote& vote) const {
    return !user_.empty()         ? user_[static_cast<std::size_t>(vote.user)]
           : !comparison_.empty() ? comparison_[static_cast<std::size_t>(vote.comparison)]
                                  : 0;
  }

 private:
  VoteGroups(std::span<const std::int32_t> user, std::span<const std::int32_t> comparison)
      : user_(user), comparison_(comparison) {}

  std::span<const std::int32_t> user_, comparison_;
};

/// What one person, speaking for one group, says about a pair. Who answers a pair five times has one voice, not five.
struct Voice {
  std::int32_t user = 0;
  std::int32_t group = 0;
  std::int32_t ordered = 0;  ///< answers that say which is better
  std::int32_t ties = 0;
  double prefers_low = 0;  ///< share of the ordered answers, 0 to 1; 0 where there are none
};

/// The voices of a pair, by user; `voices` is cleared first. O(votes times groups of one person).
void voices_of(std::span<const PairVote> votes, const VoteGroups& groups, std::vector<Voice>& voices);

}  // namespace fairsweep
