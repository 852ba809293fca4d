#include "objectives/gradient_weights/growing_factor.hpp"

namespace fairsweep {

GrowingFactor::GrowingFactor(std::size_t capacity)
    : capacity_(capacity), lower_(capacity * capacity, 0.0), pivots_(capacity, 0.0) {}

double GrowingFactor::stage(std::span<const double> row) {
  double* const fresh = lower_.data() + size_ * capacity_;
  double pivot = row[size_];
  for (std::size_t i = 0; i < size_; ++i) {
    double rest = row[i];
    for (std::size_t j = 0; j < i; ++j) {
      rest -= lower_[i * capacity_ + j] * fresh[j];
    }
    fresh[i] = rest;  // D times the entry of L, for now
  }
  for (std::size_t i = 0; i < size_; ++i) {
    const double rest = fresh[i];
    fresh[i] /= pivots_[i];
    pivot -= rest * fresh[i];
  }
  pivots_[size_] = pivot;
  return pivot;
}

void GrowingFactor::solve_upper(std::vector<double>& right) const {
  for (std::size_t i = size_; i-- > 0;) {
    for (std::size_t j = 0; j < i; ++j) {
      right[j] -= row(i)[j] * right[i];
    }
  }
}

std::vector<double> GrowingFactor::combination() const {
  std::vector<double> result(row(size_), row(size_) + size_);
  solve_upper(result);
  return result;
}

std::vector<double> GrowingFactor::solve(std::span<const double> right) const {
  std::vector<double> result(right.begin(), right.end());
  for (std::size_t i = 0; i < size_; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      result[i] -= row(i)[j] * result[j];
    }
  }
  for (std::size_t i = 0; i < size_; ++i) {
    result[i] /= pivots_[i];
  }
  solve_upper(result);
  return result;
}

}  // namespace fairsweep
