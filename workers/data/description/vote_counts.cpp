#include "workers/data/description/vote_counts.hpp"

#include <algorithm>
#include <span>

#include "workers/data/description/quantile.hpp"

namespace fairsweep {

VoteCounts count_votes(const PairVotes& votes) {
  VoteCounts counts;
  std::vector<Voice> voices;
  std::vector<std::int32_t> per_pair;
  per_pair.reserve(votes.pair_count());
  for (std::size_t at = 0; at < votes.pair_count(); ++at) {
    voices_of(votes.votes(at), {}, voices);
    per_pair.push_back(static_cast<std::int32_t>(voices.size()));
    std::size_t ordered = 0, low = 0, high = 0, tied = 0, all_low = 0, all_high = 0;
    for (const Voice& voice : voices) {
      counts.ties += voice.ties;
      counts.answers += voice.ties + voice.ordered;
      ordered += voice.ordered > 0 ? 1 : 0;
      low += voice.ordered > 0 && voice.prefers_low == 1 ? 1 : 0;
      high += voice.ordered > 0 && voice.prefers_low == 0 ? 1 : 0;
      tied += voice.ordered == 0 ? 1 : 0;
      all_low += voice.ordered > 0 && voice.prefers_low == 1 && voice.ties == 0 ? 1 : 0;
      all_high += voice.ordered > 0 && voice.prefers_low == 0 && voice.ties == 0 ? 1 : 0;
    }
    counts.votes += std::ssize(voices);
    counts.ordered_by_two += ordered >= 2 ? 1 : 0;
    counts.unanimous += ordered >= 2 && (low == ordered || high == ordered) ? 1 : 0;
    if (voices.size() >= 2) {
      ++counts.by_two;
      counts.unanimous_with_ties +=
          all_low == voices.size() || all_high == voices.size() || tied == voices.size() ? 1 : 0;
    }
  }
  std::sort(per_pair.begin(), per_pair.end());
  counts.pairs = std::ssize(per_pair);
  counts.least_per_pair = per_pair.empty() ? 0 : per_pair.front();
  counts.most_per_pair = per_pair.empty() ? 0 : per_pair.back();
  counts.median_per_pair = quantile_of_sorted(std::span<const std::int32_t>(per_pair), 0.5);
  return counts;
}

}  // namespace fairsweep
