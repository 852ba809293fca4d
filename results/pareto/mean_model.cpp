#include "results/pareto/mean_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::pareto {
namespace {

constexpr std::size_t k_components = 8;
constexpr double k_concentration = 1.0;  // of the components' shares together: few are enough
/// Possible degrees of freedom of the spreads.
constexpr std::array<double, 7> k_evenness = {4, 8, 16, 32, 64, 128, 1024};
constexpr double k_noise_degrees = 3;  // beyond dimensions - 1: how sure the prior of the noise is
constexpr double k_component_degrees = 4;
constexpr double k_component_variance = 0.1;  // usual, of a component, in units of the configurations'

}  // namespace

MeanModel::MeanModel(const MeasuredMeans& measured, std::span<const std::size_t> rows, std::size_t teaching,
                     RandomSource& random)
    : measured_(measured),
      rows_(rows.begin(), rows.end()),
      teaching_(teaching),
      random_(random),
      size_(measured.dimensions),
      spreads_(rows.size(), 1.0),
      component_of_(rows.size(), 0),
      distances_(rows.size()),
      off_(measured.dimensions),
      components_(k_components),
      noise_precision_(inverse_of_factored(cholesky(measured.noise))),
      shape_(measured.dimensions, k_component_variance * k_component_degrees),
      evenness_(k_evenness[4]) {
  check(teaching_ > 0 && teaching_ <= rows_.size(), "a model learns from one configuration at least");
  means_.reserve(rows_.size() * size_);
  for (std::size_t place = 0; place < rows_.size(); ++place)
    means_.insert(means_.end(), measured_at(place).begin(), measured_at(place).end());
  // Bands along the first axis to begin with.
  std::vector<std::size_t> order(rows_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t place) { return means_[place * size_]; });
  std::vector<double> counts(k_components, 0.0);
  for (Component& component : components_)
    component.centre.assign(size_, 0.0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t k = i * k_components / order.size();
    component_of_[order[i]] = k;
    ++counts[k];
    for (std::size_t axis = 0; axis < size_; ++axis)
      components_[k].centre[axis] += (mean_at(order[i])[axis] - components_[k].centre[axis]) / counts[k];
  }
  draw_components();
}

void MeanModel::step() { step_with(rows_.size()); }

void MeanModel::learn() { step_with(teaching_); }

void MeanModel::step_with(std::size_t drawn) {
  draw_means(drawn);
  draw_spreads(drawn);
  draw_noise();
  draw_components();
  draw_shape();
}

void MeanModel::keep(std::span<const std::size_t> places) {
  check(places.size() >= teaching_ && places[teaching_ - 1] == teaching_ - 1, "the rows that teach have to stay");
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::size_t place = places[i];
    rows_[i] = rows_[place];
    spreads_[i] = spreads_[place];
    component_of_[i] = component_of_[place];
    std::ranges::copy(mean_at(place), mean_at(i).begin());
  }
  rows_.resize(places.size());
  spreads_.resize(places.size());
  component_of_.resize(places.size());
  means_.resize(places.size() * size_);
}

double MeanModel::facts(std::size_t place) const { return static_cast<double>(size_) * measured_.counts[rows_[place]]; }

double MeanModel::distance(std::size_t place) {
  for (std::size_t axis = 0; axis < size_; ++axis)
    off_[axis] = measured_at(place)[axis] - mean_at(place)[axis];
  const SmallMatrix& scatter = measured_.scatters[rows_[place]];
  double sum = measured_.counts[rows_[place]] * quadratic_form(noise_precision_, off_);
  for (std::size_t i = 0; i < size_; ++i) {
    for (std::size_t j = 0; j < size_; ++j)
      sum += noise_precision_(i, j) * scatter(i, j);
  }
  return std::max(sum, 0.0);
}

void MeanModel::draw_spreads(std::size_t drawn) {
  std::array<double, k_evenness.size()> log_weights{};
  for (std::size_t place = 0; place < drawn; ++place) {
    distances_[place] = distance(place);
    if (place >= teaching_)
      continue;
    // Student's density of the replicates, the spread integrated out.
    const double numbers = facts(place);
    for (std::size_t k = 0; k < k_evenness.size(); ++k) {
      const double degrees = k_evenness[k];
      log_weights[k] += std::lgamma((degrees + numbers) / 2) - std::lgamma(degrees / 2) -
                        numbers / 2 * std::log(degrees / 2) -
                        (degrees + numbers) / 2 * std::log1p(distances_[place] / degrees);
    }
  }
  evenness_ = k_evenness[pick(log_weights)];
  for (std::size_t place = 0; place < drawn; ++place)
    spreads_[place] = (evenness_ + distances_[place]) / 2 / random_.gamma((evenness_ + facts(place)) / 2);
}

void MeanModel::draw_noise() {
  double degrees = static_cast<double>(size_) - 1 + k_noise_degrees;
  SmallMatrix scale(size_);
  for (std::size_t axis = 0; axis < size_; ++axis)
    scale(axis, axis) = k_noise_degrees * measured_.noise(axis, axis);
  for (std::size_t place = 0; place < teaching_; ++place) {
    const double count = measured_.counts[rows_[place]];
    for (std::size_t axis = 0; axis < size_; ++axis)
      off_[axis] = measured_at(place)[axis] - mean_at(place)[axis];
    scale.add(measured_.scatters[rows_[place]], 1 / spreads_[place]);
    scale.add_outer(off_, count / spreads_[place]);
    degrees += count;
  }
  noise_precision_ = inverse_of_factored(cholesky(draw_inverse_wishart(scale, degrees, random_)));
}

