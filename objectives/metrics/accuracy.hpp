#pragma once

#include "objectives/metrics/metric.hpp"

namespace fairsweep {

/// Share of comparisons in which the model puts the user's best candidate first: 1 where the margin is above 0, one
/// half where it is 0 (a guess between equals), 0 below. Between 0 and 1.
class Accuracy : public Metric {
 public:
  [[nodiscard]] std::string_view name() const override { return "accuracy"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "share of comparisons whose best candidate the model puts first; a tie counts one half";
  }
  [[nodiscard]] std::string_view unit() const override { return "share"; }
  [[nodiscard]] Direction direction() const override { return Direction::maximise; }
  [[nodiscard]] std::vector<double> per_user(const ScoredComparisons& scored, std::size_t user_count) const override;
};

}  // namespace fairsweep
