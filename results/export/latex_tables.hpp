#pragma once

#include <vector>

#include "results/export/exported_file.hpp"
#include "results/export/run_export.hpp"

namespace fairsweep::exports {

/// Tables for a paper that loads booktabs, each a float to \input, and a document that shows them all. `run` must
/// outlive the files.
///
///   front.tex     the front on test: mean and standard error over replicates, and what is significantly better or
///                 worse than the reference
///   settings.tex  the settings behind each point, of those that vary
///   space.tex     the search space: bounds of every setting that was searched
///   document.tex  compiles as it is: pdflatex document.tex
[[nodiscard]] std::vector<ExportedFile> latex_files(const RunExport& run);

}  // namespace fairsweep::exports
