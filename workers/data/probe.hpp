#pragma once

#include <cstdint>
#include <filesystem>

namespace fairsweep {

/// What a foreign file is read as: preference data, or embeddings.
enum class ProbeKind { data, embeddings };

/// How a foreign file is tried out.
struct ProbeSettings {
  std::filesystem::path program;     ///< fairsweep-probe
  double seconds = 60;               ///< after which the child is killed
  ProbeKind kind = ProbeKind::data;  ///< which reading function tries it
};

/// fairsweep-probe beside the running program, and a time that grows with the file.
[[nodiscard]] ProbeSettings default_probe_settings(const std::filesystem::path& file);

/// Opens and reads the whole file in a child process. Returns where that worked, so that this process may do the same.
/// The child inherits no descriptors and no MPI variables, limits its own memory, and dies with this thread.
/// @throws UserError (file) with the child's message where the file breaks a rule, or "... is damaged: reading it
///         crashed (signal 11)" where the child died; UserError (environment) where the program cannot be started.
/// Cost: reading the file once, and about 5 ms.
void probe_data_file(const std::filesystem::path& file, const ProbeSettings& settings);

}  // namespace fairsweep
