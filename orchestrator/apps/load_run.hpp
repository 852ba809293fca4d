#pragma once

#include <filesystem>
#include <string>

#include "results/report/run_summary.hpp"
#include "results/store/result_file.hpp"

namespace fairsweep::apps {

/// The result file of a run: `run` itself, or results.h5 in it.
/// @throws UserError (file) where there is neither, and what to do.
[[nodiscard]] std::filesystem::path result_file_of(const std::filesystem::path& run);

/// Reads a run for a report; settings that are not searched come from the configuration in the file. Where this
/// fairsweep cannot read that any more, only the searched settings are known, and the log says so.
/// @throws UserError (file) where the file is missing, damaged, or of another version.
[[nodiscard]] report::RunSummary load_run(const std::string& run, EventLines events = EventLines::leave_out);

/// For what is written to be shown elsewhere: the log says where the run is not complete.
void warn_where_incomplete(const report::RunSummary& run);

}  // namespace fairsweep::apps
