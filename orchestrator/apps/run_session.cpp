#include "orchestrator/apps/run_session.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <future>
#include <map>
#include <system_error>
#include <utility>
#include <variant>

#include "core/config/read_sweep.hpp"
#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/result_publisher.hpp"
#include "orchestrator/apps/run_provenance.hpp"
#include "orchestrator/apps/run_record.hpp"
#include "orchestrator/apps/stop_signal.hpp"
#include "orchestrator/dispatch.hpp"
#include "orchestrator/resume.hpp"
#include "orchestrator/search/catalogue.hpp"
#include "orchestrator/search/listed.hpp"

namespace fairsweep::apps {
namespace {

constexpr std::chrono::milliseconds k_sign_of_life{500};

template <typename Clock>
double seconds() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

/// What a changed configuration means for the record of the run; nothing where it is the same.
std::map<std::string, std::string> provenance_of(const std::vector<ConfigurationChange>& changes) {
  std::map<std::string, std::string> facts;
  for (const ConfigurationChange& change : changes) {
    facts["changed." + change.path] = change.before + " -> " + change.now;
  }
  return facts;
}

/// A log and a configuration that belong together: every session wrote its digest.
void refuse_foreign_configuration(const RunDirectory& run, const std::string& digest,
                                  const std::vector<Event>& events) {
  const bool known = std::any_of(events.begin(), events.end(), [&digest](const Event& event) {
    const auto* started = std::get_if<events::Started>(&event);
    return started != nullptr && started->configuration_digest == digest;
  });
  if (!known && !events.empty()) {
    throw UserError(ExitCode::file, run.sweep().string() +
                                        ": is not the configuration that events.log was begun with; bring back the "
                                        "one that fairsweep wrote, or give another place with --out");
  }
}

void refuse_another_shard(const RunDirectory& run, const Shard& shard, const std::vector<Event>& events) {
  const auto* started = events.empty() ? nullptr : std::get_if<events::Started>(&events.front());
  if (started != nullptr && started->shard != shard) {
    const auto name = [](const Shard& each) {
      if (!each.only.empty()) {
        return to_text(each);
      }
      return each.count == 1 ? std::string("the whole sweep") : "shard " + to_text(each);
    };
    throw UserError(ExitCode::configuration, run.path().string() + ": the run was begun for " + name(started->shard) +
                                                 " and not for " + name(shard) +
                                                 "; ask for the same, or give another place with --out");
  }
}

SweepEnd end_of(const TrialTable& table) {
  SweepEnd end;
  if (table.counts().failed > 0) {
    end.kind = SweepEnd::Kind::incomplete;
    end.code = ExitCode::incomplete;
    end.message = std::to_string(table.counts().failed) + " of " + std::to_string(table.counts().all()) +
                  " trials failed for good; the front is made of the others";
  }
  return end;
}

}  // namespace

RunSession::RunSession(SweepPlan plan, bool resume, std::shared_ptr<spdlog::logger> logger)
    : plan_(std::move(plan)),
      logger_(std::move(logger)),
      table_(rules_of(plan_.sweep)),
      strategy_(plan_.recorded.empty()
                    ? make_strategy(plan_.sweep.search.strategy, plan_.sweep.space, search_options(plan_.sweep.search))
                    : make_listed(plan_.sweep.space, plan_.recorded)) {
  open(resume);
}

void RunSession::open(bool resume) {
  const RunDirectory& run = plan_.run;
  std::error_code ignored;
  const bool has_sweep = std::filesystem::exists(run.sweep(), ignored);
  std::string digest_before;
  if (resume && !run.holds_a_run()) {
    logger_->warn("there is no run at {} to resume: it begins now", run.path().string());
  }
  if (run.holds_a_run() && !resume) {
    throw UserError(ExitCode::configuration, run.path().string() +
                                                 ": a run is there already; add --resume to go on "
                                                 "with it, or give another place with --out");
  }
  if (has_sweep) {
    const SweepConfiguration before = read_resolved_sweep(run);
    digest_before = before.digest;
    changes_ = before.digest == plan_.sweep.digest ? decltype(changes_)() : changes_between(before, plan_.sweep);
    refuse_forbidden(changes_, run.path().string());
  }
  run.prepare();
  lease_ = std::make_unique<RunLease>(run.lease());
  run.remove_leftovers();
  if (const std::optional<RunLeaseRecord>& before = lease_->taken_from()) {
    logger_->warn("the coordinator before (process {} on host {}) ended without a word; this one goes on with the run",
                  before->process, before->host);
  }
  try {
    open_log(digest_before);
  } catch (const UserError& error) {
    lease_->end(error.code(), error.what());
    throw;
  }
}

void RunSession::open_log(const std::string& digest_before) {
  const RunDirectory& run = plan_.run;
  const bool has_sweep = !digest_before.empty();
  std::error_code ignored;
  // The configuration first: a log without it could not be resumed. Killed in between, the next session begins here.
  EventLog::Recovery recovery;
  if (!has_sweep && std::filesystem::exists(run.events(), ignored)) {
    if (!read_event_log(run.events()).events.empty()) {
      throw UserError(ExitCode::file, run.path().string() +
                                          ": it has an events.log and no sweep.yaml; put the "
                                          "sweep.yaml back, or give another place with --out");
    }
  }
  if (!has_sweep) {
    replace_file(run.sweep(), plan_.sweep.resolved);
  }
  if (!plan_.people_file.empty() && !std::filesystem::exists(run.people(plan_.people_file_digest), ignored)) {
    replace_file(run.people(plan_.people_file_digest), plan_.people_file);
  }
  log_ = std::make_unique<EventLog>(run.events(), recovery, [this] { lease_->check_is_mine(); });
  if (recovery.cut_bytes > 0) {
    logger_->warn("{}: the last {} bytes were torn by a kill and are cut off; what they said happens again",
                  run.events().string(), recovery.cut_bytes);
  }
  if (has_sweep) {
    refuse_foreign_configuration(run, digest_before, recovery.events);
  }
  refuse_another_shard(run, plan_.shard, recovery.events);
  const std::size_t others = replay(recovery.events, run.events().string(), table_, strategy_.get());
  earlier_ = std::move(recovery.events);
  if (others > 0) {
    logger_->warn("{} configurations of the log are not what this version would suggest; the log's are kept", others);
  }
}

SweepEnd RunSession::end_with(const std::function<SweepEnd()>& work) {
  try {
    SweepEnd end = work();
    lease_->end(end.code, end.message);
    return end;
  } catch (const UserError& error) {
    lease_->end(error.code(), error.what());
    throw;
  } catch (const std::exception& error) {
    lease_->end(ExitCode::internal, error.what());
    throw;
  }
}

SweepEnd RunSession::coordinate(Channel& channel, const std::string& transport, ProgressLine::Mode progress) {
  return end_with([&] { return hand_out(channel, transport, progress); });
}

/// Writing the result file of a large run takes a while; who watches the run sees that it lives.
void RunSession::write_results(const std::function<void()>& write) {
  std::future<void> writing = std::async(std::launch::async, write);
  while (writing.wait_for(k_sign_of_life) != std::future_status::ready) {
    lease_->touch();
  }
  try {
    writing.get();
  } catch (const UserError& error) {
    if (error.code() != ExitCode::environment) {
      throw;
    }
    throw UserError(error.code(), std::string(error.what()) +
                                      "; everything that was reported is in events.log: go on with --resume then");
  }
}

SweepEnd RunSession::hand_out(Channel& channel, const std::string& transport, ProgressLine::Mode progress) {
  if (!plan_.announcement.empty()) {
    logger_->info("{}", plan_.announcement);
  }
  const SweepConfiguration& sweep = plan_.sweep;
  const EventSink sink{[this](const Event& event) { return log_->append(event); }, [this] { return log_->durable(); }};
  events::Started started;
  started.time = seconds<std::chrono::system_clock>();
  started.sweep = sweep.name;
  started.configuration_digest = sweep.digest;
  started.data_digest = plan_.data_digest;
  started.data_description = plan_.data_description;
  started.groups = plan_.groups;
  started.people = plan_.people_file_digest;
  started.objectives = plan_.objectives;
  started.configurations = plan_.configurations;
  started.replicates = table_.rules().replicates;
  started.provenance = run_provenance(transport, channel.size() - 1);
  started.provenance.merge(provenance_of(changes_));
  started.provenance.insert(plan_.provenance.begin(), plan_.provenance.end());
  started.shard = plan_.shard;
  started.retries = static_cast<std::int32_t>(rules_of(sweep).retries);
  begin_session(sink, table_, std::move(started));
  if (!changes_.empty()) {
    logger_->info("the run goes on with another configuration:{}", lines_of(changes_));
    log_->sync();  // the log knows of a configuration before the file holds it
    replace_file(plan_.run.sweep(), plan_.sweep.resolved);
  }

  Dispatch dispatch({static_cast<std::size_t>(sweep.resources.trials_per_pack),
                     static_cast<std::size_t>(channel.size() - 1),
                     [&sweep](const Settings& sampled) { return trial_settings(sweep, sampled); },
                     [](const Settings& settings) { return shape_key(settings); }});
  dispatch.add(table_, {table_.pending().begin(), table_.pending().end()});
  Durations durations([this, &dispatch](TrialId trial) {
    return dispatch.shape_of(table_.configurations()[table_.trials()[trial.value].configuration.value]);
  });
  for (const Event& event : std::exchange(earlier_, {})) {
    durations.ingest(event);
  }
  ProgressLine line(progress, plan_.trials());
  ResultPublisher publisher(plan_.run, logger_);
  CoordinatorOptions options;
  options.configurations = plan_.configurations;
  options.heartbeat_seconds = sweep.resources.heartbeat_seconds;
  options.lease_seconds = sweep.resources.lease_seconds;
  options.agents_per_device = sweep.resources.agents_per_device;
  if (plan_.job_end) {
    const double now = seconds<std::chrono::steady_clock>();
    options.deadline =
        Deadline(now, now + *plan_.job_end - seconds<std::chrono::system_clock>(), sweep.resources.stop_seconds);
  }
  options.setup = setup_of(plan_);
  options.monotonic = seconds<std::chrono::steady_clock>;
  options.time = seconds<std::chrono::system_clock>;
  options.stop_requested = [] { return stop_signals() > 0; };
  options.on_turn = [&](const TrialTable& table) {
    lease_->touch();
    line.show(table.counts());
    publisher.turn();
  };
  options.logger = logger_;
  Coordinator coordinator(channel, sink, table_, dispatch, *strategy_, durations, std::move(options));
  const SweepEnd end = coordinator.run();
  log_->sync();
  write_results([&publisher] { publisher.finish(); });
  tidy_up(end);
  return end;
}

SweepEnd RunSession::conclude_complete() {
  return end_with([this] {
    write_results([this] { rebuild_results(plan_.run); });
    const SweepEnd end = end_of(table_);
    tidy_up(end);
    return end;
  });
}

void RunSession::tidy_up(const SweepEnd& end) {
  if (end.kind != SweepEnd::Kind::complete && end.kind != SweepEnd::Kind::incomplete) {
    return;  // the checkpoints are what the next session goes on from
  }
  std::error_code error;
  for (std::filesystem::directory_iterator entry(plan_.run.checkpoints(), error), last; !error && entry != last;
       entry.increment(error)) {
    std::error_code ignored;
    std::filesystem::remove_all(entry->path(), ignored);
  }
}

}  // namespace fairsweep::apps
