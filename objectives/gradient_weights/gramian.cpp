#include "objectives/gradient_weights/gramian.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

double Gradients::greatest_length() const { return *std::max_element(lengths.begin(), lengths.end()); }
double Gradients::least_length() const { return *std::min_element(lengths.begin(), lengths.end()); }

Gramian::Gramian(std::span<const double> values, std::size_t losses)
    : losses_(losses), gradients_{.lengths = {}, .cosines = SquareMatrix(0)} {
  check(values.size() == losses * losses, "a Gramian of L losses has L * L values");
  usable_ = std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
  present_.reserve(losses);
  gradients_.lengths.reserve(losses);
  for (std::size_t i = 0; i < losses && usable_; ++i) {
    const double square = values[i * losses + i];
    usable_ = square >= 0;
    if (square > 0) {
      present_.push_back(i);
      gradients_.lengths.push_back(std::sqrt(square));
    }
  }
  if (!usable_) {
    return;
  }
  const auto& lengths = gradients_.lengths;
  gradients_.cosines = SquareMatrix(present_.size());
  for (std::size_t i = 0; i < present_.size(); ++i) {
    gradients_.cosines(i, i) = 1;
    for (std::size_t j = 0; j < i; ++j) {
      const double product =
          0.5 * values[present_[i] * losses + present_[j]] + 0.5 * values[present_[j] * losses + present_[i]];
      const double cosine = std::clamp(product / (lengths[i] * lengths[j]), -1.0, 1.0);
      gradients_.cosines(i, j) = cosine;
      gradients_.cosines(j, i) = cosine;
    }
  }
}

Gramian Gramian::with_ridge(double share) const {
  check(std::isfinite(share) && share >= 0, "a ridge is a share of the trace, 0 or more");
  Gramian result = *this;
  if (share == 0 || !usable_ || present_.empty()) {
    return result;
  }
  // In units of the greatest length, so that squares neither overflow nor vanish.
  const double unit = gradients_.greatest_length();
  double trace = 0;
  for (const double length : gradients_.lengths) {
    trace += (length / unit) * (length / unit);
  }
  std::vector<double> shrink(present_.size());  // old length by new length
  for (std::size_t i = 0; i < shrink.size(); ++i) {
    const double relative = gradients_.lengths[i] / unit;
    const double longer = std::sqrt(relative * relative + share * trace);
    shrink[i] = relative / longer;
    result.gradients_.lengths[i] = longer * unit;
  }
  for (std::size_t i = 0; i < shrink.size(); ++i) {
    for (std::size_t j = 0; j < shrink.size(); ++j) {
      if (i != j) {
        result.gradients_.cosines(i, j) *= shrink[i] * shrink[j];
      }
    }
  }
  return result;
}

std::vector<double> Gramian::undefined() const {
  return std::vector(losses_, std::numeric_limits<double>::quiet_NaN());
}

std::vector<double> Gramian::spread(std::span<const double> weights) const {
  check(weights.size() == present_.size(), "a weight for each gradient");
  std::vector<double> result(losses_, 0.0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!std::isfinite(weights[i])) {
      return undefined();
    }
    result[present_[i]] = weights[i];
  }
  return result;
}

}  // namespace fairsweep
