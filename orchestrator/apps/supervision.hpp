#pragma once

#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/run_directory.hpp"

namespace fairsweep::apps {

struct SupervisionOptions {
  RunDirectory run{""};
  /// What starts the run, for example mpirun with its arguments. "{hosts}" and "{ranks}" in a word stand for the hosts
  /// of the Slurm job that are up, as mpirun --host takes them, and the number of ranks on them.
  std::vector<std::string> command;
  int agents_per_node = 1;         ///< for {hosts} and {ranks}
  bool coordinator_alone = false;  ///< no agents on the first host
  double patience_seconds = 60;    ///< a coordinator whose beat stands still for so long is lost
  double start_seconds = 600;      ///< the same for the time before its first beat
  double farewell_seconds = 10;    ///< the command may take this long to return once the run has ended
  double stop_seconds = 20;        ///< after SIGTERM the run may take this long to stop in order
  double least_seconds = 300;      ///< a job that ends sooner is not worth another start
  int restarts = 3;                ///< in a row without a newly reported trial
  int stalled_jobs = 10;           ///< jobs in a row that end with 75 without a newly reported trial
};

/// Starts a run and answers for its end, which mpirun does not: under --enable-recovery its exit code is 0 whatever
/// rank 0 said, and after a lost host it never returns (Open MPI 4.1.4). What counts is the run's lease file: whether
/// its beat moves, and how the session ended.
///
/// * SIGUSR1 is passed on and asks the run to stop; SIGTERM and SIGINT become SIGUSR1, and what has not ended
///   `stop_seconds` later is ended.
/// * The session has ended: the command gets `farewell_seconds`, then SIGTERM, then SIGKILL.
/// * The coordinator is lost (no beat, or the command returned without an end), or the run stopped unasked after a host
///   was lost: the command is ended and started again with --resume, on the hosts that are up.
///
/// @returns the exit code of the run's last session; `resumable` where the coordinator was lost for good, the job ends
///          soon, or a stop was asked for; `environment` where job after job reported nothing new.
/// @throws UserError (environment) where the command cannot be started; (configuration) for {hosts} outside of a job.
[[nodiscard]] ExitCode supervise(const SupervisionOptions& options);

/// Watches a run that another process supervises, from another host, and ends when its session ends or SIGTERM comes:
/// `done`. `resumable`: no session began or moved for `patience_seconds`, or Slurm has taken `script_host` from the job
/// (empty: any may go); whoever started the run is gone, or will be when that host comes back: Slurm kills there what
/// is no longer the job's, and calls the job failed.
[[nodiscard]] ExitCode watch_only(const RunDirectory& run, double patience_seconds, const std::string& script_host);

}  // namespace fairsweep::apps
