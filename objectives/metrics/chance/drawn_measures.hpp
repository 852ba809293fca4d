#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "core/domain/quantile.hpp"
#include "objectives/metrics/chance/people_bootstrap.hpp"

namespace fairsweep::fairness {

/// Measures of many draws, gathered measure by measure.
class DrawnMeasures {
 public:
  explicit DrawnMeasures(std::size_t draws) : draws_(draws) {}

  void add(const std::vector<double>& measures) {
    values_.resize(measures.size());
    for (std::size_t i = 0; i < measures.size(); ++i) {
      values_[i].reserve(draws_);
      values_[i].push_back(measures[i]);
    }
  }

  [[nodiscard]] std::vector<ChanceInterval> intervals() const {
    std::vector<ChanceInterval> all;
    all.reserve(values_.size());
    for (const std::vector<double>& values : values_) {
      all.push_back({quantile_of_known(values, 0.025), quantile_of_known(values, 0.975)});
    }
    return all;
  }

  /// Mean of each measure over the draws in which it is a number; NaN where it is none in all.
  [[nodiscard]] std::vector<double> means() const {
    std::vector<double> all;
    all.reserve(values_.size());
    for (const std::vector<double>& values : values_) {
      double sum = 0, count = 0;
      for (const double value : values) {
        if (!std::isnan(value)) {
          sum += value;
          ++count;
        }
      }
      all.push_back(sum / count);
    }
    return all;
  }

 private:
  std::size_t draws_;
  std::vector<std::vector<double>> values_;  ///< [measures][draws]
};

}  // namespace fairsweep::fairness
