#include "objectives/gradient_weights/shortest_combination.hpp"

#include <cmath>

#include "objectives/gradient_weights/non_negative_quadratic.hpp"

namespace fairsweep {

std::vector<double> shortest_combination(const Gradients& gradients) {
  const std::size_t count = gradients.count();
  const double least = gradients.least_length();
  std::vector<double> rise(count);    // t / |g_i|
  std::vector<double> target(count);  // cosine of (g_i, t) and (0, t)
  std::vector<double> longer(count);  // |(g_i, t)| / |g_i|
  for (std::size_t i = 0; i < count; ++i) {
    rise[i] = least / gradients.lengths[i];
    longer[i] = std::sqrt(1 + rise[i] * rise[i]);
    target[i] = rise[i] / longer[i];
  }
  SquareMatrix cosines(count);
  for (std::size_t i = 0; i < count; ++i) {
    cosines(i, i) = 1;
    for (std::size_t j = 0; j < i; ++j) {
      const double cosine = (gradients.cosines(i, j) + rise[i] * rise[j]) / (longer[i] * longer[j]);
      cosines(i, j) = cosine;
      cosines(j, i) = cosine;
    }
  }
  auto weights = non_negative_minimum(cosines, target).at;
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    weights[i] *= target[i];
    sum += weights[i];
  }
  for (double& weight : weights) {
    weight /= sum;
  }
  return weights;
}

}  // namespace fairsweep
