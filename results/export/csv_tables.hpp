#pragma once

#include <vector>

#include "results/export/exported_file.hpp"
#include "results/export/run_export.hpp"

namespace fairsweep::exports {

/// Tidy tables, a row an observation, an empty cell where there is no value. `run` must outlive the files.
///
///   trials.csv          a trial: where it ran, how it ended, its searched settings
///   metrics.csv         a trial x split x metric x group
///   configurations.csv  a configuration: all its settings, replicates, whether it is on the front
///   estimates.csv       a configuration x split x objective: mean and standard error over replicates
///   front.csv           a point of the front x objective, on test, beside the reference
///   people.csv          a trial x split x metric x person; people are rows of the file, never names
[[nodiscard]] std::vector<ExportedFile> csv_files(const RunExport& run);

}  // namespace fairsweep::exports
