#pragma once

#include <filesystem>

#include "workers/trainer/trainer_session.hpp"

namespace fairsweep {

/// Writes folder/trial-N.pt and folder/trial-N.json of every trial it is given: the model and its recipe. The recipe
/// of the data is made once, at the first trial.
[[nodiscard]] ModelKeeper keep_models_in(const std::filesystem::path& folder);

}  // namespace fairsweep
