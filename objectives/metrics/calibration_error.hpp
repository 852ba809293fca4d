#pragma once

#include "objectives/metrics/metric.hpp"

namespace fairsweep {

/// Expected calibration error of a group: the model's confidence in its first candidate beside how often the users
/// chose it, in ten bins of equal mass; each user has the same mass. Between 0 and 1. It is of groups alone: one
/// person's few comparisons cannot fill bins. Answers that rank several of more than two candidates are left out,
/// because their probability is not that of a first choice. The standard error holds the bins and the signs in them as
/// they are. Source: M. Pakdaman Naeini, G. Cooper, M. Hauskrecht, AAAI 2015; equal mass: K. Nguyen, B. O'Connor, EMNLP
/// 2015.
class CalibrationError : public Metric {
 public:
  [[nodiscard]] std::string_view name() const override { return "calibration_error"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "how far the model's confidence in its first candidate is from how often users choose it, in ten bins";
  }
  [[nodiscard]] std::string_view unit() const override { return "share"; }
  [[nodiscard]] Direction direction() const override { return Direction::minimise; }
  [[nodiscard]] bool of_people() const override { return false; }
  [[nodiscard]] std::vector<double> per_user(const ScoredComparisons& scored, std::size_t user_count) const override;
  [[nodiscard]] GroupValue over_group(const ScoredComparisons& scored,
                                      std::span<const std::uint8_t> member) const override;
};

}  // namespace fairsweep
