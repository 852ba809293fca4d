#include "results/pareto/membership.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/contenders.hpp"
#include "results/pareto/mean_model.hpp"
#include "results/pareto/measured_means.hpp"
#include "results/pareto/non_dominated.hpp"

namespace fairsweep::pareto {
namespace {

constexpr double k_noiseless = 1e-20;  // variance of an axis that does not change with the seed
constexpr std::size_t k_fewest_draws = 200;
constexpr std::size_t k_settling = 10;  // steps of rows that the model has not learnt from

std::size_t draws_for(std::size_t rows, std::size_t dimensions, const MembershipEffort& effort) {
  const auto m = static_cast<double>(dimensions);
  const double cost = static_cast<double>(rows) * (1 + m * m * (8 + m / 3) / 100);
  const auto affordable = static_cast<std::size_t>(static_cast<double>(effort.work) / cost);
  return std::max(k_fewest_draws, std::min(effort.draws, affordable));
}

/// An axis that no seed changes keeps its means: draws would part what is equal.
std::vector<bool> noisy_axes(const MeasuredMeans& measured) {
  std::vector<bool> noisy;
  noisy.reserve(measured.dimensions);
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
  DrawnRows drawn = rows_to_draw(n, contenders_of(*measured), effort.teaching);
  MeanModel model(*measured, drawn.rows, drawn.teaching, random);
  const std::size_t warm_up = draws_for(drawn.rows.size(), m, effort) / 4;
  for (std::size_t step = 0; step < warm_up; ++step)
    model.learn();
  if (drawn.rows.size() > effort.work / k_fewest_draws)
    screen(*measured, model, drawn);
  for (std::size_t step = 0; step < k_settling && drawn.rows.size() > drawn.teaching; ++step)
    model.step();
  answer.draws = draws_for(drawn.rows.size(), m, effort);
  const std::vector<std::size_t>& contenders = drawn.contenders;
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
