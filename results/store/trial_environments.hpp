#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "results/store/run_record.hpp"

namespace fairsweep {

/// What a program says of itself and of where it runs: fact -> value.
using Facts = std::map<std::string, std::string>;

/// What each trial's numbers were computed with.
struct TrialEnvironments {
  static constexpr std::size_t k_none = std::numeric_limits<std::size_t>::max();
  std::vector<Facts> distinct;
  std::vector<std::size_t> of;  ///< by row of RunRecord::trials: which of `distinct`; k_none: it has not ended
};

/// From the events in the record: the provenance of the session in which a trial was reported or failed last, that of
/// the trainer of its worker at that moment under names that begin with "trainer.", and the device of its report under
/// "device". What sessions note of settings that changed ("changed.*") and of a run they confirm ("confirms.*") is left
/// out, and events that this version cannot read are passed over. O(events); progress is not even parsed.
[[nodiscard]] TrialEnvironments environments_of(const RunRecord& record);

}  // namespace fairsweep
