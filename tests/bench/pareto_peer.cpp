#include "tests/bench/pareto_peer.hpp"

#include <algorithm>
#include <stdexcept>

#ifdef FAIRSWEEP_PAGMO
#include <pagmo/utils/hypervolume.hpp>
#include <pagmo/utils/multi_objective.hpp>
#endif

namespace fairsweep::bench {

PeerPoints peer_points(const PointSet& set) {
  PeerPoints rows;
  rows.reserve(set.size());
  for (std::size_t row = 0; row < set.size(); ++row)
    rows.emplace_back(set.view()[row].begin(), set.view()[row].end());
  return rows;
}

#ifdef FAIRSWEEP_PAGMO

const bool has_peer = true;

double peer_hypervolume(const PeerPoints& points, const std::vector<double>& reference) {
  return pagmo::hypervolume(points, false).compute(reference);
}

std::vector<double> peer_contributions(const PeerPoints& points, const std::vector<double>& reference) {
  return pagmo::hypervolume(points, false).contributions(reference);
}

std::vector<std::size_t> peer_front_of_two(const PeerPoints& points) {
  const auto front = pagmo::non_dominated_front_2d(points);
  std::vector<std::size_t> rows(front.begin(), front.end());
  std::ranges::sort(rows);
  return rows;
}

std::vector<std::size_t> peer_ranks(const PeerPoints& points) {
  const auto ranks = std::get<3>(pagmo::fast_non_dominated_sorting(points));
  return {ranks.begin(), ranks.end()};
}

#else

const bool has_peer = false;

namespace {
[[noreturn]] void absent() { throw std::logic_error("pagmo2 was not there at configuration"); }
}  // namespace

double peer_hypervolume(const PeerPoints&, const std::vector<double>&) { absent(); }
std::vector<double> peer_contributions(const PeerPoints&, const std::vector<double>&) { absent(); }
std::vector<std::size_t> peer_front_of_two(const PeerPoints&) { absent(); }
std::vector<std::size_t> peer_ranks(const PeerPoints&) { absent(); }

#endif

}  // namespace fairsweep::bench
