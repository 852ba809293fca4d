#include "results/pareto/contenders.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

#include "results/pareto/non_dominated.hpp"

namespace fairsweep::pareto {
namespace {

constexpr double k_clear = 5;  // standard errors
constexpr int k_first_looks = 3, k_further_looks = 8;
constexpr double k_far = 3.5, k_near = 0.75;  // standard errors

class Screening {
 public:
  Screening(const MeasuredMeans& measured, MeanModel& model, DrawnRows& drawn)
      : measured_(measured),
        model_(model),
        drawn_(drawn),
        errors_behind_(drawn.contenders.size(), k_far),
        seen_on_front_(drawn.contenders.size(), false) {
    errors_.reserve(drawn.contenders.size() * measured.dimensions);
    for (const std::size_t row : drawn.contenders) {
      for (std::size_t axis = 0; axis < measured.dimensions; ++axis)
        errors_.push_back(standard_error(measured, row, axis));
    }
  }

  void look() {
    const std::size_t m = measured_.dimensions;
    model_.step();
    std::vector<double> points;
    points.reserve(drawn_.contenders.size() * m);
    for (const std::size_t place : drawn_.places) {
      const auto point = model_.means().subspan(place * m, m);
      points.insert(points.end(), point.begin(), point.end());
    }
    std::vector<double> front;
    for (const std::size_t i : non_dominated({points, m}, Copies::first)) {
      seen_on_front_[i] = true;
      const auto begin = points.begin() + static_cast<std::ptrdiff_t>(i * m);
      front.insert(front.end(), begin, begin + static_cast<std::ptrdiff_t>(m));
    }
    for (std::size_t i = 0; i < drawn_.contenders.size(); ++i)
      errors_behind_[i] = errors_behind(front, i);
  }

  /// Keeps who was closer to a front than this in some look, or on one.
  void keep_within(double errors) {
    std::vector<std::size_t> places(drawn_.teaching);
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::size_t left = 0;
    for (std::size_t i = 0; i < drawn_.contenders.size(); ++i) {
      if (errors_behind_[i] >= errors && !seen_on_front_[i])
        continue;
      std::size_t place = drawn_.places[i];
      if (place >= drawn_.teaching) {
        places.push_back(place);
        place = places.size() - 1;
      }
      drawn_.contenders[left] = drawn_.contenders[i];
      drawn_.places[left] = place;
      errors_behind_[left] = errors_behind_[i];
      seen_on_front_[left] = seen_on_front_[i];
      std::copy_n(errors_.begin() + static_cast<std::ptrdiff_t>(i * measured_.dimensions), measured_.dimensions,
                  errors_.begin() + static_cast<std::ptrdiff_t>(left * measured_.dimensions));
      ++left;
    }
    drawn_.contenders.resize(left);
    drawn_.places.resize(left);
    model_.keep(places);
    for (std::size_t& place : places)
      place = drawn_.rows[place];
    drawn_.rows = std::move(places);
  }

 private:
  /// By how many standard errors a contender may be better in everything than it was measured and is still beaten by
  /// one of the front; at most what it was before, negative where it is not beaten as it is.
  [[nodiscard]] double errors_behind(const std::vector<double>& front, std::size_t contender) const {
    const std::size_t m = measured_.dimensions;
    const double* mean = measured_.means.data() + drawn_.contenders[contender] * m;
    const double* error = errors_.data() + contender * m;
    const double before = errors_behind_[contender];
    double most = -std::numeric_limits<double>::infinity();
    for (std::size_t begin = 0; begin < front.size() && most < before; begin += m) {
      double least = before;
      for (std::size_t axis = 0; axis < m && least > most; ++axis)
        least = std::min(least, (mean[axis] - front[begin + axis]) / error[axis]);
      most = std::max(most, least);
    }
    return most;
  }

  const MeasuredMeans& measured_;
  MeanModel& model_;
  DrawnRows& drawn_;
  std::vector<double> errors_;         ///< [contenders, dimensions] standard errors
  std::vector<double> errors_behind_;  ///< [contenders] the least of all looks
  std::vector<bool> seen_on_front_;
};

}  // namespace

double standard_error(const MeasuredMeans& measured, std::size_t row, std::size_t axis) {
  const double count = measured.counts[row];
  const double own = count > 1 ? measured.scatters[row](axis, axis) / (count - 1) : 0;
  return std::sqrt(std::max(own, measured.noise(axis, axis)) / count);
}

/// Whoever is beaten is beaten by one on the front of the pessimistic means.
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

DrawnRows rows_to_draw(std::size_t count, std::vector<std::size_t> contenders, std::size_t teaching) {
  DrawnRows drawn;
  constexpr std::size_t k_absent = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> place_of(count, k_absent);
  drawn.teaching = std::min(count, teaching);
  drawn.rows.reserve(drawn.teaching + contenders.size());
  drawn.places.reserve(contenders.size());
  for (std::size_t i = 0; i < drawn.teaching; ++i) {
    drawn.rows.push_back(i * count / drawn.teaching);
    place_of[drawn.rows.back()] = i;
  }
  for (const std::size_t row : contenders) {
    if (place_of[row] == k_absent) {
      place_of[row] = drawn.rows.size();
      drawn.rows.push_back(row);
    }
    drawn.places.push_back(place_of[row]);
  }
  drawn.contenders = std::move(contenders);
  return drawn;
}

void screen(const MeasuredMeans& measured, MeanModel& model, DrawnRows& drawn) {
  Screening screening(measured, model, drawn);
  for (int look = 0; look < k_first_looks; ++look)
    screening.look();
  screening.keep_within(k_far);
  for (int look = 0; look < k_further_looks; ++look)
    screening.look();
  screening.keep_within(k_near);
}

}  // namespace fairsweep::pareto
