#pragma once

#include <vector>

#include "results/export/exported_file.hpp"
#include "results/export/run_export.hpp"

namespace fairsweep::exports {

inline constexpr int k_export_version = 1;

/// results.json: everything the other formats say, with names and units; docs/exporting.md lists its keys. Numbers
/// keep all their digits; what there is not is null. Trials and people are written one after the other, so a large run
/// takes no memory beside what was read. `run` must outlive the file.
[[nodiscard]] std::vector<ExportedFile> json_files(const RunExport& run);

}  // namespace fairsweep::exports
