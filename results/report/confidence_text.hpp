#pragma once

#include <cstddef>
#include <string>

#include "results/report/run_summary.hpp"

namespace fairsweep::report {

/// How many are sure and how many more are possible, at the level of the confidence.
struct ConfidenceCounts {
  std::size_t sure_members = 0;     ///< members of the front that are sure
  std::size_t possible_others = 0;  ///< others that cannot be ruled out
};

/// Nothing is counted where run.confidence is not known.
[[nodiscard]] ConfidenceCounts confidence_counts(const RunSummary& run);

/// That a point of the front is truly non-dominated; NaN where that cannot be said.
/// @param point  an index into run.front.points
[[nodiscard]] double probability_of(const RunSummary& run, std::size_t point);

/// "0.83"; "-" where it cannot be said.
[[nodiscard]] std::string probability_text(double probability);

/// What the probabilities mean, in a sentence, and what they rest on.
[[nodiscard]] std::string probability_meaning(const RunSummary& run);

/// What they say of the front as a whole: "Of the 17 on the front, 1 is sure at 95 %; 3.1 are expected not to belong
/// there, and 11 others cannot be ruled out.", or why nothing can be said. Empty where there is no front. One line.
[[nodiscard]] std::string confidence_sentence(const RunSummary& run);

}  // namespace fairsweep::report
