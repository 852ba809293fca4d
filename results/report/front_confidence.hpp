#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "results/store/front.hpp"
#include "results/store/run_record.hpp"

namespace fairsweep::report {

/// How sure a front is, see results/pareto/membership.hpp.
struct FrontConfidence {
  std::vector<double> probability;    ///< by point of the front, that it is non-dominated; NaN: it does not compete
  double level = 0;                   ///< of `sure` and `possible`
  std::vector<std::size_t> sure;      ///< points that are on the front with at least that probability
  std::vector<std::size_t> possible;  ///< points that cannot be ruled out; holds `sure`
  double expected_false = 0;          ///< members that are expected not to belong there
  double expected_missed = 0;         ///< points that are expected to belong there and are no members
  std::size_t draws = 0;              ///< 0: no seed changes anything, nothing was drawn
  std::uint64_t seed = 0;             ///< of the draws
  std::uint32_t least_replicates = 0, most_replicates = 0;  ///< of competing points
};

/// Nothing where nothing competes, or no configuration has two replicates: then nothing is known about the noise.
/// The same record gives the same answer. Some tenths of a second at most for tens of thousands of configurations.
[[nodiscard]] std::optional<FrontConfidence> front_confidence(const RunRecord& record, const Front& front);

}  // namespace fairsweep::report
