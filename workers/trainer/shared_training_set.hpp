#pragma once

#include <spdlog/logger.h>

#include <functional>
#include <memory>
#include <optional>

#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// The set with its tensors on `device`.
[[nodiscard]] TrainingSet on_device(TrainingSet set, at::Device device);

/// The training set of a sweep, read and prepared by the first trainer that asks for it and kept in the checkpoint
/// directory; every other trainer on the same file system maps that file, so that a machine holds the features once
/// however many trainers it has. On another device than the CPU the tensors are copied there. Without a checkpoint
/// directory or a data digest, or where the file cannot be written, each prepares its own.
///
/// Nothing where `should_stop` says so while another trainer prepares it; asked every 50 ms.
/// @throws UserError as read_data_file and make_training_set
[[nodiscard]] std::optional<TrainingSet> shared_training_set(const TrainerSetup& setup, at::Device device,
                                                             const std::function<bool()>& should_stop,
                                                             spdlog::logger& logger);

}  // namespace fairsweep
