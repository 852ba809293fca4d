#pragma once

#include <cstdint>
#include <vector>

#include "workers/data/preference_data.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// What would be known of people nobody trained on, had they told less.
class FewerAnswers {
 public:
  /// Keeps a reference to `data`. Copies histories, and features of a device, to the host.
  explicit FewerAnswers(const TrainingSet& data);

  /// 0, 1, 2, 4, 8, ... below the number of comparisons of the longest history, and that number; empty: there is no
  /// history.
  [[nodiscard]] std::vector<std::int64_t> steps() const;

  /// The data with the first `shots` comparisons of each history, in the order of the data, and with what people's
  /// histories say by them. At the last of the steps they are the data themselves, to the last bit.
  [[nodiscard]] TrainingSet known_by(std::int64_t shots) const;

 private:
  [[nodiscard]] std::vector<std::int64_t> first_rows(std::int64_t shots) const;

  const TrainingSet& data_;
  at::Tensor features_;     ///< on the host, float; the data's own where they are that
  PreferenceData history_;  ///< the comparisons of TrainingSet::history, and no other part of the data
  std::int64_t longest_ = 0;
};

/// Whose history is as long as any, [users]: the people that few-shot curves are over, the same at every step.
[[nodiscard]] std::vector<bool> people_of_whole_history(const TrainingSet& data);

}  // namespace fairsweep
