#include "workers/data/people/shares.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "workers/data/importers/people_table.hpp"

namespace fairsweep {

std::vector<std::string> parts_of(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    parts.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::vector<double> shares_in(const std::string& list, std::size_t count, std::string_view shared_by) {
  const std::vector<std::string> parts = parts_of(list);
  if (parts.size() != count) {
    throw UserError(ExitCode::configuration,
                    fmt::format("--shares has {} numbers for {} {}", parts.size(), count, shared_by));
  }
  std::vector<double> shares(count, 0.0);
  for (std::size_t at = 0; at < count; ++at) {
    if (!parses_as_number(parts[at], shares[at]) || !(shares[at] > 0)) {
      throw UserError(ExitCode::configuration, "--shares: \"" + parts[at] + "\" must be a number above 0");
    }
  }
  return shares;
}

std::vector<std::int64_t> allotted(std::int64_t people, const std::vector<double>& shares) {
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  std::vector<std::int64_t> counts;
  std::vector<std::pair<double, std::size_t>> remainders;
  std::int64_t given = 0;
  for (std::size_t at = 0; at < shares.size(); ++at) {
    const double quota = static_cast<double>(people) * shares[at] / total;
    counts.push_back(static_cast<std::int64_t>(quota + 1e-9));
    remainders.emplace_back(-(quota - static_cast<double>(counts.back())), at);
    given += counts.back();
  }
  std::sort(remainders.begin(), remainders.end());
  for (std::size_t at = 0; given < people; ++at, ++given) {
    ++counts[remainders[at % remainders.size()].second];
  }
  return counts;
}

}  // namespace fairsweep
