#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/importers/import_run.hpp"

namespace fairsweep::testing_support {

inline const Importer& importer_named(const std::string& name) {
  for (const Importer& importer : importer_catalogue()) {
    if (importer.name == name) {
      return importer;
    }
  }
  throw InternalError("there is no importer " + name);
}

/// A request with the importer's own options at their defaults.
inline ImportRequest request_for(const std::string& importer, std::vector<std::filesystem::path> files) {
  ImportRequest request;
  request.importer = &importer_named(importer);
  request.arguments.files = std::move(files);
  for (const ImporterOption& option : request.importer->options) {
    request.arguments.options[option.name] = option.fallback;
  }
  return request;
}

/// Comparisons as text, "user context: a > b", in order; " = " for a tie.
inline std::vector<std::string> comparisons_in(const PreferenceData& data) {
  std::vector<std::string> lines;
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    std::string line = data.user_names[static_cast<std::size_t>(data.comparison_user[row])] + " " +
                       data.context_names[static_cast<std::size_t>(data.comparison_context[row])] + ":";
    const auto begin = data.comparison_offset[row];
    for (auto at = begin; at < data.comparison_offset[row + 1]; ++at) {
      const std::int32_t ranked = data.comparison_ranked[row];
      line += at == begin ? " " : ranked == 0 ? " = " : at - begin > ranked ? ", " : " > ";
      line += data.candidate_names[static_cast<std::size_t>(data.comparison_candidate[static_cast<std::size_t>(at)])];
    }
    lines.push_back(line);
  }
  return lines;
}

}  // namespace fairsweep::testing_support
