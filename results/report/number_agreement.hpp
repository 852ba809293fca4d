#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "results/store/run_record.hpp"

namespace fairsweep::report {

// Within which the numbers of one trial agree when it is trained with other kernels: they round differently, training
// carries the difference on, and an answer that is all but undecided turns over. What was measured is in
// docs/reproducing.md.
inline constexpr double k_accuracy_tolerance = 0.005;  ///< of a share of answers, and of how well they are foretold
inline constexpr double k_answers_that_may_turn = 4;   ///< and so many of the comparisons it is made of
inline constexpr double k_other_relative_tolerance = 0.002;  ///< of any other metric, of its size but at least of 1

/// How far two values of a metric may be apart. @param comparisons  that the value is made of, at least
[[nodiscard]] double tolerance_of(const std::string& metric, double value, std::uint64_t comparisons);

/// A number that two trainings of one trial do not agree on.
struct NumberDifference {
  std::string metric;
  Split split = Split::validation;
  std::string group;
  double first = 0;  ///< NaN: not there
  double second = 0;
  bool beyond = false;  ///< the tolerance; or it is not there, not finite, or of other people
};

/// How far two trainings of one trial agree.
struct NumberAgreement {
  std::vector<NumberDifference> differences;  ///< in value; largest first, those beyond the tolerance before all others
  /// Every value, standard error and count is the same bits; NaN equals itself.
  [[nodiscard]] bool identical() const { return same_bits; }
  [[nodiscard]] bool within() const { return differences.empty() || !differences.front().beyond; }
  bool same_bits = true;
};

/// The metrics of two reported trials, whatever their order. O(m log m).
[[nodiscard]] NumberAgreement compare_numbers(const TrialRecord& first, const TrialRecord& second);

/// Do both have the same arrays ("users", "margins": values of each person and comparison), by their digests? A name
/// that only one of them has is no difference: another trainer need not leave it.
[[nodiscard]] bool same_arrays(const TrialRecord& first, const TrialRecord& second);

/// "accuracy of few on validation: 0.5 and 0.75"
[[nodiscard]] std::string difference_text(const NumberDifference& difference);

}  // namespace fairsweep::report
