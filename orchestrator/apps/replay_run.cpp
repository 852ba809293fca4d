#include "orchestrator/apps/replay_run.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>
#include <variant>

#include "core/config/read_sweep.hpp"
#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/protocol/codec.hpp"
#include "orchestrator/apps/run_record.hpp"
#include "orchestrator/apps/sweep_plan.hpp"
#include "orchestrator/resume.hpp"
#include "orchestrator/search/catalogue.hpp"
#include "results/log/event_log.hpp"
#include "results/store/result_file.hpp"

namespace fairsweep::apps {
namespace {

/// A run's log and the text of its configuration.
struct Recorded {
  std::string source;
  std::string configuration;
  std::vector<Event> events;
  std::uint64_t torn_bytes = 0;
};

Recorded from_directory(const RunDirectory& run) {
  (void)read_resolved_sweep(run);  // says what is wrong with a folder that is no run
  std::error_code ignored;
  if (!std::filesystem::exists(run.events(), ignored)) {
    throw UserError(ExitCode::file, run.path().string() + ": nothing has happened here yet, it has no events.log");
  }
  EventLog::Recovery log = read_event_log(run.events());
  return {run.events().string(), read_configuration_text(run.sweep()), std::move(log.events), log.cut_bytes};
}

Recorded from_result_file(const std::filesystem::path& file) {
  const RunRecord record = read_result_file(file);
  Recorded recorded{file.string(), record.resolved_configuration, {}, 0};
  recorded.events.reserve(record.events.size());
  for (const std::string& event : record.events) {
    try {
      recorded.events.push_back(parse_event(event));
    } catch (const BadMessage& error) {
      throw UserError(ExitCode::file, file.string() + ": event " + std::to_string(recorded.events.size() + 1) +
                                          " cannot be read (" + error.what() +
                                          "); the file was changed, or written by another version of fairsweep");
    }
  }
  return recorded;
}

SweepConfiguration sweep_of(const Recorded& recorded) {
  const std::string digest = sha256(recorded.configuration);
  const bool known = std::ranges::any_of(recorded.events, [&digest](const Event& event) {
    const auto* started = std::get_if<events::Started>(&event);
    return started != nullptr && started->configuration_digest == digest;
  });
  if (!known) {
    throw UserError(ExitCode::file, recorded.source +
                                        ": its configuration is not one that the log was begun with (SHA-256 " +
                                        digest + "), so one of them was changed; bring back what fairsweep wrote");
  }
  ReadResult read = read_sweep_text(recorded.configuration, recorded.source);
  if (!read.ok()) {
    throw UserError(ExitCode::file, read.issues.front().text() + "; it was written by another version of fairsweep");
  }
  return std::move(read.sweep);
}

}  // namespace

ReplayedRun replay_run(const std::string& run) {
  std::error_code ignored;
  if (!std::filesystem::exists(run, ignored)) {
    throw UserError(ExitCode::file, run + ": there is no such run; name a run directory or a results.h5");
  }
  const bool directory = std::filesystem::is_directory(run, ignored);
  const Recorded recorded = directory ? from_directory(RunDirectory(run)) : from_result_file(run);
  const SweepConfiguration sweep = sweep_of(recorded);
  ReplayedRun replayed;
  replayed.source = recorded.source;
  replayed.strategy = sweep.search.strategy;
  replayed.seed = sweep.search.seed;
  replayed.events = recorded.events.size();
  replayed.torn_bytes = recorded.torn_bytes;
  const auto strategy = make_strategy(sweep.search.strategy, sweep.space, search_options(sweep.search));
  TrialTable table(rules_of(sweep));
  (void)replay(recorded.events, recorded.source, table, strategy.get(),
               [&replayed](std::size_t event, const Configuration& logged, const std::optional<Settings>& derived) {
                 replayed.others.push_back({event, logged.id, logged.values, derived});
               });
  replayed.suggestions = table.configurations().size();
  replayed.reports = table.counts().reported;
  return replayed;
}

std::vector<std::string> setting_differences(const OtherSuggestion& other) {
  if (!other.derived) {
    return {"the strategy suggests no such configuration there"};
  }
  std::set<std::string> paths;
  for (const Settings* settings : {&other.logged, &*other.derived}) {
    for (const auto& [path, value] : *settings) {
      paths.insert(path);
    }
  }
  const auto shown = [](const Settings& settings, const std::string& path) {
    const auto place = settings.find(path);
    return place == settings.end() ? std::string("absent") : to_text(place->second);
  };
  std::vector<std::string> lines;
  for (const std::string& path : paths) {
    const auto logged = other.logged.find(path), derived = other.derived->find(path);
    const bool same =
        logged != other.logged.end() && derived != other.derived->end() && logged->second == derived->second;
    if (!same) {
      lines.push_back(path + ": " + shown(other.logged, path) + " in the log, " + shown(*other.derived, path) +
                      " derived");
    }
  }
  return lines;
}

}  // namespace fairsweep::apps