void MeanModel::draw_covariance(Component& component, std::size_t number, double count) {
  SmallMatrix scale = shape_;
  for (std::size_t place = 0; place < teaching_; ++place) {
    if (component_of_[place] != number)
      continue;
    for (std::size_t axis = 0; axis < size_; ++axis)
      off_[axis] = mean_at(place)[axis] - component.centre[axis];
    scale.add_outer(off_, 1);
  }
  const double degrees = static_cast<double>(size_) - 1 + k_component_degrees + count;
  const SmallMatrix lower = cholesky(draw_inverse_wishart(scale, degrees, random_));
  component.precision = inverse_of_factored(lower);
  component.log_weight = std::log(std::max(component.share, 1e-300)) - log_diagonal(lower);
}

/// The prior of a centre is normal(0, 1) on every axis.
void MeanModel::draw_centre(Component& component, std::size_t number, double count) {
  std::vector<double> sum(size_, 0.0);
  for (std::size_t place = 0; place < teaching_; ++place) {
    for (std::size_t axis = 0; component_of_[place] == number && axis < size_; ++axis)
      sum[axis] += mean_at(place)[axis];
  }
  SmallMatrix precision(size_, 1.0);
  precision.add(component.precision, count);
  const SmallMatrix lower = cholesky(precision);
  for (std::size_t axis = 0; axis < size_; ++axis) {
    component.centre[axis] = 0;
    for (std::size_t other = 0; other < size_; ++other)
      component.centre[axis] += component.precision(axis, other) * sum[other];
  }
  solve_lower(lower, component.centre);
  for (double& value : component.centre)
    value += random_.normal();
  solve_upper(lower, component.centre);
}

void MeanModel::draw_components() {
  std::vector<double> counts(k_components, 0.0);
  for (std::size_t place = 0; place < teaching_; ++place)
    ++counts[component_of_[place]];
  double total = 0;
  for (std::size_t k = 0; k < k_components; ++k)
    total += components_[k].share = random_.gamma(counts[k] + k_concentration / k_components);
  for (std::size_t k = 0; k < k_components; ++k) {
    components_[k].share /= total;
    draw_covariance(components_[k], k, counts[k]);
    draw_centre(components_[k], k, counts[k]);
  }
}

/// Its prior is Wishart with as few degrees of freedom as there can well be.
void MeanModel::draw_shape() {
  const double prior = static_cast<double>(size_) + 1;
  SmallMatrix sum(size_, prior / (k_component_variance * k_component_degrees));
  for (const Component& component : components_)
    sum.add(component.precision, 1);
  const double degrees = static_cast<double>(size_) - 1 + k_component_degrees;
  shape_ = draw_wishart(inverse_of_factored(cholesky(sum)), prior + degrees * k_components, random_);
}

std::size_t MeanModel::pick(std::span<double> log_weights) {
  constexpr double k_nothing = -40;  // what is left of a weight beside the largest is less than rounding
  const double largest = *std::ranges::max_element(log_weights);
  double total = 0;
  for (double& weight : log_weights) {
    weight -= largest;
    weight = weight > k_nothing ? std::exp(weight) : 0;
    total += weight;
  }
  double left = random_.uniform() * total;
  for (std::size_t k = 0; k + 1 < log_weights.size(); ++k) {
    if (left < log_weights[k])
      return k;
    left -= log_weights[k];
  }
  return log_weights.size() - 1;
}

std::size_t MeanModel::draw_component(std::span<const double> mean) {
  std::array<double, k_components> log_weights{};
  for (std::size_t k = 0; k < k_components; ++k) {
    for (std::size_t axis = 0; axis < size_; ++axis)
      off_[axis] = mean[axis] - components_[k].centre[axis];
    log_weights[k] = components_[k].log_weight - quadratic_form(components_[k].precision, off_) / 2;
  }
  return pick(log_weights);
}

void MeanModel::draw_mean(std::size_t place, const Component& component) {
  const double known = measured_.counts[rows_[place]] / spreads_[place];
  precision_ = component.precision;
  precision_.add(noise_precision_, known);
  factor(precision_);
  const std::span<double> mean = mean_at(place);
  for (std::size_t axis = 0; axis < size_; ++axis) {
    mean[axis] = 0;
    for (std::size_t other = 0; other < size_; ++other) {
      mean[axis] += component.precision(axis, other) * component.centre[other] +
                    known * noise_precision_(axis, other) * measured_at(place)[other];
    }
  }
  solve_lower(precision_, mean);
  for (double& value : mean)
    value += random_.normal();
  solve_upper(precision_, mean);
}

void MeanModel::draw_means(std::size_t drawn) {
  for (std::size_t place = 0; place < drawn; ++place) {
    component_of_[place] = draw_component(mean_at(place));
    draw_mean(place, components_[component_of_[place]]);
  }
}

}  // namespace fairsweep::pareto
