#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "workers/trainer/training_set.hpp"
#include "workers/trainer/trial_settings.hpp"

namespace fairsweep {

/// The one number of a trial that early stopping watches, from its loss on every validation comparison. Users first:
/// the weighted mean loss of each user; then the mean over users, or over the users of each group and then the mean or
/// the largest of the groups. Plain C++ in double, so it is the same in every pack.
class ValidationWatch {
 public:
  /// @param rows  the comparisons that count; none are left out of `users` because they have no group, and where no
  ///              user has a group the watches of groups are over users too
  ValidationWatch(const ComparisonTensors& validation, std::vector<std::int64_t> rows, const TrainingSet& data);

  /// @param loss [V] on the CPU, of all validation comparisons    @returns NaN where a loss is NaN
  [[nodiscard]] double value(const at::Tensor& loss, Watch watch) const;
  [[nodiscard]] bool empty() const { return rows_.empty(); }

 private:
  struct Person {
    double weight = 0;
    std::int32_t group = -1;
  };
  std::vector<std::int64_t> rows_;
  std::vector<std::size_t> person_of_row_;
  std::vector<double> weight_of_row_;
  std::vector<Person> people_;  ///< users with a comparison, in the order of their rows in the data
  std::size_t groups_ = 0;
};

}  // namespace fairsweep
