#include "workers/data/groups/k_means.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"

namespace fairsweep {
namespace {

constexpr std::size_t k_most_steps = 300;

double squared_distance(const double* left, const double* right, std::size_t width) {
  double sum = 0;
  for (std::size_t i = 0; i < width; ++i)
    sum += (left[i] - right[i]) * (left[i] - right[i]);
  return sum;
}

/// Centres that are points, each drawn with the squared distance to the nearest before it as its chance.
std::vector<double> first_centres(const std::vector<double>& points, std::size_t width, std::size_t clusters,
                                  RandomStream& stream) {
  const std::size_t n = points.size() / width;
  std::vector<double> nearest(n, std::numeric_limits<double>::infinity());
  std::vector<double> centres;
  auto chosen = static_cast<std::size_t>(stream.below(n));
  while (true) {
    const double* centre = points.data() + chosen * width;
    centres.insert(centres.end(), centre, centre + width);
    double total = 0;
    for (std::size_t i = 0; i < n; ++i) {
      nearest[i] = std::min(nearest[i], squared_distance(points.data() + i * width, centre, width));
      total += nearest[i];
    }
    if (centres.size() == clusters * width || !(total > 0))
      return centres;
    double rest = stream.uniform() * total;
    chosen = n;
    for (std::size_t i = 0; i < n && (chosen == n || rest >= 0); ++i) {
      if (nearest[i] > 0) {
        chosen = i;  // the last one with a chance, should rounding leave a rest
        rest -= nearest[i];
      }
    }
  }
}

/// Moves the centres to the means of their points until nothing changes.
Clusters settle(const std::vector<double>& points, std::size_t width, std::vector<double> centres) {
  const std::size_t n = points.size() / width;
  Clusters answer;
  answer.cluster.assign(n, -1);
  answer.centres = std::move(centres);
  for (std::size_t step = 0; step < k_most_steps; ++step) {
    bool moved = false;
    double inertia = 0;
    std::vector<double> sums(answer.centres.size(), 0);
    std::vector<double> counts(answer.centres.size() / width, 0);
    for (std::size_t i = 0; i < n; ++i) {
      const std::vector<double> distances = squared_distances(points.data() + i * width, answer.centres, width);
      const auto best = std::min_element(distances.begin(), distances.end());
      const auto cluster = static_cast<std::size_t>(best - distances.begin());
      moved = moved || answer.cluster[i] != static_cast<std::int32_t>(cluster);
      answer.cluster[i] = static_cast<std::int32_t>(cluster);
      inertia += *best;
      counts[cluster] += 1;
      for (std::size_t at = 0; at < width; ++at)
        sums[cluster * width + at] += points[i * width + at];
    }
    answer.inertia_by_step.push_back(inertia);
    if (!moved)
      break;
    for (std::size_t cell = 0; cell < sums.size(); ++cell) {
      if (counts[cell / width] > 0)
        answer.centres[cell] = sums[cell] / counts[cell / width];
    }
  }
  return answer;
}

/// Renumbers by size and drops what is empty.
Clusters by_size(Clusters found, std::size_t width) {
  const std::size_t clusters = found.centres.size() / width;
  std::vector<std::size_t> size(clusters, 0);
  std::vector<std::size_t> first(clusters, found.cluster.size());
  for (std::size_t i = 0; i < found.cluster.size(); ++i) {
    const auto cluster = static_cast<std::size_t>(found.cluster[i]);
    ++size[cluster];
    first[cluster] = std::min(first[cluster], i);
  }
  std::vector<std::size_t> order(clusters);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return size[left] != size[right] ? size[left] > size[right] : first[left] < first[right];
  });
  std::erase_if(order, [&](std::size_t cluster) { return size[cluster] == 0; });
  std::vector<std::int32_t> number(clusters, -1);
  std::vector<double> centres;
  for (std::size_t place = 0; place < order.size(); ++place) {
    number[order[place]] = static_cast<std::int32_t>(place);
    const double* centre = found.centres.data() + order[place] * width;
    centres.insert(centres.end(), centre, centre + width);
  }
  for (std::int32_t& cluster : found.cluster)
    cluster = number[static_cast<std::size_t>(cluster)];
  found.centres = std::move(centres);
  return found;
}

}  // namespace

std::vector<double> squared_distances(const double* point, const std::vector<double>& centres, std::size_t width) {
  std::vector<double> distances;
  distances.reserve(centres.size() / width);
  for (std::size_t begin = 0; begin < centres.size(); begin += width)
    distances.push_back(squared_distance(point, centres.data() + begin, width));
  return distances;
}

Clusters k_means(const std::vector<double>& points, std::size_t width, std::size_t clusters, std::uint64_t seed,
                 std::uint32_t restarts) {
  check(width > 0 && !points.empty() && points.size() % width == 0, "points are not whole rows");
  check(clusters > 0 && restarts > 0, "k-means needs a cluster and a start");
  Clusters best;
  for (std::uint32_t restart = 0; restart < restarts; ++restart) {
    RandomStream stream(seed, 0, 0, Purpose::groups, restart);
    Clusters found = settle(points, width, first_centres(points, width, clusters, stream));
    if (best.cluster.empty() || found.inertia() < best.inertia())
      best = std::move(found);
  }
  return by_size(std::move(best), width);
}

}  // namespace fairsweep
