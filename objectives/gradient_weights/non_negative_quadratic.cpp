#include "objectives/gradient_weights/non_negative_quadratic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "objectives/gradient_weights/growing_factor.hpp"

namespace fairsweep {

namespace {

constexpr double k_rounding = std::numeric_limits<double>::epsilon();
/// A pivot up to here is what rounding leaves of 0: the cosines are good to some k_rounding.
constexpr double k_least_pivot = 24 * k_rounding;
/// Pivots above this are not looked at twice.
constexpr double k_sound_pivot = 1e-6;
/// A slope without end must be steeper than what a pivot of k_least_pivot can make of rounding, its square root.
constexpr double k_endless_slope = 1e-7;

double sum_of_sizes(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) {
    sum += std::abs(value);
  }
  return sum;
}

class ActiveSet {
 public:
  ActiveSet(const SquareMatrix& matrix, std::span<const double> linear)
      : matrix_(matrix),
        linear_(linear),
        at_(linear.size(), 0.0),
        slope_(linear.begin(), linear.end()),
        is_free_(linear.size(), 0),
        refused_(linear.size(), 0),
        row_(linear.size()),
        factor_(linear.size()) {
    free_.reserve(linear.size());
  }

  NonNegativeMinimum minimum() {
    const std::size_t most_rounds = 20 * at_.size() + 50;
    for (std::size_t round = 0; round < most_rounds; ++round) {
      const auto entry = steepest();
      if (!entry) {
        break;
      }
      const double pivot = stage(*entry);
      if (!depends(pivot, slope_[*entry])) {
        keep(*entry);
        go_to_minimum_of_free();
      } else if (!exchange(*entry, pivot)) {
        refused_[*entry] = 1;
        continue;
      }
      if (is_free_[*entry] == 1) {
        std::fill(refused_.begin(), refused_.end(), char{0});
      } else {
        refused_[*entry] = 1;  // rounding alone let it in
      }
      renew_slopes();
    }
    return {.at = std::move(at_), .bounded = bounded_};
  }

 private:
  /// The entry at its bound along which the value falls most steeply, if along any.
  [[nodiscard]] std::optional<std::size_t> steepest() const {
    double sum = 1;
    for (const double value : at_) {
      sum += value;
    }
    double best = 2 * k_rounding * static_cast<double>(at_.size()) * sum;  // what rounding makes of slopes
    std::optional<std::size_t> result;
    for (std::size_t i = 0; i < at_.size(); ++i) {
      if (is_free_[i] == 0 && refused_[i] == 0 && slope_[i] > best) {
        best = slope_[i];
        result = i;
      }
    }
    return result;
  }

  double stage(std::size_t entry) {
    for (std::size_t k = 0; k < free_.size(); ++k) {
      row_[k] = matrix_(entry, free_[k]);
    }
    row_[free_.size()] = matrix_(entry, entry);
    return factor_.stage(std::span<const double>(row_).first(free_.size() + 1));
  }

  /// Whether the row tried on is a combination x of the free ones as far as can be told. Rounding makes a pivot of
  /// (1 + |x|_1)^2 k_rounding out of 0. Where b is in the range of M the slope cannot exceed the root of the true pivot
  /// times the distance to the minimum, which is of the order of 1; so a small pivot with a steeper slope is no pivot.
  [[nodiscard]] bool depends(double pivot, double slope) const {
    if (pivot <= k_least_pivot || pivot > k_sound_pivot) {
      return pivot <= k_least_pivot;
    }
    const double sum = 1 + sum_of_sizes(factor_.combination());
    return pivot <= 6 * k_rounding * sum * sum && slope * slope > 4 * pivot;
  }

  void keep(std::size_t entry) {
    factor_.accept();
    free_.push_back(entry);
    is_free_[entry] = 1;
  }

  /// Makes `entries` the free ones. @returns whether their columns are independent
  bool free_only(const std::vector<std::size_t>& entries) {
    free_.clear();
    factor_.clear();
    std::fill(is_free_.begin(), is_free_.end(), char{0});
    bool independent = true;
    for (const std::size_t entry : entries) {
      const double pivot = stage(entry);
      independent = independent && pivot > k_least_pivot;
      if (pivot > 0) {
        keep(entry);
      } else {
        at_[entry] = 0;
      }
    }
    return independent;
  }

