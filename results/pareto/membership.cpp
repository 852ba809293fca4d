#include "results/pareto/membership.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/mean_model.hpp"
#include "results/pareto/measured_means.hpp"
#include "results/pareto/non_dominated.hpp"

namespace fairsweep::pareto {
namespace {

constexpr double k_clear = 5;          // standard errors
constexpr double k_noiseless = 1e-20;  // variance of an axis that does not change with the seed
constexpr std::size_t k_fewest_draws = 200;

/// Of the row's own replicates or of all, whichever is larger.
double standard_error(const MeasuredMeans& measured, std::size_t row, std::size_t axis) {
  const double count = measured.counts[row];
  const double own = count > 1 ? measured.scatters[row](axis, axis) / (count - 1) : 0;
  return std::sqrt(std::max(own, measured.noise(axis, axis)) / count);
}

std::size_t draws_for(std::size_t rows, std::size_t dimensions, const MembershipEffort& effort) {
  const auto m = static_cast<double>(dimensions);
  const double cost = static_cast<double>(rows) * (1 + m * m * (8 + m / 3) / 100);
  const auto affordable = static_cast<std::size_t>(static_cast<double>(effort.work) / cost);
  return std::max(k_fewest_draws, std::min(effort.draws, affordable));
}

/// Rows that no other beats clearly. Whoever is beaten is beaten by one on the front of the pessimistic means.
std::vector<std::size_t> contenders_of(const MeasuredMeans& measured) {
  const std::size_t n = measured.counts.size(), m = measured.dimensions;
  std::vector<double> pessimistic(n * m), optimistic(n * m);
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t axis = 0; axis < m; ++axis) {
      const double margin = k_clear * standard_error(measured, row, axis);
      pessimistic[row * m + axis] = measured.means[row * m + axis] + margin;
      optimistic[row * m + axis] = measured.means[row * m + axis] - margin;
    }
  }
  const std::vector<std::size_t> best = non_dominated({pessimistic, m}, Copies::first);
  std::vector<std::size_t> contenders;
  contenders.reserve(n);
  for (std::size_t row = 0; row < n; ++row) {
    const bool beaten = std::ranges::any_of(best, [&](std::size_t other) {
      for (std::size_t axis = 0; axis < m; ++axis) {
        if (pessimistic[other * m + axis] >= optimistic[row * m + axis])
          return false;
      }
      return true;
    });
    if (!beaten)
      contenders.push_back(row);
  }
  return contenders;
}

/// Rows to draw: those the model learns from, evenly spread over all, then the contenders that are not among them.
struct DrawnRows {
  std::vector<std::size_t> rows;
  std::size_t teaching = 0;
  std::vector<std::size_t> places;  ///< [contenders] in `rows`
};

DrawnRows rows_to_draw(std::size_t n, const std::vector<std::size_t>& contenders, std::size_t most) {
  DrawnRows drawn;
  constexpr std::size_t k_absent = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> place_of(n, k_absent);
  drawn.teaching = std::min(n, most);
  drawn.rows.reserve(drawn.teaching + contenders.size());
  for (std::size_t i = 0; i < drawn.teaching; ++i) {
    drawn.rows.push_back(i * n / drawn.teaching);
    place_of[drawn.rows.back()] = i;
  }
  for (const std::size_t row : contenders) {
    if (place_of[row] == k_absent) {
      place_of[row] = drawn.rows.size();
      drawn.rows.push_back(row);
    }
    drawn.places.push_back(place_of[row]);
  }
  return drawn;
}

/// An axis that no seed changes keeps its means: draws would part what is equal.
std::vector<bool> noisy_axes(const MeasuredMeans& measured) {
  std::vector<bool> noisy;
  for (std::size_t axis = 0; axis < measured.dimensions; ++axis)
    noisy.push_back(measured.noise(axis, axis) > k_noiseless);
  return noisy;
}

}  // namespace

std::optional<Membership> membership(const ReplicateValues& values, RandomSource& random,
                                     const MembershipEffort& effort) {
  const std::optional<MeasuredMeans> measured = measure_means(values);
  if (!measured)
    return std::nullopt;
  const std::size_t n = values.configurations, m = values.dimensions;
  Membership answer;
  answer.probability.assign(n, 0.0);
  answer.means.assign(n * m, std::numeric_limits<double>::quiet_NaN());
  const std::vector<bool> noisy = noisy_axes(*measured);
  if (std::ranges::none_of(noisy, [](bool each) { return each; })) {
    answer.means = means_of(values);
    for (const std::size_t row : non_dominated({answer.means, m}, Copies::all))
      answer.probability[row] = 1;
    return answer;
  }
  const std::vector<std::size_t> contenders = contenders_of(*measured);
  const DrawnRows drawn = rows_to_draw(n, contenders, effort.teaching);
  answer.draws = draws_for(drawn.rows.size(), m, effort);
  MeanModel model(*measured, drawn.rows, drawn.teaching, random);
  for (std::size_t step = 0; step < answer.draws / 4; ++step)
    model.step();
  std::vector<double> points(contenders.size() * m), sums(contenders.size() * m, 0.0);
  for (std::size_t draw = 0; draw < answer.draws; ++draw) {
    model.step();
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      for (std::size_t axis = 0; axis < m; ++axis) {
        points[i * m + axis] =
            noisy[axis] ? model.means()[drawn.places[i] * m + axis] : measured->means[contenders[i] * m + axis];
        sums[i * m + axis] += points[i * m + axis];
      }
    }
    for (const std::size_t i : non_dominated({points, m}, Copies::all))
      answer.probability[contenders[i]] += 1;
  }
  const auto draws = static_cast<double>(answer.draws);
  for (double& probability : answer.probability)
    probability /= draws;
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    for (std::size_t axis = 0; axis < m; ++axis) {
      answer.means[contenders[i] * m + axis] =
          measured->shift[axis] + measured->scale[axis] * sums[i * m + axis] / draws;
    }
  }
  return answer;
}

ConfidentFront front_at_confidence(std::span<const double> probability, double confidence) {
  check(confidence > 0.5 && confidence < 1, "a confidence lies between 0.5 and 1");
  ConfidentFront front;
  for (std::size_t i = 0; i < probability.size(); ++i) {
    if (probability[i] >= confidence)
      front.sure.push_back(i);
    if (probability[i] > 1 - confidence)
      front.possible.push_back(i);
  }
  return front;
}

}  // namespace fairsweep::pareto
