#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "core/protocol/array_bundle.hpp"
#include "results/store/run_record.hpp"

namespace fairsweep {

inline constexpr const char* k_result_format = "fairsweep-results";
inline constexpr std::int64_t k_result_format_version = 1;

/// The arrays a trial's artefact of this name ("users", "margins") holds; nothing where the trial has none.
using ArtefactReader = std::function<std::optional<ArrayBundle>(const TrialRecord& trial, const std::string& name)>;

/// Reads run_directory/artefacts/<digest>.cbor. An artefact that is gone, damaged or no bundle of arrays (another
/// trainer may call a file what it likes) is left out with a warning in the log: a result file is written regardless.
[[nodiscard]] ArtefactReader artefacts_of(const std::filesystem::path& run_directory);

/// Writes everything in `record`, the front chosen from it, and the arrays of its trials, as docs/result_format.md
/// says. `file` is replaced whole: at every moment it is the old file or the new one.
/// Cost: linear in the trials and arrays; the values of users and comparisons that occur are in memory at once.
/// @throws UserError (environment) where the disk refuses.
void write_result_file(const std::filesystem::path& file, const RunRecord& record, const ArtefactReader& artefacts);

/// The events are the larger part of a big file, and most readers want none of them.
enum class EventLines { read, leave_out };

/// Reads it back. Metrics of a trial come ordered by split, metric and group, in the order the file lists those.
/// The file is first walked in a child process, because the HDF5 library can crash on damaged files.
/// @throws UserError (file): not there, not a result file, of another version, or damaged, and where.
[[nodiscard]] RunRecord read_result_file(const std::filesystem::path& file, EventLines events = EventLines::read);

}  // namespace fairsweep
