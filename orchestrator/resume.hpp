#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/domain/event.hpp"
#include "orchestrator/coordinator.hpp"
#include "orchestrator/search/search_strategy.hpp"
#include "orchestrator/trial_table.hpp"

namespace fairsweep {

/// Told of a configuration that the strategy would not suggest again: the number of its event, from 1, what the log
/// has, and what would be suggested now (nothing: the strategy would wait for results first).
using OnOtherSuggestion =
    std::function<void(std::size_t event, const Configuration& logged, const std::optional<Settings>& derived)>;

/// Lives through the events again: `table` and `strategy` end in the state they had after the last of them, so the next
/// decision is the one that would have been taken.
/// @param source  the log's name, for messages
/// @returns how many configurations of the log this version would not suggest again; the log's are kept
/// @throws UserError (file) naming the event that cannot follow the ones before it.
std::size_t replay(const std::vector<Event>& events, const std::string& source, TrialTable& table,
                   SearchStrategy* strategy, const OnOtherSuggestion& on_other = {});

/// The first events of a session: that it began, and, where it goes on with an earlier one, the end of every lease
/// whose worker died with that session.
/// @param started  `resumed` is set here
/// Which configurations may follow each other is the caller's to say (see configuration_changes.hpp).
/// @throws UserError (file) where the run was begun with other data.
void begin_session(const EventSink& sink, TrialTable& table, events::Started started);

}  // namespace fairsweep
