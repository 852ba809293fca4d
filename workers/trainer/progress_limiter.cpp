#include "workers/trainer/progress_limiter.hpp"

namespace fairsweep {

std::optional<TrialProgress> ProgressLimiter::offer(const TrialProgress& progress, Time now) {
  auto& entry = newest_[progress.trial];
  entry.progress = progress;
  entry.fresh = true;
  if (last_ && now - *last_ < interval_) {
    return std::nullopt;
  }
  Waiting* longest = &entry;
  for (auto& [trial, waiting] : newest_) {
    if (waiting.fresh && waiting.sent < longest->sent) {
      longest = &waiting;
    }
  }
  longest->fresh = false;
  longest->sent = now;
  last_ = now;
  return longest->progress;
}

}  // namespace fairsweep
