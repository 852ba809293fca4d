#include "workers/data/groups/user_tastes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "workers/data/groups/k_means.hpp"

namespace fairsweep {
namespace {

std::size_t index(std::int64_t value) { return static_cast<std::size_t>(value); }

/// 1 / standard deviation of each feature over the distinct candidates of these comparisons; 0 for a constant one,
/// which tells nobody's taste.
std::vector<double> scales_of(const PreferenceData& data, std::span<const std::int64_t> rows) {
  const std::size_t width = index(data.feature_count);
  std::vector<bool> seen(index(data.candidate_count), false);
  std::vector<double> sum(width, 0), squares(width, 0);
  const float* origin = nullptr;  // sums run from a row of the data, so that a constant column gives exactly 0
  double n = 0;
  for (const std::int64_t row : rows) {
    for (auto at = data.comparison_offset[index(row)]; at < data.comparison_offset[index(row) + 1]; ++at) {
      const std::size_t candidate = index(data.comparison_candidate[index(at)]);
      if (seen[candidate])
        continue;
      seen[candidate] = true;
      n += 1;
      const float* values = data.features.data() + candidate * width;
      origin = origin == nullptr ? values : origin;
      for (std::size_t column = 0; column < width; ++column) {
        const double value = static_cast<double>(values[column]) - static_cast<double>(origin[column]);
        sum[column] += value;
        squares[column] += value * value;
      }
    }
  }
  std::vector<double> scales;
  scales.reserve(width);
  for (std::size_t column = 0; column < width; ++column) {
    const double variance = n > 0 ? squares[column] / n - (sum[column] / n) * (sum[column] / n) : 0;
    scales.push_back(variance > 0 ? 1 / std::sqrt(variance) : 0);
  }
  return scales;
}

/// Adds the comparison's weight times best minus mean of the others, scaled, to `sum`; returns the weight.
double add_difference(const PreferenceData& data, std::size_t row, const std::vector<double>& scales, double* sum) {
  const std::size_t width = scales.size();
  const std::size_t begin = index(data.comparison_offset[row]);
  const std::size_t end = index(data.comparison_offset[row + 1]);
  const auto weight = static_cast<double>(data.comparison_weight[row]);
  for (std::size_t at = begin; at < end; ++at) {
    const double share = at == begin ? weight : -weight / static_cast<double>(end - begin - 1);
    const float* values = data.features.data() + index(data.comparison_candidate[at]) * width;
    for (std::size_t column = 0; column < width; ++column)
      sum[column] += share * scales[column] * static_cast<double>(values[column]);
  }
  return weight;
}

}  // namespace

std::vector<double> user_tastes(const PreferenceData& data, std::span<const std::int64_t> shown,
                                std::span<const std::int64_t> training) {
  const std::size_t width = index(data.feature_count);
  const std::vector<double> scales = scales_of(data, training);
  std::vector<double> pooled(width, 0);
  double pooled_weight = 0;
  for (const std::int64_t row : training)
    pooled_weight += add_difference(data, index(row), scales, pooled.data());
  std::vector<double> tastes(index(data.user_count()) * width, 0);
  std::vector<double> weight(index(data.user_count()), 0);
  for (const std::int64_t row : shown) {
    const std::size_t user = index(data.comparison_user[index(row)]);
    weight[user] += add_difference(data, index(row), scales, tastes.data() + user * width);
  }
  // Weights may have any scale; an answer like everybody's has the mean weight of the training comparisons.
  const double one = training.empty() ? 0 : pooled_weight / static_cast<double>(training.size());
  for (std::size_t user = 0; user < weight.size(); ++user) {
    for (std::size_t column = 0; column < width && weight[user] > 0; ++column) {
      double& taste = tastes[user * width + column];
      taste = (taste + k_shrinking_answers * one * pooled[column] / pooled_weight) /
              (weight[user] + k_shrinking_answers * one);
    }
  }
  return tastes;
}

std::vector<double> support_by_clusters(const PreferenceData& data, std::span<const std::int64_t> shown,
                                        std::span<const std::int64_t> training, std::size_t clusters,
                                        std::uint64_t seed) {
  const std::size_t users = index(data.user_count());
  const std::size_t width = index(data.feature_count);
  std::vector<double> rates(users, std::numeric_limits<double>::quiet_NaN());
  if (training.empty())
    return rates;
  const std::vector<double> tastes = user_tastes(data, shown, training);
  std::vector<bool> trained(users, false), read(users, false);
  for (const std::int64_t row : training)
    trained[index(data.comparison_user[index(row)])] = true;
  for (const std::int64_t row : shown)
    read[index(data.comparison_user[index(row)])] = true;
  std::vector<double> points;
  for (std::size_t user = 0; user < users; ++user) {
    if (trained[user])
      points.insert(points.end(), tastes.data() + user * width, tastes.data() + (user + 1) * width);
  }
  const Clusters found = k_means(points, width, clusters, seed);
  std::vector<double> size(found.centres.size() / width, 0);
  for (const std::int32_t cluster : found.cluster)
    size[static_cast<std::size_t>(cluster)] += 1;
  const auto all = static_cast<double>(found.cluster.size());
  std::size_t place = 0;  // of the training user in `found`
  for (std::size_t user = 0; user < users; ++user) {
    if (trained[user]) {
      if (all > 1)
        rates[user] = (size[static_cast<std::size_t>(found.cluster[place])] - 1) / (all - 1);
      ++place;
    } else if (read[user]) {
      const auto distances = squared_distances(tastes.data() + user * width, found.centres, width);
      const auto nearest = std::min_element(distances.begin(), distances.end()) - distances.begin();
      rates[user] = size[static_cast<std::size_t>(nearest)] / all;
    }
  }
  return rates;
}

}  // namespace fairsweep
