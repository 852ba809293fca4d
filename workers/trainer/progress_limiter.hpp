#pragma once

#include <chrono>
#include <map>
#include <optional>

#include "core/domain/trial.hpp"

namespace fairsweep {

/// Thins the progress of a pack: at most one message each `interval`, the trials in turn, each with its newest state.
/// Nobody reads two thousand epochs a second, and the pipe and the coordinator would have to carry them.
class ProgressLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit ProgressLimiter(std::chrono::milliseconds interval) : interval_(interval) {}

  /// Takes in one progress; answers what to send now, if anything. O(log trials) for most calls.
  [[nodiscard]] std::optional<TrialProgress> offer(const TrialProgress& progress, Time now);

  /// The trial has ended: it is not spoken of again.
  void forget(TrialId trial) { newest_.erase(trial); }

 private:
  struct Waiting {
    TrialProgress progress;
    Time sent{};  ///< when the trial was last spoken of; the clock's origin: never
    bool fresh = false;
  };
  std::chrono::milliseconds interval_;
  std::map<TrialId, Waiting> newest_;
  std::optional<Time> last_;
};

}  // namespace fairsweep
