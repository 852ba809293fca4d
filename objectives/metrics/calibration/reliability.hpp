#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "objectives/metrics/chance/binomial_floor.hpp"
#include "objectives/metrics/chance/people_bootstrap.hpp"

namespace fairsweep::fairness {

/// A comparison as a calibration error sees it.
struct JudgedChoice {
  double confidence = 0;   ///< probability the model gave to the candidate it puts first
  double right = 0;        ///< 1 where the user chose it, 0 where another, one half of a tie
  double mass = 0;         ///< share of the whole, > 0
  std::uint32_t user = 0;  ///< whose it is, as the caller numbers users
  std::int32_t level = 0;  ///< confidence in ten-thousandths; sort_by_confidence() sets it
};

struct ReliabilityBin {
  double confidence = 0, right = 0;  ///< means
  std::int32_t highest = 0;  ///< level in it; a choice is in the first bin whose highest its own does not exceed
  double mass = 0;           ///< share of the whole; the bins sum to 1
};

/// The bins, rising in confidence, and sum over them of mass |confidence - right|: the expected calibration error. In
/// [0, 1]; 0 is calibrated, as far as the bins can tell; NaN of nothing. Errors that cancel within a bin are not seen,
/// and chance never cancels: it is too large where comparisons are few.
struct Reliability {
  double error = 0;
  std::vector<ReliabilityBin> bins;
};

inline constexpr std::size_t k_reliability_bins = 10;

/// Confidence of the model in its first candidate, from what is stored of a comparison whose user chose one of several:
/// the probability of that choice where the margin is not below 0, else that of its best rival, e^-margin times as
/// much.
[[nodiscard]] double confidence_of(double margin, double log_probability);

/// By level, then by the rest, so that the order they came in does not count. Two people who answer one pair in
/// opposite ways have the same confidence but for its rounding; if that parted them, it would part the right from the
/// wrong. No confidence is NaN. O(n log n).
void sort_by_confidence(std::vector<JudgedChoice>& choices);

/// Bins of equal mass. Choices of one level stay in one bin, that of their middle. @param sorted by confidence
/// @param times  by user: how often each counts; empty: once. O(n).
[[nodiscard]] Reliability reliability_of(std::span<const JudgedChoice> sorted,
                                         std::span<const std::uint32_t> times = {});

/// The error of a model that is calibrated: every choice is right with the probability of its confidence,
/// independently. Cost: draws x n.
[[nodiscard]] NoiseFloor calibration_floor(std::span<const JudgedChoice> sorted, const ChanceOptions& options);

}  // namespace fairsweep::fairness
