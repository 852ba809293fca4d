#include "objectives/gradient_weights/upgrad.hpp"

#include "objectives/gradient_weights/dual_cone.hpp"

namespace fairsweep {

namespace {

std::vector<double> mean_of_projections(const Gradients& gradients) {
  const std::size_t count = gradients.count();
  const auto& lengths = gradients.lengths;
  std::vector<double> weights(count, 1.0 / static_cast<double>(count));
  std::vector<double> start(count, 0.0);
  for (std::size_t i = 0; i < count; ++i) {
    start[i] = 1;
    const auto added = way_into_dual_cone(gradients.cosines, start);
    start[i] = 0;
    for (std::size_t j = 0; j < count; ++j) {
      weights[j] += added[j] * (lengths[i] / lengths[j]) / static_cast<double>(count);
    }
  }
  return weights;
}

}  // namespace

std::vector<double> upgrad_weights(const Gramian& gramian, double regularisation) {
  return gramian.with_ridge(regularisation).weigh(mean_of_projections);
}

}  // namespace fairsweep
