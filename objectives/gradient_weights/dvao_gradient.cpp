#include "objectives/gradient_weights/dvao_gradient.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

std::vector<double> dvao_gradient_weights(const Gramian& gramian, std::span<const double> preferences) {
  check(preferences.size() == gramian.losses(), "there is a preference for each loss");
  check(std::ranges::all_of(preferences, [](double one) { return std::isfinite(one) && one >= 0; }),
        "preferences are not negative");
  return gramian.weigh([&](const Gradients& gradients) {
    const std::vector<std::size_t>& present = gramian.present();
    // Relative to the longest with weight, so that the sum is at least that one's weight whatever the scale.
    double longest = 0;
    for (std::size_t i = 0; i < present.size(); ++i) {
      if (preferences[present[i]] > 0)
        longest = std::max(longest, gradients.lengths[i]);
    }
    std::vector<double> weights(present.size(), 0.0);
    if (longest == 0)
      return weights;
    double sum = 0;
    for (std::size_t i = 0; i < present.size(); ++i)
      sum += preferences[present[i]] > 0 ? preferences[present[i]] * (gradients.lengths[i] / longest) : 0.0;
    for (std::size_t i = 0; i < present.size(); ++i)
      weights[i] = preferences[present[i]] / sum / longest;
    return weights;
  });
}

}  // namespace fairsweep
