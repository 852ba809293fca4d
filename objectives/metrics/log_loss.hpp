#pragma once

#include "objectives/metrics/metric.hpp"

namespace fairsweep {

/// Minus the logarithm of the probability the model gave to what the user did. At least 0; a coin flip between two
/// candidates costs log 2 = 0.693 nats. Unlike accuracy it also asks whether the model knows how sure it may be.
class LogLoss : public Metric {
 public:
  [[nodiscard]] std::string_view name() const override { return "log_loss"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "minus the natural logarithm of the probability given to what the user did";
  }
  [[nodiscard]] std::string_view unit() const override { return "nats"; }
  [[nodiscard]] Direction direction() const override { return Direction::minimise; }
  [[nodiscard]] bool counts_ties() const override { return true; }
  [[nodiscard]] std::vector<double> per_user(const ScoredComparisons& scored, std::size_t user_count) const override;
};

}  // namespace fairsweep
