#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// How often one person, asked twice, gave the same answer. The unit is a pair of answers of this person to the same
/// two candidates, from different comparisons; both have to say which is better.
struct SelfConsistency {
  std::int64_t repeat_pairs = 0;       ///< asked again under the same conditions, as far as the data say
  std::int64_t repeat_agreements = 0;  ///< of these, the same answer
  std::int64_t changed_pairs = 0;      ///< asked again with the candidates in another order or in other words
  std::int64_t changed_agreements = 0;
  std::int64_t swapped_pairs = 0;  ///< of the changed ones: the same words, the other order
  std::int64_t swapped_agreements = 0;
  std::int64_t tied_pairs = 0;  ///< left out, because at least one of the two answers is a tie
  bool operator==(const SelfConsistency&) const = default;

  [[nodiscard]] double repeat_rate() const { return rate(repeat_agreements, repeat_pairs); }
  [[nodiscard]] double changed_rate() const { return rate(changed_agreements, changed_pairs); }
  SelfConsistency& operator+=(const SelfConsistency& other);

 private:
  static double rate(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                      : static_cast<double>(part) / static_cast<double>(whole);
  }
};

struct Consistency {
  std::vector<SelfConsistency> users;  ///< [users]

  [[nodiscard]] SelfConsistency total() const;
  /// False: nobody answered anything twice, so nothing can be said about it.
  [[nodiscard]] bool known() const;
};

/// Consistency of each user with himself over the comparisons `rows`, each named once; a sweep gives its training
/// rows, so that nothing is learned from what is tested on.
///
/// Two answers are about the same candidates where both rows are the same, or where the contexts share an id of
/// `context_wording` and the candidates their places. In one context they are a repeat, but a change where
/// `comparison_position` shows the two candidates in the other order; in two contexts they are a change. That covers
/// questions marked by `comparison_repeat` (which repeat all candidates), and any two comparisons that happen to have
/// a pair in common, such as overlapping rankings. Where positions are not known, every re-asking in one context
/// counts as a repeat, so the effect of order is then in `repeat`.
/// k answers to one pair are k (k - 1) / 2 pairs of answers.
/// Cost: O(v log w) for v answered pairs of candidates, w of one user; 24 bytes each.
[[nodiscard]] Consistency consistency_of(const PreferenceData& data, std::span<const std::int64_t> rows);

/// The same over all comparisons.
[[nodiscard]] Consistency consistency_of(const PreferenceData& data);

}  // namespace fairsweep
