#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "results/export/catalogue.hpp"

namespace fairsweep::exports {

/// An output is a folder, which is made where it is not there; or, for one format that is one file, that file, where
/// the name ends as files of the format do and is no folder. Files there are replaced whole, once all of them are
/// prepared: where one cannot be, none is replaced. Others stay. Returns what was written, within `output` as it was
/// named, in the order of the formats.
/// @param stopped  asked before each file; where it says true, nothing is written
/// @throws UserError (configuration) where `output` names a file though the formats need a folder, or one that the
///         export reads; (environment) where the disk refuses; (resumable) where `stopped` says so.
std::vector<std::filesystem::path> write_export(
    const std::vector<Format>& formats, const RunExport& run, const std::filesystem::path& output,
    const std::function<bool()>& stopped = [] { return false; });

}  // namespace fairsweep::exports
