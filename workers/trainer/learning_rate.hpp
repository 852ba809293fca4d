#pragma once

#include <cstdint>

#include "workers/trainer/trial_settings.hpp"

namespace fairsweep {

/// The learning rate's factor at a step, in [0, 1]: rises linearly over the first round(warmup * steps) steps and
/// reaches 1 at the last of them; then constant, or falls towards 0 at the end, linearly or as half a cosine.
/// @param step from 0    @param steps of the whole training    @param warmup share of the steps, in [0, 1]
[[nodiscard]] double schedule_factor(Schedule schedule, double warmup, std::int64_t step, std::int64_t steps);

}  // namespace fairsweep
