#pragma once

namespace fairsweep {

/// Whether mpirun, or srun with a process management interface, started this process: told from the environment, so
/// that a plain `fairsweep run` never initialises MPI. A batch script's own shell (SLURM_PROCID alone) is no launch.
[[nodiscard]] bool started_by_launcher();

}  // namespace fairsweep
