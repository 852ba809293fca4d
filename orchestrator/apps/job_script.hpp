#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fairsweep::apps {

/// What a job script asks of Slurm, and what it runs.
struct JobRequest {
  std::string sweep;  ///< empty: the script takes the sweep, and where the run goes, as its arguments
  std::string run;    ///< the run directory
  std::string name = "fairsweep";
  std::string program = "fairsweep";   ///< where the script finds fairsweep unless $FAIRSWEEP says so
  std::vector<std::string> overrides;  ///< KEY=VALUE, as `fairsweep run --set` takes them
  int nodes = 1;                       ///< with agents
  int gpus_per_node = 0;               ///< 0: CPU only
  int agents_per_node = 1;             ///< as many as GPUs, where there are some
  int cpus_per_task = 1;               ///< for each agent and its trainer
  std::string time;                    ///< as Slurm writes it
  int signal_lead = 180;               ///< seconds before its end at which the job is asked to stop
  std::string partition;               ///< empty: the site's default; the same for those below
  std::string account;
  std::string memory;                 ///< of each node
  std::vector<std::string> more;      ///< further options of sbatch, a line each
  int shards = 0;                     ///< 0: no array job
  bool requeue = true;                ///< false: the job ends with 75, and the next of a chain goes on
  bool coordinator_node = false;      ///< a heterogeneous job: the coordinator has a node without a GPU
  std::string coordinator_partition;  ///< of that node; empty: the same as the others'
};

/// The script, as text for bash: what slurm/*.sbatch are, and what `fairsweep submit` hands to sbatch.
[[nodiscard]] std::string job_script(const JobRequest& request);

/// A word for bash, in quotes where it needs them.
[[nodiscard]] std::string shell_word(const std::string& word);

}  // namespace fairsweep::apps
