#include "objectives/gradient_weights/dual_proj.hpp"

#include "objectives/gradient_weights/dual_cone.hpp"

namespace fairsweep {

namespace {

std::vector<double> projection_of_mean(const Gradients& gradients) {
  const auto count = static_cast<double>(gradients.count());
  const double greatest = gradients.greatest_length();
  std::vector<double> start(gradients.lengths);
  for (double& value : start) {
    value /= greatest * count;
  }
  auto weights = way_into_dual_cone(gradients.cosines, start);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = 1 / count + weights[i] * (greatest / gradients.lengths[i]);
  }
  return weights;
}

}  // namespace

std::vector<double> dual_proj_weights(const Gramian& gramian, double regularisation) {
  return gramian.with_ridge(regularisation).weigh(projection_of_mean);
}

}  // namespace fairsweep
