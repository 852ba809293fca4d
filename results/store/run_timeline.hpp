#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"

namespace fairsweep {

/// One session of a run: from its beginning, or its going on, to its last event.
struct SessionSpan {
  double begin = 0;  ///< seconds since the epoch, as everywhere here
  double end = 0;
  std::string how;  ///< "complete", "stopped: <reason>"; empty: it was lost, or goes on
};

/// A worker in a session, from its first sign to the session's end.
struct WorkerSpan {
  std::uint32_t worker = 0;
  std::size_t session = 0;  ///< index into `sessions`
  std::string host;
  double begin = 0;
  double end = 0;
};

/// A lease, and what became of it: each of its n trials stands for a share of 1 / n of its time.
struct LeaseSpan {
  std::uint32_t worker = 0;
  std::size_t session = 0;
  double begin = 0;
  double end = 0;
  /// Cause -> share; the shares add up to 1. "reported"; "failed: <reason>"; "lease: <reason>" where it expired;
  /// "session stopped" or "session lost" where the session ended first; "under way" in one that goes on.
  std::map<std::string, double> shares;
};

/// The end of one attempt of a trial.
struct AttemptEnd {
  double time = 0;
  TrialId trial;
  bool reported = false;
};

/// Who did what when, from a run's events.
struct RunTimeline {
  std::vector<SessionSpan> sessions;
  std::vector<WorkerSpan> workers;  ///< by session, then worker
  std::vector<LeaseSpan> leases;    ///< in the order they were given
  std::vector<AttemptEnd> ends;     ///< in the order of the log
  std::size_t unread = 0;           ///< lines that are no event this fairsweep knows

  /// Seconds that the run had been running at this time: pauses between sessions do not count.
  [[nodiscard]] double running_seconds(double time) const;
};

/// @param lines  RunRecord::events. Lines that cannot be read are counted and passed over. O(events log leases).
[[nodiscard]] RunTimeline run_timeline(const std::vector<std::string>& lines);

}  // namespace fairsweep
