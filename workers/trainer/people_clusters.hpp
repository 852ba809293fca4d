#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "objectives/training/training_objective.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// Clusters of the people with training comparisons, by k-means over
///   tastes     what they chose against what they could have chosen, in the space of features (user_tastes)
///   agreement  how far they agree with each other on pairs that they share (groups_by_agreement, spectral)
/// Nothing is computed before it is asked for. Safe to ask from several threads.
class PeopleClusters {
 public:
  explicit PeopleClusters(const TrainingSet& data);
  /// As TrainingFacts::cluster_people. Cost: tastes O(people x features x clusters) a step; agreement O(people^3), once
  /// for each number of clusters. @throws UserError (configuration) where nobody shares a pair, there are too many
  /// people for agreement, or they differ enough for fewer clusters only.
  [[nodiscard]] std::vector<std::int32_t> of(const ClusterWish& wish);

 private:
  struct Points {
    std::vector<double> value;  ///< [people, width]
    std::size_t width = 0;
  };
  [[nodiscard]] Points tastes() const;
  [[nodiscard]] const Points& agreement(std::size_t clusters);

  ComparisonTensors train_;
  at::Tensor history_sum_;  ///< [U, D]
  std::int64_t users_ = 0;
  std::vector<std::int32_t> place_;  ///< [U] among the people with training comparisons, -1 of the others
  std::int64_t people_ = 0;
  std::map<std::size_t, Points> agreement_;  ///< by number of clusters
  std::mutex one_at_a_time_;
};

}  // namespace fairsweep
