#include "results/pareto/measured_means.hpp"

#include <algorithm>
#include <cmath>

namespace fairsweep::pareto {
namespace {

constexpr double k_no_noise = 1e-24;
constexpr double k_settled = 1e-12;  // an effect that is left, in standard deviations of the means

/// Adds to `effects` what seeds have in common, until it is settled, and takes it away from `values`.
/// One pass is enough where nothing is missing.
void remove_seed_effects(ReplicateValues& values) {
  constexpr int k_passes = 8;
  for (int pass = 0; pass < k_passes; ++pass) {
    const std::vector<double> means = means_of(values);
    bool moved = false;
    for (std::size_t r = 0; r < values.replicates; ++r) {
      for (std::size_t axis = 0; axis < values.dimensions; ++axis) {
        double sum = 0, count = 0;
        for (std::size_t i = 0; i < values.configurations; ++i) {
          if (!is_there(values.at(i, r)))
            continue;
          sum += values.at(i, r)[axis] - means[i * values.dimensions + axis];
          ++count;
        }
        if (count == 0 || std::abs(sum) <= k_settled * count)
          continue;
        moved = true;
        for (std::size_t i = 0; i < values.configurations; ++i) {
          if (is_there(values.at(i, r)))
            values.values[(i * values.replicates + r) * values.dimensions + axis] -= sum / count;
        }
      }
    }
    if (!moved)
      break;
  }
}

/// Every axis to mean 0 and standard deviation 1 of the means.
void standardise(ReplicateValues& values, MeasuredMeans& measured) {
  const std::vector<double> means = means_of(values);
  const auto n = static_cast<double>(values.configurations);
  for (std::size_t axis = 0; axis < values.dimensions; ++axis) {
    double sum = 0, squares = 0, largest = 0;
    for (std::size_t i = 0; i < values.configurations; ++i)
      sum += means[i * values.dimensions + axis] / n;
    for (std::size_t at = axis; at < values.values.size(); at += values.dimensions) {
      if (!std::isnan(values.values[at]))
        largest = std::max(largest, std::abs(values.values[at] - sum));
    }
    for (std::size_t i = 0; largest > 0 && i < values.configurations; ++i) {
      const double part = (means[i * values.dimensions + axis] - sum) / largest;  // squares of any scale
      squares += part * part / n;
    }
    // Rounding is not spread: an axis whose means agree to 12 digits of what seeds do is measured in that.
    const double spread = squares > 1e-24 ? std::sqrt(squares) * largest : largest;
    measured.shift.push_back(sum);
    measured.scale.push_back(spread > 0 ? spread : 1);
    for (std::size_t at = axis; at < values.values.size(); at += values.dimensions)
      values.values[at] = (values.values[at] - sum) / measured.scale.back();
  }
}

}  // namespace

std::optional<MeasuredMeans> measure_means(const ReplicateValues& given) {
  check_replicates(given);
  ReplicateValues values = given;
  MeasuredMeans measured;
  measured.dimensions = values.dimensions;
  standardise(values, measured);
  std::vector<double> seen(values.replicates, 0.0);
  double repeats = 0;
  for (std::size_t i = 0; i < values.configurations; ++i) {
    double count = 0;
    for (std::size_t r = 0; r < values.replicates; ++r) {
      if (is_there(values.at(i, r))) {
        ++count;
        ++seen[r];
      }
    }
    measured.counts.push_back(count);
    repeats += count - 1;
  }
  if (repeats < 1)
    return std::nullopt;
  // Seeds are only told from configurations where there are several of both; else what is left is all noise.
  const auto seeds = static_cast<double>(std::ranges::count_if(seen, [](double count) { return count > 0; }));
  const double left = repeats - (seeds - 1);
  measured.degrees = repeats;
  if (left >= repeats / 2) {
    remove_seed_effects(values);
    measured.degrees = left;
  }
  measured.means = means_of(values);
  measured.noise = SmallMatrix(values.dimensions);
  std::vector<double> residual(values.dimensions);
  for (std::size_t i = 0; i < values.configurations; ++i) {
    SmallMatrix scatter(values.dimensions);
    for (std::size_t r = 0; r < values.replicates; ++r) {
      if (!is_there(values.at(i, r)))
        continue;
      for (std::size_t axis = 0; axis < values.dimensions; ++axis)
        residual[axis] = values.at(i, r)[axis] - measured.means[i * values.dimensions + axis];
      scatter.add_outer(residual, repeats / measured.degrees);
    }
    measured.noise.add(scatter, 1 / repeats);
    measured.scatters.push_back(std::move(scatter));
  }
  for (std::size_t axis = 0; axis < values.dimensions; ++axis)
    measured.noise(axis, axis) = std::max(measured.noise(axis, axis), k_no_noise);
  return measured;
}

}  // namespace fairsweep::pareto
