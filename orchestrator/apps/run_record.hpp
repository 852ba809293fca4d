#pragma once

#include <string>
#include <vector>

#include "core/config/sweep_configuration.hpp"
#include "core/domain/event.hpp"
#include "orchestrator/run_directory.hpp"
#include "orchestrator/trial_table.hpp"
#include "results/store/run_record.hpp"

namespace fairsweep::apps {

/// The rules of a sweep's trials, as its table needs them.
[[nodiscard]] TrialRules rules_of(const SweepConfiguration& sweep);

/// Everything a result file holds, from the log and the configuration it was begun with. O(events).
/// @param source  the log's name, for messages. @throws UserError (file) where the events cannot follow each other.
[[nodiscard]] RunRecord make_run_record(const std::vector<Event>& events, const SweepConfiguration& sweep,
                                        const std::string& source);

/// sweep.yaml of a run. @throws UserError (file) where it is missing or this version cannot read it.
[[nodiscard]] SweepConfiguration read_resolved_sweep(const RunDirectory& run);

/// The record of a run from its sweep.yaml and events.log, whether or not somebody is writing there.
/// @throws UserError (file) where `run` is no run directory, or one of its files is damaged.
[[nodiscard]] RunRecord read_run(const RunDirectory& run);

/// Replaces results.h5 by what the log says now.
void rebuild_results(const RunDirectory& run);

}  // namespace fairsweep::apps
