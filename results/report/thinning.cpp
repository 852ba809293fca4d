#include "results/report/thinning.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/random/philox.hpp"

namespace fairsweep::report {

std::vector<std::size_t> thinned(const std::vector<std::uint32_t>& keys, std::size_t most) {
  std::vector<std::size_t> kept(keys.size());
  std::iota(kept.begin(), kept.end(), std::size_t{0});
  if (keys.size() <= most)
    return kept;
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  order.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto block = philox4x32({keys[i], 0, 0, 0}, {0x7265706f, 0x72740000});
    order.emplace_back(std::uint64_t{block[0]} << 32U | block[1], i);
  }
  std::ranges::nth_element(order, order.begin() + static_cast<std::ptrdiff_t>(most));
  kept.resize(most);
  for (std::size_t i = 0; i < most; ++i)
    kept[i] = order[i].second;
  std::ranges::sort(kept);
  return kept;
}

std::vector<std::size_t> spread_evenly(std::size_t count, std::size_t most) {
  std::vector<std::size_t> places;
  if (count <= most) {
    places.resize(count);
    std::iota(places.begin(), places.end(), std::size_t{0});
    return places;
  }
  places.reserve(most);
  for (std::size_t i = 0; i < most; ++i)
    places.push_back(i * (count - 1) / (most - 1));
  return places;
}

}  // namespace fairsweep::report
