#include "workers/data/description/disagreement.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "core/random/philox.hpp"

namespace fairsweep {
namespace {

constexpr std::uint64_t k_seed = 0x64697361;  // any number: the sample has to be the same every time

struct Opinion {
  std::int32_t person = 0;  // user, then place in the sample
  double prefers_low = 0;
};

/// The ordered voices of all pairs that at least two people ordered.
struct Opinions {
  std::vector<Opinion> all;
  std::vector<std::size_t> offset{0};

  [[nodiscard]] std::size_t pairs() const { return offset.size() - 1; }
  [[nodiscard]] std::span<const Opinion> of(std::size_t pair) const {
    return std::span(all).subspan(offset[pair], offset[pair + 1] - offset[pair]);
  }
  /// Drops a last pair that nobody shares.
  void close_pair() {
    if (all.size() - offset.back() < 2) {
      all.resize(offset.back());
    } else {
      offset.push_back(all.size());
    }
  }
};

Opinions opinions_of(const PairVotes& votes) {
  Opinions opinions;
  std::vector<Voice> voices;
  for (std::size_t at = 0; at < votes.pair_count(); ++at) {
    voices_of(votes.votes(at), {}, voices);
    for (const Voice& voice : voices) {
      if (voice.ordered > 0) {
        opinions.all.push_back({voice.user, voice.prefers_low});
      }
    }
    opinions.close_pair();
  }
  return opinions;
}

/// Places 0, 1, ... of the first `size` people of `order`; -1 for the others.
std::vector<std::int32_t> places_in(std::span<const std::int32_t> order, std::size_t size, std::int64_t users) {
  std::vector<std::int32_t> place(static_cast<std::size_t>(users), -1);
  for (std::size_t at = 0; at < size; ++at) {
    place[static_cast<std::size_t>(order[at])] = static_cast<std::int32_t>(at);
  }
  return place;
}

double work_of(const Opinions& opinions, const std::vector<std::int32_t>& place) {
  double work = 0;
  for (std::size_t pair = 0; pair < opinions.pairs(); ++pair) {
    double here = 0;
    for (const Opinion& opinion : opinions.of(pair)) {
      here += place[static_cast<std::size_t>(opinion.person)] >= 0 ? 1 : 0;
    }
    work += here * (here - 1) / 2;
  }
  return work;
}

/// The most people, taken in `order`, whose pairs of answers fit into `limit`.
std::size_t most_people(const Opinions& opinions, std::span<const std::int32_t> order, std::int64_t users,
                        std::size_t most, std::int64_t limit) {
  std::size_t size = std::min(most, order.size());
  while (size > 2) {
    const double work = work_of(opinions, places_in(order, size, users));
    if (work <= static_cast<double>(limit)) {
      break;
    }
    const double shrink = std::min(0.98, 0.98 * std::sqrt(static_cast<double>(limit) / work));
    size = std::max<std::size_t>(2, static_cast<std::size_t>(static_cast<double>(size) * shrink));
  }
  return size;
}

double opposite(const Opinion& one, const Opinion& other) {
  return one.prefers_low * (1 - other.prefers_low) + (1 - one.prefers_low) * other.prefers_low;
}

/// Calls use(one, other, opposite), places one < other, for every two people of the sample on every pair.
template <typename Use>
void each_two(const Opinions& opinions, const std::vector<std::int32_t>& place, Use use) {
  std::vector<Opinion> here;
  for (std::size_t pair = 0; pair < opinions.pairs(); ++pair) {
    here.clear();
    for (const Opinion& opinion : opinions.of(pair)) {
      if (const std::int32_t person = place[static_cast<std::size_t>(opinion.person)]; person >= 0) {
        here.push_back({person, opinion.prefers_low});
      }
    }
    for (std::size_t i = 0; i < here.size(); ++i) {
      for (std::size_t j = i + 1; j < here.size(); ++j) {
        const bool rises = here[i].person < here[j].person;
        use(static_cast<std::size_t>(here[rises ? i : j].person), static_cast<std::size_t>(here[rises ? j : i].person),
            opposite(here[i], here[j]));
      }
    }
  }
}

struct Tally {
  double opposite = 0;
  double shared = 0;
};

struct MeanShare {
  double sum = 0;
  std::int64_t count = 0;

