#include "workers/data/link_problems.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace fairsweep {

void check_links(const PreferenceData& data, Problems& problems) {
  const UserLinks& links = data.user_links;
  if (!links.weight.empty()) {
    problems.length("/users/links/weight", links.weight.size(), links.from.size(), "one for each link, or be left out");
    problems.each_row("/users/links/weight", links.weight.size(), [&](std::size_t row) -> std::string {
      return std::isfinite(links.weight[row]) && links.weight[row] > 0 ? "" : "must be finite and above 0";
    });
  }
  if (!problems.length("/users/links/to", links.to.size(), links.from.size(), "as many as /users/links/from")) {
    return;
  }
  std::set<std::pair<std::int32_t, std::int32_t>> seen;
  problems.each_row("/users/links", links.from.size(), [&](std::size_t row) -> std::string {
    for (const std::int64_t user : {links.from[row], links.to[row]}) {
      if (user < 0 || user >= data.user_count()) {
        return "links user " + std::to_string(user) + "; there are " + std::to_string(data.user_count()) +
               " users, from 0";
      }
    }
    const std::string from = std::to_string(links.from[row]);
    if (links.from[row] == links.to[row]) {
      return "links user " + from + " to himself";
    }
    return seen.emplace(links.from[row], links.to[row]).second
               ? ""
               : "links user " + from + " to user " + std::to_string(links.to[row]) + ", which a row before does";
  });
}

}  // namespace fairsweep
