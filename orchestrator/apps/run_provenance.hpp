#pragma once

#include <map>
#include <string>

namespace fairsweep::apps {

/// What this session runs on: versions, build, host, job. Kept in its Started event and so in the result file.
/// @param transport  "threads" or "mpi"; @param workers  how many
[[nodiscard]] std::map<std::string, std::string> run_provenance(const std::string& transport, int workers);

}  // namespace fairsweep::apps
