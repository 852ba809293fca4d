#include "orchestrator/apps/run_record.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>
#include <variant>

#include "core/config/read_sweep.hpp"
#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/protocol/codec.hpp"
#include "core/protocol/people_text.hpp"
#include "orchestrator/resume.hpp"
#include "results/log/event_log.hpp"
#include "results/store/result_file.hpp"

namespace fairsweep::apps {
namespace {

double time_of(const Event& event) {
  return std::visit([](const auto& each) { return each.time; }, event);
}

TrialState state_of(TableTrial::State state) {
  switch (state) {
    case TableTrial::State::pending:
      return TrialState::pending;
    case TableTrial::State::running:
      return TrialState::running;
    case TableTrial::State::reported:
      return TrialState::reported;
    case TableTrial::State::elsewhere:
      return TrialState::elsewhere;
    case TableTrial::State::failed:
      break;
  }
  return TrialState::failed;
}

TrialRecord record_of(const TableTrial& trial) {
  TrialRecord record;
  record.id = trial.id;
  record.configuration = trial.configuration;
  record.replicate = trial.replicate;
  record.state = state_of(trial.state);
  record.attempts = trial.attempts;
  record.seconds = trial.report.seconds;
  record.epochs = trial.report.epochs;
  record.worker = trial.worker;
  record.host = trial.host;
  record.device = trial.report.device;
  record.metrics = trial.report.metrics;
  record.artefacts = trial.report.artefacts;
  record.notes = trial.report.notes;
  record.words = trial.report.words;
  record.failures = trial.failures;
  return record;
}

/// Adds facts; one that differs from what is there already is kept beside it, under its name and `whose`.
void add_facts(std::map<std::string, std::string>& all, const std::map<std::string, std::string>& facts,
               const std::string& prefix, const std::string& whose) {
  for (const auto& [key, value] : facts) {
    const auto [place, fresh] = all.emplace(prefix + key, value);
    if (!fresh && place->second != value) {
      all[prefix + key + " (" + whose + ")"] = value;
    }
  }
}

/// What every session and every trainer ran on.
std::map<std::string, std::string> provenance_of(const std::vector<Event>& events) {
  std::map<std::string, std::string> all;
  int session = 0;
  for (const Event& event : events) {
    if (const auto* started = std::get_if<events::Started>(&event)) {
      add_facts(all, started->provenance, "", "session " + std::to_string(++session));
    } else if (const auto* trainer = std::get_if<events::TrainerStarted>(&event)) {
      add_facts(all, trainer->provenance, "trainer.",
                "session " + std::to_string(session) + ", worker " + std::to_string(trainer->worker));
    }
  }
  return all;
}

/// The people that the log names; nobody where their file was not copied along, as with the trainers' artefacts.
People read_people(const std::filesystem::path& file, const std::string& digest) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    return {};
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  const std::string text = bytes.str();
  if (sha256(text) != digest) {
    throw UserError(ExitCode::file, file.string() +
                                        ": is not what the run wrote, its SHA-256 is not its name; bring the file "
                                        "back, or remove it: then the result file does not say who is in which group");
  }
  return read_people_text(text, file.string());
}

/// Seconds between the first and the last event of each session, added up.
double running_seconds(const std::vector<Event>& events) {
  double total = 0;
  std::optional<double> begin;
  double last = 0;
  for (const Event& event : events) {
    if (std::holds_alternative<events::Started>(event)) {
      total += begin ? last - *begin : 0;
      begin = time_of(event);
      last = *begin;
    }
    last = std::max(last, time_of(event));
  }
  return total + (begin ? last - *begin : 0);
}

}  // namespace

TrialRules rules_of(const SweepConfiguration& sweep) {
  TrialRules rules;
  rules.replicates = static_cast<std::uint32_t>(sweep.search.replicates);
  rules.first_replicate = static_cast<std::uint32_t>(sweep.search.first_replicate);
  rules.retries = static_cast<std::uint32_t>(sweep.resources.retries);
  return rules;
}

RunRecord make_run_record(const std::vector<Event>& events, const SweepConfiguration& sweep,
                          const std::string& source) {
  TrialTable table(rules_of(sweep));
  (void)replay(events, source, table, nullptr);
  RunRecord record;
  record.sweep = sweep.name;
  record.resolved_configuration = sweep.resolved;
  record.configuration_digest = sweep.digest;
  record.declaration = {{"use_case", sweep.declaration.use_case},
                        {"population", sweep.declaration.population},
                        {"groups", sweep.declaration.groups},
                        {"fairness", sweep.declaration.fairness}};
  record.space = sweep.space;
  record.replicates = rules_of(sweep).replicates;
  if (const std::optional<events::Started>& started = table.started()) {
    record.data_digest = started->data_digest;
    record.data_description = started->data_description;
    record.groups = started->groups;
    record.objectives = started->objectives;
    record.wanted_configurations = started->configurations;
    record.started = started->time;
  }
  record.provenance = provenance_of(events);
  record.seconds = running_seconds(events);
  record.configurations = table.configurations();
  for (const TableTrial& trial : table.trials()) {
    record.trials.push_back(record_of(trial));
  }
  for (const Event& event : events) {
    record.events.push_back(to_json(event));
  }
  record.complete = table.completed();
  return record;
}

SweepConfiguration read_resolved_sweep(const RunDirectory& run) {
  std::error_code ignored;
  if (!std::filesystem::exists(run.sweep(), ignored)) {
    throw UserError(ExitCode::file,
                    run.path().string() + (std::filesystem::exists(run.lease(), ignored)
                                               ? ": nothing has happened here yet, it has no sweep.yaml; begin it "
                                                 "with `fairsweep run --resume`"
                                               : ": is no run directory, it has no sweep.yaml"));
  }
  ReadResult result = read_sweep_text(read_configuration_text(run.sweep()), run.sweep().string());
  if (!result.ok()) {
    throw UserError(ExitCode::file, result.issues.front().text() +
                                        "; the file was changed by hand or written by another version of fairsweep");
  }
  return std::move(result.sweep);
}

RunRecord read_run(const RunDirectory& run) {
  const SweepConfiguration sweep = read_resolved_sweep(run);
  std::error_code ignored;
  if (!std::filesystem::exists(run.events(), ignored)) {
    throw UserError(ExitCode::file, run.path().string() + ": nothing has happened here yet, it has no events.log");
  }
  const std::vector<Event> events = read_event_log(run.events()).events;
  if (events.empty()) {
    throw UserError(ExitCode::file, run.path().string() +
                                        ": nothing has happened here yet, its events.log holds no event; go on with "
                                        "`fairsweep run --resume`");
  }
  RunRecord record = make_run_record(events, sweep, run.events().string());
  const auto* started = std::get_if<events::Started>(&events.front());
  if (started != nullptr && !started->people.empty())
    record.people = read_people(run.people(started->people), started->people);
  return record;
}

void rebuild_results(const RunDirectory& run) {
  write_result_file(run.results(), read_run(run), artefacts_of(run.path()));
}

}  // namespace fairsweep::apps
