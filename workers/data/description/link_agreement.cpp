#include "workers/data/description/link_agreement.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

namespace fairsweep {

namespace {

/// Others that each person is linked with in either direction and whose number is higher, so that two people are met
/// once.
std::vector<std::vector<std::int32_t>> higher_neighbours(const UserLinks& links, std::int64_t users) {
  std::vector<std::vector<std::int32_t>> neighbours(static_cast<std::size_t>(users));
  for (std::size_t row = 0; row < links.from.size(); ++row) {
    const auto [low, high] = std::minmax(links.from[row], links.to[row]);
    neighbours[static_cast<std::size_t>(low)].push_back(high);
  }
  for (std::vector<std::int32_t>& of_one : neighbours) {
    std::sort(of_one.begin(), of_one.end());
    of_one.erase(std::unique(of_one.begin(), of_one.end()), of_one.end());
  }
  return neighbours;
}

}  // namespace

LinkAgreement link_agreement(const UserLinks& links, const PairVotes& votes, std::int64_t users,
                             const Disagreement& all) {
  LinkAgreement found;
  found.links = links.count();
  found.weighted = !links.weight.empty();
  std::vector<std::int32_t> listeners = links.from;
  std::sort(listeners.begin(), listeners.end());
  found.people = std::unique(listeners.begin(), listeners.end()) - listeners.begin();

  const std::vector<std::vector<std::int32_t>> neighbours = higher_neighbours(links, users);
  constexpr std::size_t k_silent = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> voice_of(static_cast<std::size_t>(users), k_silent);
  std::vector<Voice> voices;
  double linked = 0;
  for (std::size_t pair = 0; pair < votes.pair_count(); ++pair) {
    voices_of(votes.votes(pair), {}, voices);
    std::erase_if(voices, [](const Voice& voice) { return voice.ordered == 0; });
    for (std::size_t at = 0; at < voices.size(); ++at) {
      voice_of[static_cast<std::size_t>(voices[at].user)] = at;
    }
    for (const Voice& one : voices) {
      for (const std::int32_t other : neighbours[static_cast<std::size_t>(one.user)]) {
        const std::size_t at = voice_of[static_cast<std::size_t>(other)];
        if (at != k_silent) {
          const double m = one.prefers_low;
          const double w = voices[at].prefers_low;
          linked += m * w + (1 - m) * (1 - w);
          ++found.linked_answer_pairs;
        }
      }
    }
    for (const Voice& voice : voices) {
      voice_of[static_cast<std::size_t>(voice.user)] = k_silent;
    }
  }
  constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
  found.unlinked_answer_pairs = all.answer_pairs - found.linked_answer_pairs;
  const double agreeing = all.answer_pairs == 0 ? 0 : (1 - all.pooled) * static_cast<double>(all.answer_pairs);
  found.linked_agreement =
      found.linked_answer_pairs == 0 ? k_nan : linked / static_cast<double>(found.linked_answer_pairs);
  found.unlinked_agreement =
      found.unlinked_answer_pairs == 0 ? k_nan : (agreeing - linked) / static_cast<double>(found.unlinked_answer_pairs);
  return found;
}

}  // namespace fairsweep
