#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "workers/data/labels/consistency.hpp"

namespace fairsweep {

/// What a person's answers are, as far as asking again shows. Never judged by agreement with others: that would
/// delete minorities. Values are frozen.
enum class LabelClass : std::uint8_t {
  unknown = 0,       ///< too little was asked again
  non_attitude = 1,  ///< another answer to the same question
  unstable = 2,      ///< another answer under changed conditions; repeats are too few to tell the one above from below
  constructed = 3,   ///< the same answer to the same question, another under changed conditions
  stable = 4,        ///< the same answer to the same question; changed conditions were too few
  genuine = 5,       ///< the same answer under changed conditions, and to the same question as far as it was asked
};
inline constexpr std::size_t k_label_classes = 6;
[[nodiscard]] std::string_view to_text(LabelClass label_class);

/// When a person is what.
struct ClassRules {
  /// Below so many pairs of answers of a kind (repeats, changes) that kind is not judged: one lucky repeat makes
  /// nobody genuine. At least 1.
  std::int64_t least_pairs = 4;
  /// A kind is high where its stable share is at least this; 0 to 1. 0.5 is an agreement of 0.75.
  double least_stable_share = 0.5;
  /// Weight, in pairs of answers, of the mean agreement of everybody that is mixed into each person's; at least 0.
  double shrinkage = 2;
};

/// One person's answers.
struct UserLabels {
  LabelClass label_class = LabelClass::unknown;
  double repeat_agreement = 0;   ///< shrunk; NaN where the kind is not judged
  double changed_agreement = 0;  ///< the same of changed conditions
  /// Of the repeats where these are judged, else of the changes, where it takes effects of order and words for chance
  /// and so is too low; NaN where neither is.
  double stable_share = 0;
  double noise = 0;  ///< probability that a single answer is flipped, from the same; NaN where neither is judged
};

/// Share of answers that are held and not tossed: a = g + (1 - g) / 2 gives g = 2 a - 1, and 0 where a is below 1/2.
/// Source: Converse's black-and-white model of non-attitudes.
[[nodiscard]] double stable_share(double agreement);

/// Probability e that an answer is flipped where each flips on its own: a = (1 - e)^2 + e^2, so
/// e = (1 - sqrt(max(0, 2 a - 1))) / 2. In [0, 1/2].
[[nodiscard]] double label_noise(double agreement);

/// By user. Shrunk agreement of a kind: (agreements + shrinkage m) / (pairs + shrinkage), m the agreement of all
/// people's pairs of that kind. O(users).
[[nodiscard]] std::vector<UserLabels> classify(const Consistency& consistency, const ClassRules& rules = {});

/// How many people and comparisons are of each class.
struct ClassCounts {
  std::array<std::int64_t, k_label_classes> people{}, comparisons{};
};

}  // namespace fairsweep
