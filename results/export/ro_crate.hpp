#pragma once

#include <vector>

#include "results/export/exported_file.hpp"
#include "results/export/run_export.hpp"

namespace fairsweep::exports {

/// A folder that is a Workflow Run RO-Crate (RO-Crate 1.1, Workflow Run Crate 0.5): results.h5 byte for byte,
/// sweep.yaml and ro-crate-metadata.json. The sweep is the workflow, the run a CreateAction; the data are named by
/// their digest and not part of it. Licence and authors are there only where they were said. `run` must outlive the
/// files.
[[nodiscard]] std::vector<ExportedFile> ro_crate_files(const RunExport& run);

}  // namespace fairsweep::exports
