#include "workers/data/description/conflict.hpp"

#include <cmath>
#include <utility>

namespace fairsweep {

ConflictMatrix conflict_between(const PairVotes& votes, const VoteGroups& groups, std::size_t count) {
  constexpr double k_balanced = 1e-9;  // shares of repeated answers are thirds and the like
  ConflictMatrix matrix(count);
  std::vector<Voice> voices;
  std::vector<double> balance(count, 0);
  std::vector<bool> seen(count, false);
  std::vector<std::size_t> present;
  std::vector<std::pair<std::size_t, bool>> majorities;
  for (std::size_t at = 0; at < votes.pair_count(); ++at) {
    voices_of(votes.votes(at), groups, voices);
    present.clear();
    majorities.clear();
    for (const Voice& voice : voices) {
      if (voice.group < 0 || voice.ordered == 0) {
        continue;
      }
      const auto group = static_cast<std::size_t>(voice.group);
      if (!seen[group]) {
        seen[group] = true;
        present.push_back(group);
      }
      balance[group] += 2 * voice.prefers_low - 1;
    }
    for (const std::size_t group : present) {
      if (std::fabs(balance[group]) > k_balanced) {
        majorities.emplace_back(group, balance[group] > 0);
      }
      balance[group] = 0;
      seen[group] = false;
    }
    for (std::size_t one = 0; one < majorities.size(); ++one) {
      for (std::size_t other = one + 1; other < majorities.size(); ++other) {
        ConflictMatrix::Cell& cell = matrix.at(majorities[one].first, majorities[other].first);
        ++cell.shared;
        cell.opposite += majorities[one].second != majorities[other].second ? 1 : 0;
      }
    }
  }
  return matrix;
}

}  // namespace fairsweep
