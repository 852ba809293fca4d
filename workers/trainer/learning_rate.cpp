#include "workers/trainer/learning_rate.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fairsweep {

double schedule_factor(Schedule schedule, double warmup, std::int64_t step, std::int64_t steps) {
  const auto rising = static_cast<std::int64_t>(std::llround(warmup * static_cast<double>(steps)));
  if (step < rising)
    return static_cast<double>(step + 1) / static_cast<double>(rising);
  const double gone =
      static_cast<double>(step - rising) / static_cast<double>(std::max<std::int64_t>(1, steps - rising));
  switch (schedule) {
    case Schedule::constant:
      return 1;
    case Schedule::linear:
      return 1 - gone;
    case Schedule::cosine:
      return 0.5 * (1 + std::cos(std::numbers::pi * gone));
  }
  return 1;
}

}  // namespace fairsweep
