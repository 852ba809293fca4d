#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace fairsweep::apps {

/// Cores this process may run on, by number, ascending; never empty.
[[nodiscard]] std::vector<int> usable_cores();

/// Cores on this node that Slurm has given to the job (SLURM_CPUS_ON_NODE). Nothing outside a job.
[[nodiscard]] std::optional<std::size_t> granted_cores();

/// Processor threads of a trainer. @param configured  0: as many as Slurm gives a task (SLURM_CPUS_PER_TASK), else 1
[[nodiscard]] std::int64_t trainer_threads(std::int64_t configured);

/// The cores of the trainer of worker number `index` of this host: shares of `threads` cores are dealt out in turn, as
/// devices are (a coordinator is a number, too, and leaves its share to the last). Nothing, and the trainer runs where
/// the job may, where `usable` is not exactly what Slurm has `granted`: it does not confine jobs to their own cores
/// there, and two jobs would bind to the same; or where there is no whole share.
[[nodiscard]] std::vector<int> cores_of_worker(std::size_t index, std::int64_t threads, const std::vector<int>& usable,
                                               std::optional<std::size_t> granted);

}  // namespace fairsweep::apps