  /// Walks to the minimum over the free entries; whoever reaches 0 on the way is free no longer.
  void go_to_minimum_of_free() {
    while (!free_.empty()) {
      for (std::size_t k = 0; k < free_.size(); ++k) {
        row_[k] = linear_[free_[k]];
      }
      const auto target = factor_.solve(std::span<const double>(row_).first(free_.size()));
      double step = 1;
      std::optional<std::size_t> blocking;
      for (std::size_t k = 0; k < free_.size(); ++k) {
        if (target[k] > 0) {
          continue;
        }
        const double from = at_[free_[k]];
        const double reach = from > 0 ? from / (from - target[k]) : 0;
        if (!blocking || reach < step) {
          step = reach;
          blocking = free_[k];
        }
      }
      for (std::size_t k = 0; k < free_.size(); ++k) {
        double& value = at_[free_[k]];
        value = blocking ? value + step * (target[k] - value) : target[k];
      }
      if (!blocking) {
        return;
      }
      at_[*blocking] = 0;
      std::vector<std::size_t> rest;
      rest.reserve(free_.size());
      for (const std::size_t entry : free_) {
        if (at_[entry] > 0) {
          rest.push_back(entry);
        } else {
          at_[entry] = 0;
        }
      }
      free_only(rest);
    }
  }

  /// Lets in an entry whose column (just tried on) depends on the free ones: along the null direction the value falls
  /// linearly until an entry reaches 0, and that one leaves. @returns whether anything moved
  bool exchange(std::size_t entry, double pivot) {
    const auto combination = factor_.combination();
    const double least = 8 * k_rounding * (1 + sum_of_sizes(combination));
    double step = std::numeric_limits<double>::infinity();
    std::optional<std::size_t> leaving;
    for (std::size_t k = 0; k < free_.size(); ++k) {
      if (combination[k] > least && at_[free_[k]] / combination[k] < step) {
        step = at_[free_[k]] / combination[k];
        leaving = k;
      }
    }
    if (!leaving) {
      bounded_ = bounded_ && slope_[entry] <= k_endless_slope;
      return false;
    }
    if (step * std::max(pivot, k_least_pivot) > 2 * slope_[entry]) {
      return false;  // so long a step that the curvature hidden in the pivot could lose more than the slope gains
    }
    const auto free_before = free_;
    const auto at_before = at_;
    std::vector<std::size_t> entries;
    entries.reserve(free_.size());
    for (std::size_t k = 0; k < free_.size(); ++k) {
      at_[free_[k]] = std::max(0.0, at_[free_[k]] - step * combination[k]);
      if (k != *leaving) {
        entries.push_back(free_[k]);
      }
    }
    at_[free_[*leaving]] = 0;
    at_[entry] = step;
    entries.push_back(entry);
    if (!free_only(entries)) {
      at_ = at_before;
      free_only(free_before);
      return false;
    }
    go_to_minimum_of_free();
    return true;
  }

  void renew_slopes() {
    for (std::size_t i = 0; i < slope_.size(); ++i) {
      double slope = linear_[i];
      for (const std::size_t entry : free_) {
        slope -= matrix_(i, entry) * at_[entry];
      }
      slope_[i] = slope;
    }
  }

  const SquareMatrix& matrix_;
  std::span<const double> linear_;
  std::vector<double> at_;
  std::vector<double> slope_;  ///< b - M z
  std::vector<std::size_t> free_;
  std::vector<char> is_free_;
  std::vector<char> refused_;
  std::vector<double> row_;  ///< scratch
  GrowingFactor factor_;     ///< of M over the free entries
  bool bounded_ = true;
};

}  // namespace

NonNegativeMinimum non_negative_minimum(const SquareMatrix& matrix, std::span<const double> linear) {
  return ActiveSet(matrix, linear).minimum();
}

}  // namespace fairsweep
