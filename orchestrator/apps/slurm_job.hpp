#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fairsweep::apps {

/// A duration as Slurm writes and reads it: minutes, minutes:seconds, hours:minutes:seconds, days-hours,
/// days-hours:minutes, days-hours:minutes:seconds. Seconds, or nothing where it is none of them.
[[nodiscard]] std::optional<std::int64_t> slurm_seconds(std::string_view text);

/// The Slurm job this process runs in.
class SlurmJob {
 public:
  /// From the environment; nothing outside of a job.
  [[nodiscard]] static std::optional<SlurmJob> current();

  /// Until the job's end, which preemption with a grace time moves; nothing where it has none or Slurm does not say.
  [[nodiscard]] std::optional<std::int64_t> seconds_left() const;
  /// The job's hosts that Slurm has not lost sight of, in the order of the job. Asks Slurm; where that does not
  /// answer, all hosts of the job. @throws UserError (environment) where none is left.
  [[nodiscard]] std::vector<std::string> hosts() const;
  /// Those that Slurm has not taken from the job since it began, because they failed or were cut off for too long; they
  /// are not given back. Asks Slurm; none where that does not answer.
  [[nodiscard]] std::set<std::string> present_hosts() const;

 private:
  std::string id_;
  std::string node_list_;
};

/// Where ranks are to be started: the coordinator on the first host, and agents on all.
struct RankLayout {
  std::string hosts;  ///< "n1:3,n2:2", as mpirun --host takes it
  int ranks = 0;
};

/// @param coordinator_alone  no agents on the first host
[[nodiscard]] RankLayout lay_out(const std::vector<std::string>& hosts, int agents_per_node, bool coordinator_alone);

}  // namespace fairsweep::apps
