#pragma once

#include <string>
#include <vector>

#include "core/domain/event.hpp"

namespace fairsweep {

/// One run to be merged.
struct LogToMerge {
  std::string name;  ///< of the run, for messages
  std::vector<Event> events;
};

/// The log of the sweep that the runs are parts of: what happened in one run after what happened in another, with
/// leases and workers numbered on. Shards of a sweep have no trial in common, so the order of the runs changes no
/// state; what is not trained in any of them is pending in the merged run, which can be resumed.
/// @throws UserError (configuration) where the runs are not of one sweep and data, where two have worked on the same
///         trial, or where a strategy suggested different configurations; (file) where a log has no beginning.
[[nodiscard]] std::vector<Event> merge_logs(const std::vector<LogToMerge>& runs);

}  // namespace fairsweep
