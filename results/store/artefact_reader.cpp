#include <memory>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/logging.hpp"
#include "results/store/result_file.hpp"

namespace fairsweep {

ArtefactReader artefacts_of(const std::filesystem::path& run_directory) {
  return [directory = run_directory / "artefacts", logger = make_logger("results")](
             const TrialRecord& trial, const std::string& name) -> std::optional<ArrayBundle> {
    for (const Artefact& artefact : trial.artefacts) {
      if (artefact.name != name)
        continue;
      try {
        return read_artefact(directory, artefact.digest);
      } catch (const UserError& error) {
        logger->warn("trial {}: artefact \"{}\" is left out of the result file: {}", trial.id.value, name,
                     error.what());
        return std::nullopt;
      }
    }
    return std::nullopt;
  };
}

}  // namespace fairsweep
