#include "workers/data/description/pair_votes.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace fairsweep {
namespace {

/// Calls use(low, high, answer) for every pair of candidates that comparison `row` answers.
template <typename Use>
void each_answer(const PreferenceData& data, std::size_t row, Use use) {
  const auto begin = static_cast<std::size_t>(data.comparison_offset[row]);
  const auto end = static_cast<std::size_t>(data.comparison_offset[row + 1]);
  const auto ranked = static_cast<std::size_t>(data.comparison_ranked[row]);
  const std::size_t last = ranked == 0 ? end : begin + ranked;
  for (std::size_t one = begin; one < last; ++one) {
    for (std::size_t other = one + 1; other < end; ++other) {
      const std::int64_t better = data.comparison_candidate[one], worse = data.comparison_candidate[other];
      const bool rises = better < worse;
      use(rises ? better : worse, rises ? worse : better,
          ranked == 0 ? PairAnswer::tie : (rises ? PairAnswer::low : PairAnswer::high));
    }
  }
}

}  // namespace

PairVotes::PairVotes(const PreferenceData& data) {
  // Counted first and then put where they belong: nothing is held twice, and only short stretches are sorted.
  const auto rows = static_cast<std::size_t>(data.comparison_count());
  std::vector<std::size_t> place(static_cast<std::size_t>(data.candidate_count) + 1, 0);
  for (std::size_t row = 0; row < rows; ++row) {
    each_answer(data, row,
                [&](std::int64_t low, std::int64_t, PairAnswer) { ++place[static_cast<std::size_t>(low) + 1]; });
  }
  votes_.resize(std::accumulate(place.begin(), place.end(), std::size_t{0}));
  std::partial_sum(place.begin(), place.end(), place.begin());
  for (std::size_t row = 0; row < rows; ++row) {
    each_answer(data, row, [&](std::int64_t low, std::int64_t high, PairAnswer answer) {
      votes_[place[static_cast<std::size_t>(low)]++] = {static_cast<std::int64_t>(row), high, data.comparison_user[row],
                                                        answer};
    });
  }
  // `place` has moved on: the votes of candidate c now end at place[c].
  std::size_t pairs = 1;
  const auto each_stretch = [&](auto use) {
    for (std::size_t low = 0, begin = 0; low + 1 < place.size(); begin = place[low++]) {
      use(static_cast<std::int64_t>(low), begin, place[low]);
    }
  };
  each_stretch([&](std::int64_t, std::size_t begin, std::size_t end) {
    std::sort(votes_.begin() + static_cast<std::ptrdiff_t>(begin), votes_.begin() + static_cast<std::ptrdiff_t>(end),
              [](const PairVote& left, const PairVote& right) {
                return std::tie(left.high, left.user, left.comparison) <
                       std::tie(right.high, right.user, right.comparison);
              });
    for (std::size_t at = begin; at < end; ++at) {
      pairs += at == begin || votes_[at].high != votes_[at - 1].high ? 1 : 0;
    }
  });
  pairs_.reserve(pairs);
  each_stretch([&](std::int64_t low, std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end; ++at) {
      if (at == begin || votes_[at].high != votes_[at - 1].high) {
        pairs_.push_back({low, votes_[at].high, at});
      }
    }
  });
  pairs_.push_back({0, 0, votes_.size()});
}

void voices_of(std::span<const PairVote> votes, const VoteGroups& groups, std::vector<Voice>& voices) {
  voices.clear();
  std::size_t first = 0;  // voice of the present user
  for (const PairVote& vote : votes) {
    const std::int32_t group = groups.of(vote);
    if (first < voices.size() && voices[first].user != vote.user) {
      first = voices.size();
    }
    std::size_t at = first;
    while (at < voices.size() && voices[at].group != group) {
      ++at;
    }
    if (at == voices.size()) {
      voices.push_back({vote.user, group, 0, 0, 0});
    }
    voices[at].ties += vote.answer == PairAnswer::tie ? 1 : 0;
    voices[at].ordered += vote.answer == PairAnswer::tie ? 0 : 1;
    voices[at].prefers_low += vote.answer == PairAnswer::low ? 1 : 0;
  }
  for (Voice& voice : voices) {
    voice.prefers_low /= std::max(1, voice.ordered);
  }
}

}  // namespace fairsweep
