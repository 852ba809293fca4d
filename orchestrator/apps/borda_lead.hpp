#pragma once

#include <string>
#include <vector>

#include "results/report/run_summary.hpp"
#include "results/store/person_results.hpp"

namespace fairsweep::apps {

/// For each comparison of the run's data the normalised Borda count of the chosen candidate minus that of the other,
/// over the training comparisons of all people; NaN where the comparison is no pair or a candidate was never compared
/// in training. Nothing where the data are not there and nobody named them.
/// @param data  the file; empty: the one that the run names
/// @throws UserError (file) where the named file cannot be read or holds other data than the run's.
[[nodiscard]] std::vector<double> borda_lead(const report::RunSummary& run, const PersonResults& people,
                                             const std::string& data);

}  // namespace fairsweep::apps
