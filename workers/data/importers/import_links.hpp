#pragma once

#include <cstdint>
#include <filesystem>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// What became of a table of links.
struct ImportedLinks {
  std::int64_t kept = 0;
  std::int64_t strangers = 0;  ///< rows that name somebody who is not among the data's people; left out
};

/// Reads who listens to whom into `data`, whose people are there and whose links are not: a table with the columns
/// `from` and `to`, names of people as the other files call them, and perhaps `weight`, above 0. Comma-separated, or
/// with tabs where its name ends in .tsv or .tsv.gz; plain or gzip. Networks are mostly larger than what was asked of
/// their people, so rows that name strangers are counted and left out. `about` gets the file's name and SHA-256. Links
/// are sorted. Cost: O(people + rows log rows).
/// @throws UserError (file) as "file:line: ..." for a wrong row, and where no row is left; (configuration) where a
///         column is missing
[[nodiscard]] ImportedLinks add_links(const std::filesystem::path& file, PreferenceData& data);

}  // namespace fairsweep
