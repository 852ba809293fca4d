#pragma once

#include <cstddef>
#include <vector>

#include "tests/bench/point_sets.hpp"

/// The same tasks by pagmo2, where libpagmo-dev was there at configuration.
namespace fairsweep::bench {

extern const bool has_peer;
using PeerPoints = std::vector<std::vector<double>>;
[[nodiscard]] PeerPoints peer_points(const PointSet& set);
[[nodiscard]] double peer_hypervolume(const PeerPoints& points, const std::vector<double>& reference);
[[nodiscard]] std::vector<double> peer_contributions(const PeerPoints& points, const std::vector<double>& reference);
/// Ascending rows of a front in two columns.
[[nodiscard]] std::vector<std::size_t> peer_front_of_two(const PeerPoints& points);
[[nodiscard]] std::vector<std::size_t> peer_ranks(const PeerPoints& points);

}  // namespace fairsweep::bench
