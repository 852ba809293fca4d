#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// What people told, for models that read who somebody is off his comparisons: J comparisons, those of training first,
/// then those that are set aside of people who are not trained on.
struct ToldComparisons {
  /// [J, D + 1] features of the chosen candidate minus the mean of the others'; the last column is 1.
  at::Tensor difference;
  at::Tensor person;                       ///< [J] int64 whose each is
  std::vector<std::int64_t> of_person;     ///< training comparisons by person, the same question in one piece
  std::vector<std::int64_t> person_begin;  ///< [U + 1] into of_person
  std::vector<std::int64_t> person_of;     ///< [training comparisons] whose each is
  /// [training comparisons] the piece of of_person that asks the same person the same: it must not be read where the
  /// comparison is scored, for it holds the answer.
  std::vector<std::int64_t> same_begin, same_end;
};

/// O(J n D), and sorting the training comparisons. Copies to the host.
[[nodiscard]] ToldComparisons told_comparisons(const TrainingSet& data);

}  // namespace fairsweep
