#include "objectives/metrics/chance/people_bootstrap.hpp"

#include <map>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "objectives/metrics/chance/drawn_measures.hpp"
#include "objectives/metrics/chance/stream_kinds.hpp"

namespace fairsweep::fairness {

std::vector<ChanceInterval> people_bootstrap(std::span<const std::int32_t> group, const MeasuresOfRows& measures,
                                             const ChanceOptions& options) {
  check(options.draws > 0, "a bootstrap needs draws");
  std::map<std::int32_t, std::vector<std::uint32_t>> members;
  for (std::size_t row = 0; row < group.size(); ++row) {
    members[group[row]].push_back(static_cast<std::uint32_t>(row));
  }
  DrawnMeasures drawn(options.draws);
  std::vector<std::uint32_t> rows;
  rows.reserve(group.size());
  for (std::size_t draw = 0; draw < options.draws && group.size() > 1; ++draw) {
    RandomStream random(options.seed, k_people_stream, 0, Purpose::bootstrap, static_cast<std::uint32_t>(draw));
    rows.clear();
    for (const auto& [code, of_group] : members) {
      for (std::size_t i = 0; i < of_group.size(); ++i) {
        rows.push_back(of_group[random.below(of_group.size())]);
      }
    }
    drawn.add(measures(rows));
  }
  if (group.size() < 2) {
    std::vector<std::uint32_t> everybody(group.size(), 0);
    return std::vector<ChanceInterval>(measures(everybody).size());
  }
  return drawn.intervals();
}

}  // namespace fairsweep::fairness
