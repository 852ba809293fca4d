#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Everything one training run needs to go on as if it had never stopped: random streams are keyed by epoch, so there
/// is no generator in it. Tensors are on the CPU and without the trial dimension.
struct RunSnapshot {
  std::int64_t epochs = 0;      ///< done
  std::int64_t steps = 0;       ///< of the optimiser
  std::int64_t best_epoch = 0;  ///< counted from 1; 0: none yet
  double best_value = 0;
  double seconds = 0;
  at::Tensor parameters, best, first, second;  ///< [P] of the numbers that are trained; of L members [L * P]
  ObjectiveState objective;
  ObjectiveState learned;  ///< as of `best`
};

/// `digest` names the run: its settings, stages, seed and data. Replaces the file whole.
/// @throws UserError (environment) where it cannot be written.
void write_checkpoint(const std::filesystem::path& directory, const std::string& digest, const RunSnapshot& snapshot);
/// Nothing where there is no usable checkpoint of that run with `parameters` parameters.
[[nodiscard]] std::optional<RunSnapshot> read_checkpoint(const std::filesystem::path& directory,
                                                         const std::string& digest, std::int64_t parameters);
/// Removes it if it is there.
void remove_checkpoint(const std::filesystem::path& directory, const std::string& digest);

}  // namespace fairsweep
