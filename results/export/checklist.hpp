#pragma once

#include <map>
#include <string>
#include <vector>

#include "results/export/exported_file.hpp"
#include "results/export/run_export.hpp"

namespace fairsweep::exports {

/// checklist.md: what the checklists of ACL (Responsible NLP, part C) and NeurIPS (experiments, compute) ask for, as
/// far as the file knows it, and what only the authors can say. `run` must outlive the file.
[[nodiscard]] std::vector<ExportedFile> checklist_files(const RunExport& run);

/// Seconds of workers by what became of them: "reported", "failed: <reason>", "lease: <reason>", "session lost", ...
/// The keys are those of LeaseSpan; their sum is all the time workers had trials.
[[nodiscard]] std::map<std::string, double> worker_seconds(const RunTimeline& timeline);

}  // namespace fairsweep::exports
