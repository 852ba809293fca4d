#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "orchestrator/run_directory.hpp"

namespace fairsweep::apps {

/// What a merged run holds.
struct MergedRun {
  std::size_t reported = 0;
  std::size_t failed = 0;
  std::size_t pending = 0;  ///< no run has trained them; the merged run can be resumed
};

/// Joins runs of shards of one sweep into one run directory: its log (merge_logs), its configuration, the artefacts
/// that the log names, and its result file. The runs are only read, and may not be running. The new directory appears
/// whole or not at all.
/// @throws UserError (configuration) where the runs do not belong together, one is running, or `out` is there already;
///         (file) where a run or an artefact is missing or damaged; (environment) where `out` cannot be written.
MergedRun merge_runs(const std::vector<std::filesystem::path>& runs, const std::filesystem::path& out);

}  // namespace fairsweep::apps
