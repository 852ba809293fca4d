#pragma once

#include <vector>

#include "results/export/exported_file.hpp"
#include "results/export/run_export.hpp"

namespace fairsweep::exports {

/// references.bib: what the methods and the search of this run come from. An entry is written only where authors, title
/// and year are on record; of other works a comment says what is known, and what has to be completed. `run` must
/// outlive the file.
[[nodiscard]] std::vector<ExportedFile> bibtex_files(const RunExport& run);

}  // namespace fairsweep::exports
