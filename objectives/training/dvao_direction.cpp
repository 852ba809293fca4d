#include "objectives/training/dvao_direction.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

std::vector<double> dvao_direction_weights(std::span<const double> gramian, std::span<const double> weights) {
  const std::size_t losses = weights.size();
  check(gramian.size() == losses * losses, "a Gramian has a row and a column for each loss");
  std::vector<double> norm(losses);
  double largest = 0;
  for (std::size_t g = 0; g < losses; ++g) {
    const double square = gramian[g * losses + g];
    if (!std::isfinite(square) || square < 0)
      return std::vector<double>(losses, std::numeric_limits<double>::quiet_NaN());
    norm[g] = std::sqrt(square);
    largest = std::max(largest, weights[g] > 0 ? norm[g] : 0.0);
  }
  std::vector<double> answer(losses, 0.0);
  if (largest == 0)
    return answer;
  double sum = 0;  // of w_l ||grad_l|| / largest: at least the weight of the longest, whatever the scale
  for (std::size_t g = 0; g < losses; ++g)
    sum += weights[g] > 0 ? weights[g] * (norm[g] / largest) : 0.0;
  for (std::size_t g = 0; g < losses; ++g)
    answer[g] = norm[g] > 0 ? weights[g] / sum / largest : 0.0;
  return answer;
}

}  // namespace fairsweep
