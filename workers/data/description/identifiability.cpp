#include "workers/data/description/identifiability.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "workers/data/description/quantile.hpp"

namespace fairsweep {

Identifiability identifiability_of(const PreferenceData& data) {
  std::vector<std::int64_t> votes(data.user_names.size(), -1);  // -1: no comparison at all
  bool orders = false, orders_three = false;
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    std::int64_t& count = votes[static_cast<std::size_t>(data.comparison_user[row])];
    count = std::max<std::int64_t>(count, 0);
    if (data.comparison_ranked[row] > 0) {
      ++count;
      orders = true;
      orders_three = orders_three || data.comparison_offset[row + 1] - data.comparison_offset[row] > 2;
    }
  }
  std::erase(votes, -1);
  std::sort(votes.begin(), votes.end());
  Identifiability found;
  found.median_votes = votes.empty() ? 0 : quantile_of_sorted(std::span<const std::int64_t>(votes), 0.5);
  found.pairs_only = orders && !orders_three;
  found.most_types = static_cast<std::int64_t>(std::floor((found.median_votes + 1) / 2));
  if (found.median_votes < 2) {
    found.warnings.push_back(
        {"few_votes",
         "at least half of the people answered fewer than two questions: how people differ cannot be "
         "learned from these answers, only from what else is known of them"});
  }
  if (found.pairs_only) {
    found.warnings.push_back({"pairs_only",
                              "all answers are between two candidates: hidden types of people cannot be identified "
                              "from a bounded number of such answers a person, rankings of three or more could"});
  }
  return found;
}

}  // namespace fairsweep
