#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "workers/data/importers/choice_mapping.hpp"
#include "workers/data/importers/import_preview.hpp"
#include "workers/data/importers/import_session.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// What an import made, and what it left out.
struct ImportedChoices {
  PreferenceData data;
  std::int64_t rows = 0;                        ///< of the table, without its header
  std::map<std::string, std::int64_t> dropped;  ///< reason -> rows
  std::int64_t skipped = 0;                     ///< wrong rows, of which nothing is kept
  std::vector<std::string> first_errors;        ///< of these
};

/// Reads a table of discrete choices, one row a choice, through its mapping. Every row becomes a context of its own
/// with the alternatives that were offered, and one comparison: the chosen one first, ranked 1. Users are kept in the
/// order in which they appear, also those whose rows are all dropped. Rows are dropped, and counted, where the choice
/// is missing, was not offered, or had nothing beside it.
/// Cost: one pass, memory of the result.
/// @throws UserError (file) with file:line for a cell that cannot be used; (configuration) with the place in the
///         mapping for a column the table does not have.
[[nodiscard]] ImportedChoices import_choices(const std::filesystem::path& table, const ChoiceMapping& mapping,
                                             const ImportOptions& options = {});

/// The first choices as they were understood; reading stops there. @throws as an import does
[[nodiscard]] ImportPreview preview_choices(const std::filesystem::path& table, const ChoiceMapping& mapping,
                                            const ImportOptions& options, std::int64_t choices);

}  // namespace fairsweep
