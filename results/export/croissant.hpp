#pragma once

#include <vector>

#include "results/export/exported_file.hpp"
#include "results/export/run_export.hpp"

namespace fairsweep::exports {

/// croissant.json: the preference data of the run in the vocabulary of Croissant 1.0: the file and its digest, record
/// sets of candidates, contexts, people and comparisons with their fields and types. It holds names of columns and no
/// row of the data. Readers of Croissant do not read HDF5 by themselves; `extract.column` is the path in the file.
/// Licence and authors are there only where they were said, here or by the data. `run` must outlive the file.
[[nodiscard]] std::vector<ExportedFile> croissant_files(const RunExport& run);

}  // namespace fairsweep::exports
