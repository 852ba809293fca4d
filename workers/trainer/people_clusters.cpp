#include "workers/trainer/people_clusters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/diagnostics/errors.hpp"
#include "workers/data/groups/agreement_groups.hpp"
#include "workers/data/groups/answered_pairs.hpp"
#include "workers/data/groups/k_means.hpp"
#include "workers/data/groups/user_agreement.hpp"
#include "workers/data/groups/user_tastes.hpp"

namespace fairsweep {
namespace {

/// Who answered what, as data; nothing else of it.
PreferenceData answers_of(const ComparisonTensors& train) {
  const at::Tensor candidates = train.candidates.cpu().contiguous();
  const at::Tensor present = train.present.cpu().contiguous();
  const at::Tensor ranked = train.ranked.cpu().contiguous();
  const at::Tensor user = train.user.cpu().contiguous();
  const std::int64_t width = candidates.size(1);
  PreferenceData data;
  data.comparison_offset.assign(1, 0);
  for (std::int64_t i = 0; i < train.count(); ++i) {
    for (std::int64_t place = i * width; place < (i + 1) * width; ++place) {
      if (present.data_ptr<bool>()[place])
        data.comparison_candidate.push_back(candidates.data_ptr<std::int64_t>()[place]);
    }
    data.comparison_offset.push_back(std::ssize(data.comparison_candidate));
    data.comparison_ranked.push_back(static_cast<std::int32_t>(ranked.data_ptr<std::int64_t>()[i]));
    data.comparison_user.push_back(static_cast<std::int32_t>(user.data_ptr<std::int64_t>()[i]));
  }
  return data;
}

std::vector<double> host_numbers(const at::Tensor& values) {
  const at::Tensor host = values.to(at::kDouble).cpu().contiguous();
  return {host.data_ptr<double>(), host.data_ptr<double>() + host.numel()};
}

}  // namespace

PeopleClusters::PeopleClusters(const TrainingSet& data)
    : train_(data.train), history_sum_(data.user_history_sum), users_(data.users) {
  for (const bool trained : data.user_trained)
    place_.push_back(trained ? static_cast<std::int32_t>(people_++) : -1);
}

PeopleClusters::Points PeopleClusters::tastes() const {
  const std::vector<double> sum = host_numbers(history_sum_);
  const std::vector<double> weights = host_numbers(train_.weight);
  const at::Tensor user = train_.user.cpu().contiguous();
  std::vector<double> weight(static_cast<std::size_t>(users_), 0.0);
  for (std::size_t i = 0; i < weights.size(); ++i)
    weight[static_cast<std::size_t>(user.data_ptr<std::int64_t>()[i])] += weights[i];
  Points points;
  points.width = sum.size() / static_cast<std::size_t>(users_);
  std::vector<double> pooled(points.width, 0.0);
  for (std::size_t u = 0; u < place_.size(); ++u) {
    for (std::size_t column = 0; column < points.width && place_[u] >= 0; ++column)
      pooled[column] += sum[u * points.width + column];
  }
  const double all = std::accumulate(weight.begin(), weight.end(), 0.0);
  const double shrinking = k_shrinking_answers * all / static_cast<double>(weights.size());
  for (std::size_t u = 0; u < place_.size(); ++u) {
    for (std::size_t column = 0; column < points.width && place_[u] >= 0; ++column)
      points.value.push_back((sum[u * points.width + column] + shrinking * pooled[column] / all) /
                             (weight[u] + shrinking));
  }
  return points;
}

const PeopleClusters::Points& PeopleClusters::agreement(std::size_t clusters) {
  const auto found = agreement_.find(clusters);
  if (found != agreement_.end())
    return found->second;
  if (people_ > k_most_spectral_users) {
    throw UserError(ExitCode::configuration,
                    fmt::format("method.types.search.start is agreement, which takes at most {} people with training "
                                "comparisons, and there are {}; use method.types.search.start: tastes",
                                k_most_spectral_users, people_));
  }
  const PreferenceData data = answers_of(train_);
  std::vector<std::int64_t> rows(static_cast<std::size_t>(train_.count()));
  std::iota(rows.begin(), rows.end(), 0);
  if (!two_share_a_pair(data, rows)) {
    throw UserError(ExitCode::configuration,
                    "method.types.search.start is agreement, but no two people compared the same two candidates in the "
                    "training part, so nobody's agreement with others is known; use method.types.search.start: tastes");
  }
  Points points;
  points.width = std::min(clusters, static_cast<std::size_t>(people_));
  points.value =
      spectral_embedding(user_agreement(data, rows, place_), static_cast<std::size_t>(people_), points.width);
  return agreement_.emplace(clusters, std::move(points)).first->second;
}

std::vector<std::int32_t> PeopleClusters::of(const ClusterWish& wish) {
  const std::lock_guard lock(one_at_a_time_);
  const auto number = static_cast<std::size_t>(wish.number);
  const Points points = wish.by == "agreement" ? agreement(number) : tastes();
  const Clusters found = k_means(points.value, points.width, number, wish.seed, wish.starts);
  const std::size_t distinct = found.centres.size() / points.width;
  if (distinct < number) {
    throw UserError(ExitCode::configuration,
                    fmt::format("method.types.number is {}, but the {} people with training comparisons differ enough "
                                "for {} only; ask for fewer types",
                                number, people_, distinct));
  }
  std::vector<std::int32_t> cluster;
  cluster.reserve(place_.size());
  for (const std::int32_t place : place_)
    cluster.push_back(place < 0 ? -1 : found.cluster[static_cast<std::size_t>(place)]);
  return cluster;
}

}  // namespace fairsweep
