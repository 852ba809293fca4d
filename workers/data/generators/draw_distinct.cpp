#include "workers/data/generators/draw_distinct.hpp"

#include <set>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

std::vector<std::uint64_t> draw_distinct(RandomStream& stream, std::uint64_t total, std::size_t wanted) {
  check(wanted <= total, "more different numbers are wanted than there are");
  if (wanted > total / 2) {
    const auto order = stream.permutation(static_cast<std::uint32_t>(total));
    return {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(wanted)};
  }
  std::vector<std::uint64_t> numbers;
  numbers.reserve(wanted);
  std::set<std::uint64_t> seen;
  while (numbers.size() < wanted) {
    const std::uint64_t number = stream.below(total);
    if (seen.insert(number).second) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

}  // namespace fairsweep
