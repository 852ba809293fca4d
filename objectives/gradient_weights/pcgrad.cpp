#include "objectives/gradient_weights/pcgrad.hpp"

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

PcgradOrders pcgrad_orders(std::size_t losses, RandomStream& stream) {
  PcgradOrders orders(losses);
  for (auto& order : orders) {
    order = stream.permutation(static_cast<std::uint32_t>(losses));
  }
  return orders;
}

std::vector<double> pcgrad_weights(const Gramian& gramian, const PcgradOrders& orders) {
  check(orders.size() == gramian.losses(), "an order for each loss");
  std::vector<std::size_t> place(gramian.losses(), gramian.losses());  // of a loss among those with a gradient
  for (std::size_t i = 0; i < gramian.present().size(); ++i) {
    place[gramian.present()[i]] = i;
  }
  return gramian.weigh([&](const Gradients& gradients) {
    const std::size_t count = gradients.count();
    std::vector<double> weights(count, 0.0);
    std::vector<double> left(count);  // of one gradient, in unit gradients
    for (std::size_t i = 0; i < count; ++i) {
      left.assign(count, 0.0);
      left[i] = 1;
      const auto& order = orders[gramian.present()[i]];
      check(order.size() == gramian.losses(), "an order holds every loss");
      for (const std::uint32_t loss : order) {
        check(loss < gramian.losses(), "an order holds losses");
        const std::size_t other = place[loss];
        if (other == i || other == gramian.losses()) {
          continue;
        }
        const double along = dot(gradients.cosines.row(other), left);
        if (along < 0) {
          left[other] -= along;
        }
      }
      for (std::size_t j = 0; j < count; ++j) {
        weights[j] += left[j] * (gradients.lengths[i] / gradients.lengths[j]);
      }
    }
    return weights;
  });
}

}  // namespace fairsweep
