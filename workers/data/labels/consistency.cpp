#include "workers/data/labels/consistency.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <tuple>
#include <unordered_map>

namespace fairsweep {
namespace {

/// What a user said about two candidates in one comparison. `low` and `high` are rows of the first context that has
/// this wording, so that other words give the same pair.
struct Said {
  std::int64_t low = 0, high = 0;
  std::int32_t context = 0;
  bool low_shown_last = false;
  bool prefers_low = false;
  bool tie = false;
};

/// For each context, how far its rows are from those of the first context with its wording.
std::vector<std::int64_t> shifts_to_first_wording(const PreferenceData& data) {
  std::vector<std::int64_t> shifts(data.context_wording.size(), 0);
  std::unordered_map<std::int32_t, std::int64_t> first;  // wording -> first row
  for (std::size_t context = 0; context < shifts.size(); ++context) {
    if (data.context_wording[context] >= 0) {
      const std::int64_t begin = data.context_offset[context];
      shifts[context] = first.emplace(data.context_wording[context], begin).first->second - begin;
    }
  }
  return shifts;
}

class Collector {
 public:
  explicit Collector(const PreferenceData& data) : data_(data), shifts_(shifts_to_first_wording(data)) {}

  /// Pairs of candidates that a comparison answers.
  [[nodiscard]] std::size_t count(std::size_t row) const {
    const auto n = static_cast<std::size_t>(data_.comparison_offset[row + 1] - data_.comparison_offset[row]);
    const auto ranked = static_cast<std::size_t>(data_.comparison_ranked[row]);
    return ranked == 0 ? n * (n - 1) / 2 : ranked * n - ranked * (ranked + 1) / 2;
  }

  /// Writes them to `place` and on.
  void put(std::size_t row, std::vector<Said>& said, std::size_t place) const {
    const auto begin = static_cast<std::size_t>(data_.comparison_offset[row]);
    const auto end = static_cast<std::size_t>(data_.comparison_offset[row + 1]);
    const auto ranked = static_cast<std::size_t>(data_.comparison_ranked[row]);
    const std::int32_t context = data_.comparison_context[row];
    const std::int64_t shift = shifts_.empty() ? 0 : shifts_[static_cast<std::size_t>(context)];
    for (std::size_t one = begin; one < (ranked == 0 ? end : begin + ranked); ++one) {
      for (std::size_t other = one + 1; other < end; ++other) {
        const std::int64_t better = data_.comparison_candidate[one], worse = data_.comparison_candidate[other];
        const bool low_is_better = better < worse;
        const std::size_t low = low_is_better ? one : other, high = low_is_better ? other : one;
        const bool last =
            !data_.comparison_position.empty() && data_.comparison_position[low] > data_.comparison_position[high];
        said[place++] = {std::min(better, worse) + shift,
                         std::max(better, worse) + shift,
                         context,
                         last,
                         low_is_better,
                         ranked == 0};
      }
    }
  }

 private:
  const PreferenceData& data_;
  std::vector<std::int64_t> shifts_;
};

std::int64_t two_of(std::int64_t n) { return n * (n - 1) / 2; }

/// Ordered answers under one condition, or several.
struct Answers {
  std::int64_t low = 0, high = 0;

