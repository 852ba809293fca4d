#pragma once

#include <cstdint>
#include <vector>

namespace fairsweep {

/// Points in clusters.
struct Clusters {
  std::vector<std::int32_t> cluster;    ///< [points]
  std::vector<double> centres;          ///< [clusters, width], row-major
  std::vector<double> inertia_by_step;  ///< sum of squared distances to the nearest centre before each step; falls
  [[nodiscard]] double inertia() const { return inertia_by_step.back(); }
};

/// k-means: Lloyd's steps from k-means++ centres (Arthur and Vassilvitskii, SODA 2007), several times from independent
/// counter-based streams; the one with the least inertia, of equal ones the first. Clusters are numbered by size, the
/// largest first, of equal ones the one with the earlier first point. Fewer distinct points than clusters leave some
/// clusters out, never empty.
/// @param points [points, width], row-major, at least one. O(restarts x steps x points x clusters x width).
[[nodiscard]] Clusters k_means(const std::vector<double>& points, std::size_t width, std::size_t clusters,
                               std::uint64_t seed, std::uint32_t restarts = 10);

/// Squared distances of one point to every centre, [clusters].
[[nodiscard]] std::vector<double> squared_distances(const double* point, const std::vector<double>& centres,
                                                    std::size_t width);

}  // namespace fairsweep
