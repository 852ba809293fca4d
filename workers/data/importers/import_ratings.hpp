#pragma once

#include "workers/data/importers/importer.hpp"

namespace fairsweep {

/// Ratings, one record each or a list of them in one record, which become pairs: every two of one user in one context,
/// the better first. A user may rate an item more than once: each of these ratings is compared, and the comparisons
/// that then ask the same again are repeats of each other. Records come in any order; memory 16 bytes a rating, 8 more
/// where it has a time, 4 more where comparisons have attributes.
[[nodiscard]] Importer ratings_importer();

}  // namespace fairsweep
