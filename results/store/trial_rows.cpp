#include "results/store/trial_rows.hpp"

#include <set>

namespace fairsweep::store {

TrialRows trial_rows(hdf5::FileReader& file, const std::string& path, const std::vector<TrialId>& wanted) {
  const auto trials = file.read<std::uint32_t>(path);
  const std::set<TrialId> asked(wanted.begin(), wanted.end());
  TrialRows found;
  found.count = trials.size();
  for (std::size_t row = 0; row < trials.size(); ++row) {
    if (asked.contains(TrialId{trials[row]})) {
      found.rows.push_back(row);
      found.trials.push_back(TrialId{trials[row]});
    }
  }
  return found;
}

}  // namespace fairsweep::store
