#pragma once

#include <filesystem>
#include <vector>

#include "results/export/catalogue.hpp"

namespace fairsweep::exports {

/// An output is a folder, which is made where it is not there; or, for one format that is one file, that file, where
/// the name ends as files of the format do and is no folder. Files there are replaced whole, each by itself; others
/// stay. Returns what was written, in the order of the formats.
/// @throws UserError (configuration) where `output` names a file though the formats need a folder, or one that the
///         export reads; (environment) where the disk refuses.
std::vector<std::filesystem::path> write_export(const std::vector<Format>& formats, const RunExport& run,
                                                const std::filesystem::path& output);

}  // namespace fairsweep::exports
