#pragma once

#include <span>
#include <string>

#include "core/domain/value.hpp"

namespace fairsweep {

/// A number that a trial gives for an earlier stage, and the general one in whose place it is there.
struct OwnSetting {
  const char* own;      ///< "method.pafo.teacher.epochs"
  const char* general;  ///< "training.epochs"
};

/// What a stage before the trial's own trains with: the trial's settings without those of its method, under another
/// method, with the numbers it gives for the stage.
/// @throws UserError (configuration) naming the path where one of them is missing.
[[nodiscard]] Settings settings_of_stage(const Settings& trial, const std::string& method,
                                         std::span<const OwnSetting> own);

}  // namespace fairsweep
