#pragma once

#include <limits>
#include <optional>

#include "orchestrator/durations.hpp"

namespace fairsweep {

/// When a session must be over, and what may still begin. All times in seconds of one monotonic clock.
class Deadline {
 public:
  /// There is none.
  Deadline() = default;
  /// @param begin    of the session
  /// @param end      the job is killed then
  /// @param reserve  kept before the end for trainers' checkpoints, the log and the result file
  Deadline(double begin, double end, double reserve) : begin_(begin), end_(end), reserve_(reserve) {}

  [[nodiscard]] bool exists() const { return end_ < std::numeric_limits<double>::infinity(); }
  /// When trainers are told to stop. A trainer stops between two epochs, so that long ones are told an epoch earlier,
  /// but never in the first half of the time there is.
  /// @param epoch  seconds of the longest epoch under way; 0: not known
  [[nodiscard]] double stop_at(double epoch) const;
  /// May a pack begin at `now`: will it reach a checkpoint before trainers are told to stop? Where nothing is known, it
  /// may as long as there is time at all.
  [[nodiscard]] bool allows(double now, const std::optional<PackDurations>& expected) const;
  /// Seconds a trainer that is told to stop at `now` may take to leave its checkpoint.
  [[nodiscard]] double grace(double now) const;

 private:
  double begin_ = 0;
  double end_ = std::numeric_limits<double>::infinity();
  double reserve_ = 0;
};

/// Seconds without a word after which a trainer of a shape is called hung: k_hung_factor times the longest silence of
/// its shape so far, else of any shape, and at least k_least_silence. 0 where nothing has run yet: nobody knows.
[[nodiscard]] double hung_after(const std::optional<PackDurations>& shape, const std::optional<PackDurations>& any);
inline constexpr double k_hung_factor = 20;
inline constexpr double k_least_silence = 120;

}  // namespace fairsweep