  void add(const Said& said) { ++(said.prefers_low ? low : high); }
  [[nodiscard]] std::int64_t pairs() const { return two_of(low + high); }
  [[nodiscard]] std::int64_t alike() const { return two_of(low) + two_of(high); }
};

/// Adds what a user said about one pair of candidates; `said` is sorted by context.
void add_pair(std::span<const Said> said, SelfConsistency& user) {
  Answers everywhere;
  std::int64_t ordered = 0;
  std::int64_t in_one_context = 0, alike_in_one_context = 0;
  for (std::size_t at = 0; at < said.size();) {
    Answers here, as_rows, swapped;  // in this context: all, the lower row shown first, shown last
    const std::int32_t context = said[at].context;
    for (; at < said.size() && said[at].context == context; ++at) {
      if (!said[at].tie) {
        here.add(said[at]);
        everywhere.add(said[at]);
        (said[at].low_shown_last ? swapped : as_rows).add(said[at]);
        ++ordered;
      }
    }
    const std::int64_t repeats = as_rows.pairs() + swapped.pairs();
    const std::int64_t same_repeats = as_rows.alike() + swapped.alike();
    user.repeat_pairs += repeats;
    user.repeat_agreements += same_repeats;
    user.swapped_pairs += here.pairs() - repeats;
    user.swapped_agreements += here.alike() - same_repeats;
    in_one_context += repeats;
    alike_in_one_context += same_repeats;
  }
  user.changed_pairs += everywhere.pairs() - in_one_context;
  user.changed_agreements += everywhere.alike() - alike_in_one_context;
  user.tied_pairs += two_of(std::ssize(said)) - two_of(ordered);
}

}  // namespace

SelfConsistency& SelfConsistency::operator+=(const SelfConsistency& other) {
  repeat_pairs += other.repeat_pairs;
  repeat_agreements += other.repeat_agreements;
  changed_pairs += other.changed_pairs;
  changed_agreements += other.changed_agreements;
  swapped_pairs += other.swapped_pairs;
  swapped_agreements += other.swapped_agreements;
  tied_pairs += other.tied_pairs;
  return *this;
}

SelfConsistency Consistency::total() const {
  SelfConsistency sum;
  for (const SelfConsistency& user : users) {
    sum += user;
  }
  return sum;
}

bool Consistency::known() const {
  return std::any_of(users.begin(), users.end(),
                     [](const SelfConsistency& user) { return user.repeat_pairs > 0 || user.changed_pairs > 0; });
}

Consistency consistency_of(const PreferenceData& data, std::span<const std::int64_t> rows) {
  const Collector collector(data);
  Consistency found;
  found.users.resize(data.user_names.size());
  // Counted first and then put where they belong, each user's together.
  std::vector<std::size_t> place(data.user_names.size() + 1, 0);
  for (const std::int64_t row : rows) {
    place[static_cast<std::size_t>(data.comparison_user[static_cast<std::size_t>(row)]) + 1] +=
        collector.count(static_cast<std::size_t>(row));
  }
  for (std::size_t user = 1; user < place.size(); ++user) {
    place[user] += place[user - 1];
  }
  std::vector<Said> said;
  said.resize(place[data.user_names.size()]);
  for (const std::int64_t row : rows) {
    std::size_t& next = place[static_cast<std::size_t>(data.comparison_user[static_cast<std::size_t>(row)])];
    collector.put(static_cast<std::size_t>(row), said, next);
    next += collector.count(static_cast<std::size_t>(row));
  }
  // `place` has moved on: what user u said now ends at place[u].
  for (std::size_t user = 0, begin = 0; user < found.users.size(); begin = place[user++]) {
    const std::size_t last = place[user];
    std::sort(said.begin() + static_cast<std::ptrdiff_t>(begin), said.begin() + static_cast<std::ptrdiff_t>(last),
              [](const Said& left, const Said& right) {
                return std::tie(left.low, left.high, left.context) < std::tie(right.low, right.high, right.context);
              });
    for (std::size_t at = begin; at < last;) {
      std::size_t end = at + 1;
      while (end < last && said[end].low == said[at].low && said[end].high == said[at].high) {
        ++end;
      }
      if (end - at > 1) {
        add_pair(std::span(said).subspan(at, end - at), found.users[user]);
      }
      at = end;
    }
  }
  return found;
}

Consistency consistency_of(const PreferenceData& data) {
  std::vector<std::int64_t> rows(data.comparison_user.size());
  std::iota(rows.begin(), rows.end(), 0);
  return consistency_of(data, rows);
}

}  // namespace fairsweep
