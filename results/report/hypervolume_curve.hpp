#pragma once

#include <cstddef>
#include <vector>

#include "results/report/run_summary.hpp"
#include "results/store/run_timeline.hpp"

namespace fairsweep::report {

/// The front after some of its changes.
struct HypervolumeStep {
  double seconds = 0;              ///< of running time, pauses left out
  std::size_t configurations = 0;  ///< that compete by then
  std::size_t front = 0;           ///< of them, on the front of that moment, copies counted
  double hypervolume = 0;          ///< from the run's reference point
};

struct HypervolumeCurve {
  std::vector<HypervolumeStep> steps;  ///< by time; the last is the run's front
  std::size_t changes = 0;             ///< of the front; more than the steps where some were left out
  std::size_t untimed = 0;             ///< configurations that compete, but whose end no event tells; they are left out
};

/// How the hypervolume grew: a configuration counts from the end of its last replicate. The reference point is the
/// run's final one throughout, so the curve never falls.
/// @param most  steps to work out, spread evenly over the changes, the first and the last among them
/// Cost: O(n front) for n configurations, and `most` hypervolumes.
[[nodiscard]] HypervolumeCurve hypervolume_curve(const RunSummary& run, const RunTimeline& timeline, std::size_t most);

}  // namespace fairsweep::report
