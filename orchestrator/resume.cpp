#include "orchestrator/resume.hpp"

#include <utility>
#include <variant>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

/// Shows an event, of this number, to a strategy. False where it would now suggest something else.
bool show(const Event& event, std::size_t number, const TrialTable& table, SearchStrategy& strategy,
          const OnOtherSuggestion& on_other) {
  if (const auto* suggested = std::get_if<events::Suggested>(&event)) {
    const std::uint32_t id = suggested->configuration.id.value;
    const std::optional<std::uint64_t> size = strategy.size();
    const std::optional<Settings> derived = size && id >= *size ? std::nullopt : strategy.suggest(id);
    const bool same = derived == suggested->configuration.values;
    if (!same && on_other) {
      on_other(number, suggested->configuration, derived);
    }
    return same;
  }
  if (const auto* reported = std::get_if<events::Reported>(&event)) {
    if (table.trials()[reported->report.trial.value].state == TableTrial::State::reported) {
      strategy.ingest(table.trials()[reported->report.trial.value].configuration, reported->report);
    }
  }
  return true;
}

}  // namespace

std::size_t replay(const std::vector<Event>& events, const std::string& source, TrialTable& table,
                   SearchStrategy* strategy, const OnOtherSuggestion& on_other) {
  std::size_t other = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    try {
      (void)table.apply(events[i]);
    } catch (const InternalError& error) {
      throw UserError(ExitCode::file, source + ": event " + std::to_string(i + 1) +
                                          " cannot follow the ones before it, so the log was changed by hand or mixed "
                                          "with another; restore it from a copy (" +
                                          error.what() + ")");
    }
    if (strategy != nullptr && !show(events[i], i + 1, table, *strategy, on_other)) {
      ++other;
    }
  }
  return other;
}

void begin_session(const EventSink& sink, TrialTable& table, events::Started started) {
  const auto record = [&](const Event& event) {
    (void)table.apply(event);
    sink.append(event);
  };
  started.resumed = table.started().has_value();
  if (started.resumed) {
    started.data_description.clear();  // the same data, and the log has it
    if (table.started()->data_digest != started.data_digest) {
      throw UserError(ExitCode::file, "the run was begun with other data (digest " +
                                          table.started()->data_digest.substr(0, 12) + ", now " +
                                          started.data_digest.substr(0, 12) +
                                          "); restore the data file, or give another place with --out");
    }
  }
  const double time = started.time;
  record(std::move(started));
  while (!table.leases().empty()) {
    record(events::LeaseExpired{time, table.leases().begin()->first, "resumed"});
  }
}

}  // namespace fairsweep