  void add(const Tally& tally) {
    if (tally.shared > 0) {
      sum += tally.opposite / tally.shared;
      ++count;
    }
  }
};

MeanShare by_table(const Opinions& opinions, const std::vector<std::int32_t>& place, std::size_t people) {
  std::vector<Tally> table(people * people);
  each_two(opinions, place, [&](std::size_t one, std::size_t other, double share) {
    Tally& tally = table[one * people + other];
    tally.opposite += share;
    tally.shared += 1;
  });
  MeanShare mean;
  for (const Tally& tally : table) {
    mean.add(tally);
  }
  return mean;
}

MeanShare by_sorting(const Opinions& opinions, const std::vector<std::int32_t>& place) {
  struct Meeting {
    std::uint64_t people = 0;
    double opposite = 0;
  };
  std::vector<Meeting> meetings;
  meetings.reserve(static_cast<std::size_t>(work_of(opinions, place)));
  each_two(opinions, place, [&](std::size_t one, std::size_t other, double share) {
    meetings.push_back({static_cast<std::uint64_t>(one) << 32U | static_cast<std::uint64_t>(other), share});
  });
  std::sort(meetings.begin(), meetings.end(),
            [](const Meeting& left, const Meeting& right) { return left.people < right.people; });
  MeanShare mean;
  Tally tally;
  for (std::size_t at = 0; at < meetings.size(); ++at) {
    if (at > 0 && meetings[at].people != meetings[at - 1].people) {
      mean.add(tally);
      tally = {};
    }
    tally.opposite += meetings[at].opposite;
    tally.shared += 1;
  }
  mean.add(tally);
  return mean;
}

/// Who shares a pair with somebody, in random order.
std::vector<std::int32_t> people_in(const Opinions& opinions, std::int64_t users) {
  std::vector<bool> seen(static_cast<std::size_t>(users), false);
  for (const Opinion& opinion : opinions.all) {
    seen[static_cast<std::size_t>(opinion.person)] = true;
  }
  std::vector<std::int32_t> people;
  for (const std::uint32_t user :
       RandomStream(k_seed, 0, 0, Purpose::bootstrap).permutation(static_cast<std::uint32_t>(users))) {
    if (seen[user]) {
      people.push_back(static_cast<std::int32_t>(user));
    }
  }
  return people;
}

/// Opposite and all pairs of answers: with n voices of sum s and sum of squares q, (n - 1) s - (s s - q) of n (n -
/// 1)/2.
void add_pooled(const Opinions& opinions, Disagreement& found) {
  double sum = 0;
  for (std::size_t pair = 0; pair < opinions.pairs(); ++pair) {
    double s = 0, q = 0;
    for (const Opinion& opinion : opinions.of(pair)) {
      s += opinion.prefers_low;
      q += opinion.prefers_low * opinion.prefers_low;
    }
    const auto n = std::ssize(opinions.of(pair));
    sum += static_cast<double>(n - 1) * s - (s * s - q);
    found.answer_pairs += n * (n - 1) / 2;
  }
  found.pooled = sum / static_cast<double>(found.answer_pairs);
}

}  // namespace

Disagreement disagreement_between(const PairVotes& votes, std::int64_t users, const DisagreementBudget& budget) {
  const Opinions opinions = opinions_of(votes);
  Disagreement found;
  if (opinions.pairs() == 0) {
    found.between_people = found.pooled = std::numeric_limits<double>::quiet_NaN();
    return found;
  }
  add_pooled(opinions, found);
  const std::vector<std::int32_t> order = people_in(opinions, users);
  const std::size_t in_table =
      most_people(opinions, order, users, static_cast<std::size_t>(budget.people_in_table), budget.counted);
  const std::size_t sorted =
      in_table == order.size() ? 0 : most_people(opinions, order, users, order.size(), budget.sorted);
  const std::size_t size = std::max(in_table, sorted);
  const std::vector<std::int32_t> place = places_in(order, size, users);
  const MeanShare mean = in_table == size ? by_table(opinions, place, size) : by_sorting(opinions, place);
  found.people = static_cast<std::int64_t>(size);
  found.people_pairs = mean.count;
  found.sampled = size < order.size();
  found.between_people =
      mean.count == 0 ? std::numeric_limits<double>::quiet_NaN() : mean.sum / static_cast<double>(mean.count);
  return found;
}

}  // namespace fairsweep
