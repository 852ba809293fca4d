#include "workers/data/groups/agreement_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "core/diagnostics/errors.hpp"
#include "workers/data/groups/answered_pairs.hpp"
#include "workers/data/groups/k_means.hpp"
#include "workers/data/groups/user_agreement.hpp"
#include "workers/data/groups/user_tastes.hpp"

namespace fairsweep {
namespace {

void check_spectral(const PreferenceData& data, std::span<const std::int64_t> shown, std::int64_t users) {
  if (users > k_most_spectral_users) {
    throw UserError(
        ExitCode::configuration,
        fmt::format("data.groups.algorithm is spectral, which takes at most {} users, and there are {}; use "
                    "data.groups.algorithm: k_means",
                    k_most_spectral_users, users));
  }
  if (!two_share_a_pair(data, shown)) {
    throw UserError(ExitCode::configuration,
                    "data.groups.algorithm is spectral, but no two people compared the same two candidates in the "
                    "training part, so nobody's agreement with others is known; use data.groups.algorithm: k_means, "
                    "which compares what people chose by its features");
  }
}

/// [points, clusters], rows sum to 1.
std::vector<double> soft_memberships(const std::vector<double>& points, std::size_t width, const Clusters& found,
                                     double softness) {
  const std::size_t n = points.size() / width;
  const std::size_t clusters = found.centres.size() / width;
  std::vector<double> distances;
  distances.reserve(n * clusters);
  double own = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (const double squared : squared_distances(points.data() + i * width, found.centres, width))
      distances.push_back(std::sqrt(squared));
    own += distances[i * clusters + static_cast<std::size_t>(found.cluster[i])];
  }
  // Points that all lie on their centres have no spread: any width then gives the hard membership.
  const double scale = softness * std::max(own / static_cast<double>(n), std::numeric_limits<double>::min());
  for (std::size_t i = 0; i < n; ++i) {
    double* row = distances.data() + i * clusters;
    const double nearest = *std::min_element(row, row + clusters);
    double sum = 0;
    for (std::size_t cluster = 0; cluster < clusters; ++cluster) {
      row[cluster] = std::exp(-(row[cluster] - nearest) / scale);
      sum += row[cluster];
    }
    for (std::size_t cluster = 0; cluster < clusters; ++cluster)
      row[cluster] /= sum;
  }
  return distances;
}

}  // namespace

AgreementGroups groups_by_agreement(const PreferenceData& data, std::span<const std::int64_t> shown,
                                    std::span<const std::int64_t> training, const GroupSettings& settings,
                                    std::uint64_t seed) {
  const auto users = static_cast<std::size_t>(data.user_count());
  const auto clusters = static_cast<std::size_t>(settings.clusters);
  std::vector<std::int32_t> place(users, -1);
  for (const std::int64_t row : shown)
    place[static_cast<std::size_t>(data.comparison_user[static_cast<std::size_t>(row)])] = 0;
  std::int32_t n = 0;
  for (std::int32_t& one : place)
    one = one == 0 ? n++ : -1;

  std::vector<double> points;
  std::size_t width = 0;
  if (n > 0 && settings.algorithm == "spectral") {
    check_spectral(data, shown, n);
    width = std::min(clusters, static_cast<std::size_t>(n));
    points = spectral_embedding(user_agreement(data, shown, place), static_cast<std::size_t>(n), width);
  } else if (n > 0) {
    width = static_cast<std::size_t>(data.feature_count);
    const std::vector<double> tastes = user_tastes(data, shown, training);
    for (std::size_t user = 0; user < users; ++user) {
      if (place[user] >= 0)
        points.insert(points.end(), tastes.data() + user * width, tastes.data() + (user + 1) * width);
    }
  }
  Clusters found;
  if (n > 0)
    found = k_means(points, width, clusters, seed);
  const std::size_t number = n > 0 ? found.centres.size() / width : 0;
  if (number < clusters) {
    throw UserError(
        ExitCode::configuration,
        fmt::format("data.groups.clusters is {}, but the {} people who may be read differ enough for {} only", clusters,
                    n, number));
  }
  AgreementGroups answer;
  for (std::size_t cluster = 0; cluster < clusters; ++cluster)
    answer.names.push_back(fmt::format("cluster_{}", cluster + 1));
  answer.group.reserve(users);
  for (std::size_t user = 0; user < users; ++user)
    answer.group.push_back(place[user] < 0 ? -1 : found.cluster[static_cast<std::size_t>(place[user])]);
  if (settings.membership == "soft") {
    const std::vector<double> known = soft_memberships(points, width, found, settings.softness);
    answer.membership.assign(users * clusters, std::nan(""));
    for (std::size_t user = 0; user < users; ++user) {
      if (place[user] >= 0) {
        std::copy_n(known.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(place[user]) * clusters),
                    clusters, answer.membership.begin() + static_cast<std::ptrdiff_t>(user * clusters));
      }
    }
  }
  return answer;
}

}  // namespace fairsweep
