#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/export/exported_file.hpp"
#include "results/export/run_export.hpp"

namespace fairsweep::exports {

struct Format {
  std::string_view name;      ///< "csv", as --format takes it
  std::string_view sentence;  ///< what it is
  std::string_view ending;    ///< of the one file it is; empty: it is several, and needs a folder
  std::vector<ExportedFile> (*files)(const RunExport& run);
  bool says_confidence;  ///< how sure the front is: RunExport::run.confidence
  bool says_course;      ///< what the workers' time went into: RunExport::timeline
};

/// In the order the help lists them.
[[nodiscard]] const std::vector<Format>& format_catalogue();

/// @throws UserError (configuration) with the names there are.
[[nodiscard]] const Format& find_format(std::string_view name);

}  // namespace fairsweep::exports
