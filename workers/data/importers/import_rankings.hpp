#pragma once

#include "workers/data/importers/importer.hpp"

namespace fairsweep {

/// Orders of candidates, best first. Wide: one record a ranking, one field a place. Long, where a field plays the role
/// "rank": one record a candidate, and all records of one file, user, context and `ranking` are one. Memory of long
/// ones, and where unlisted candidates are worse, 16 bytes a candidate and about 100 a ranking.
[[nodiscard]] Importer rankings_importer();

}  // namespace fairsweep
