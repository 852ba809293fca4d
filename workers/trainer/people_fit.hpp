#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "workers/trainer/reward_model.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// Fits the own numbers p_u of people a model was not trained on to what is known of them, everything shared frozen:
///
///   minimise over p   sum_i w_i loss_i(p) + 1/2 sum_c (p_c - m_c)^2 / v_c
///
/// over the comparisons i that are set aside of the person (TrainingSet::history), with weights relative to the mean of
/// the training comparisons. m and v are mean and variance of every number over the people trained on, the normal prior
/// whose deviation somebody new has; offsets have mean 0. So nobody needs a setting, somebody of whom nothing is known
/// is who for_scoring says, and the more is known the less the prior counts.
///
/// The loss is that of the model's likelihood. Newton steps with the curvature of Plackett-Luce in the scores and the
/// scores taken as linear in p, each halved until the objective falls. Where the scores are linear (reward features,
/// linear heads) that is Newton's method on a strictly convex function, and ends at its minimum; else it ends at a
/// stationary point near the mean. At most k_most_steps. In double. A person's bits depend on the model and the
/// person's own comparisons alone.
class PeopleFit {
 public:
  static constexpr int k_most_steps = 60;

  /// Nobody.
  PeopleFit() = default;
  /// Everybody in `people` of whom anything is known.
  /// @param people [U] bool
  PeopleFit(const TrainingSet& data, const at::Tensor& people);

  [[nodiscard]] bool empty() const { return person_.empty(); }

  /// `blocks` with the people's numbers fitted, in rows of a new first block. Cost a step: as scoring the comparisons
  /// n + 1 times, and P^3 a person.
  /// @param blocks  as RewardModel::for_scoring gives them    @param known [U] bool whom the model was trained on
  [[nodiscard]] std::vector<at::Tensor> fitted(const RewardModel& model, std::vector<at::Tensor> blocks,
                                               const at::Tensor& known) const;

 private:
  struct Chunk;
  [[nodiscard]] Chunk chunk(std::int64_t first, std::int64_t count, std::int64_t stored) const;

  at::Tensor features_;        ///< [candidates, D]
  ComparisonTensors history_;  ///< of TrainingSet
  at::Tensor weight_;          ///< [m] relative to the training comparisons
  at::Tensor tied_;            ///< [m] bool; undefined where nothing is
  std::int64_t most_ranked_ = 1;
  bool all_present_ = true;
  std::vector<std::int64_t> person_;                  ///< rows of the people, ascending
  std::vector<std::vector<std::int64_t>> of_person_;  ///< rows of history_ of each
  std::int64_t slots_ = 0;                            ///< comparisons of whoever has most
};

}  // namespace fairsweep
