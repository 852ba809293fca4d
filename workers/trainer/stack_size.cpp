#include "workers/trainer/stack_size.hpp"

#include <algorithm>

namespace fairsweep {
namespace {

constexpr std::int64_t k_bytes = 4;
constexpr std::int64_t k_host_budget = std::int64_t{5} << 20;  // past it nothing was gained
constexpr std::int64_t k_gpu_budget = std::int64_t{1} << 30;
constexpr std::int64_t k_most_on_host = 32;
constexpr std::int64_t k_most_on_gpu = 256;

}  // namespace

std::int64_t bytes_of_step(const StackDemand& demand) {
  const std::int64_t rows = demand.batch * demand.candidates;
  const std::int64_t activations = rows * (demand.features + 3 * demand.hidden + 4);
  return k_bytes * (activations + 5 * demand.parameters);
}

std::int64_t largest_stack(bool on_gpu) { return on_gpu ? k_most_on_gpu : k_most_on_host; }

std::int64_t guessed_stack_size(const StackDemand& demand, bool on_gpu) {
  const std::int64_t fitting =
      (on_gpu ? k_gpu_budget : k_host_budget) / std::max<std::int64_t>(1, bytes_of_step(demand));
  return std::clamp<std::int64_t>(fitting, 1, largest_stack(on_gpu));
}

}  // namespace fairsweep
