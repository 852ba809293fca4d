#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "results/store/run_timeline.hpp"

namespace fairsweep::report {

/// What one worker did while it was there.
struct WorkerUse {
  std::uint32_t worker = 0;
  std::string host;                  ///< of its first session
  double present = 0;                ///< seconds, from its first sign in a session to the session's end, added up
  double useful = 0;                 ///< seconds of leases, the share of trials that were reported
  double lost = 0;                   ///< seconds of leases, the share of trials that were not
  std::vector<double> useful_share;  ///< [bins] of the time it was there, NaN where it was not
};

/// Where the workers' time went: present = useful + lost + idle. A lease counts once however many trials it has. A
/// worker may hold the next lease while it works on the last: of such a moment each open lease has an equal part.
struct WorkUse {
  double bin_seconds = 0;                ///< of running time
  std::vector<WorkerUse> workers;        ///< by number
  std::map<std::string, double> causes;  ///< seconds: "useful", "idle", and each cause of RunTimeline's leases
  [[nodiscard]] double total() const;    ///< seconds that workers were there
};

/// @param bins  of the running time, for the course of each worker's use
[[nodiscard]] WorkUse work_use(const RunTimeline& timeline, std::size_t bins);

}  // namespace fairsweep::report
