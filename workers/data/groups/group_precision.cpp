#include "workers/data/groups/group_precision.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

GroupPrecision precision_of(const std::vector<std::int64_t>& comparisons_of_users) {
  GroupPrecision found;
  double shares = 0;
  for (const std::int64_t count : comparisons_of_users) {
    if (count <= 0)
      continue;
    ++found.users;
    found.comparisons += count;
    shares += 1 / static_cast<double>(count);
  }
  if (found.users == 0) {
    found.half_width = std::numeric_limits<double>::infinity();
    return found;
  }
  const auto n = static_cast<double>(found.users);
  found.half_width = 1.96 * std::sqrt((k_between_users + (1 - k_between_users) * shares / n) / 4 / n);
  return found;
}

std::int64_t users_needed(const GroupPrecision& found, double wanted) {
  const double ratio = found.half_width / wanted;
  return static_cast<std::int64_t>(std::ceil(static_cast<double>(found.users) * ratio * ratio - 1e-9));
}

void require_precision(const std::string& group, const GroupPrecision& found, double wanted) {
  if (wanted >= 1 || found.half_width <= wanted)
    return;
  throw UserError(
      ExitCode::configuration,
      fmt::format("group \"{}\" has {} test users ({} comparisons); its accuracy would be known to +- {:.2g}; "
                  "the sweep asks for {:g} (data.groups.precision), which needs about {} test users",
                  group, found.users, found.comparisons, found.half_width, wanted, users_needed(found, wanted)));
}

}  // namespace fairsweep
