#include "orchestrator/apps/merge_runs.hpp"

#include <unistd.h>

#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/configuration_changes.hpp"
#include "orchestrator/apps/run_record.hpp"
#include "orchestrator/merge_logs.hpp"
#include "orchestrator/resume.hpp"
#include "orchestrator/run_lease.hpp"
#include "results/log/event_log.hpp"

namespace fairsweep::apps {
namespace {

/// A folder that is removed unless it has got its name.
class StagedFolder {
 public:
  explicit StagedFolder(const std::filesystem::path& target)
      : target_(target), path_(target.string() + ".merging-" + std::to_string(getpid())) {}
  ~StagedFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  StagedFolder(const StagedFolder&) = delete;
  StagedFolder& operator=(const StagedFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void name() const {
    std::error_code error;
    std::filesystem::rename(path_, target_, error);
    if (error) {
      throw UserError(ExitCode::environment, target_.string() + ": the merged run cannot be put there: " +
                                                 error.message() + "; give another place with --out");
    }
  }

 private:
  std::filesystem::path target_, path_;
};

void refuse_a_running_one(const RunDirectory& run) {
  const std::optional<RunLeaseRecord> lease = read_run_lease(run.lease());
  if (lease && holder_lives(*lease)) {
    throw UserError(ExitCode::configuration, run.path().string() + ": this run is going on (process " +
                                                 std::to_string(lease->process) + "); merge it when it has ended");
  }
}

/// The configuration with the most configurations asked for; they may differ in nothing that makes other trials.
SweepConfiguration common_sweep(const std::vector<RunDirectory>& runs) {
  SweepConfiguration most = read_resolved_sweep(runs.front());
  for (std::size_t i = 1; i < runs.size(); ++i) {
    SweepConfiguration other = read_resolved_sweep(runs[i]);
    std::vector<ConfigurationChange> forbidden = forbidden_of(changes_between(most, other));
    std::erase_if(forbidden, [](const ConfigurationChange& each) { return each.path == "search.configurations"; });
    if (!forbidden.empty()) {
      throw UserError(ExitCode::configuration, runs.front().path().string() + " and " + runs[i].path().string() +
                                                   " are runs of different sweeps, so that their trials do not go "
                                                   "together:" +
                                                   lines_of(forbidden));
    }
    if (other.search.configurations > most.search.configurations) {
      most = std::move(other);
    }
  }
  return most;
}

void bring(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  if (std::filesystem::exists(to, error)) {
    return;
  }
  std::filesystem::create_hard_link(from, to, error);  // artefacts never change, so that one copy does
  if (error) {
    std::filesystem::copy_file(from, to, error);
  }
  if (error) {
    throw UserError(std::filesystem::exists(from) ? ExitCode::environment : ExitCode::file,
                    from.string() + ": cannot be copied to " + to.string() + ": " + error.message());
  }
}

/// The files that the log of `run` names and that are there: a run may have been copied without them.
void bring_artefacts(const RunDirectory& run, const std::vector<Event>& events, const RunDirectory& out) {
  std::set<std::string> names;
  for (const Event& event : events) {
    if (const auto* reported = std::get_if<events::Reported>(&event)) {
      for (const Artefact& artefact : reported->report.artefacts) {
        names.insert(artefact.digest);
      }
    } else if (const auto* started = std::get_if<events::Started>(&event)) {
      names.insert(started->people);
    }
  }
  std::error_code error;
  for (std::filesystem::directory_iterator entry(run.artefacts(), error), end; !error && entry != end;
       entry.increment(error)) {
    if (names.contains(entry->path().stem().string())) {
      bring(entry->path(), out.artefacts() / entry->path().filename());
    }
  }
}

}  // namespace

MergedRun merge_runs(const std::vector<std::filesystem::path>& paths, const std::filesystem::path& out) {
  std::error_code ignored;
  if (std::filesystem::exists(out, ignored)) {
    throw UserError(ExitCode::configuration, out.string() + ": is there already; give another place with --out");
  }
  std::vector<RunDirectory> runs(paths.begin(), paths.end());
  std::vector<LogToMerge> logs;
  logs.reserve(runs.size());
  const SweepConfiguration sweep = common_sweep(runs);
  for (const RunDirectory& run : runs) {
    refuse_a_running_one(run);
    logs.push_back({run.path().string(), read_event_log(run.events()).events});
  }
  const std::vector<Event> merged = merge_logs(logs);

  const StagedFolder staged(out);
  const RunDirectory target(staged.path());
  target.prepare();
  replace_file(target.sweep(), sweep.resolved);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    bring_artefacts(runs[i], logs[i].events, target);
  }
  {
    EventLog::Recovery nothing;
    EventLog log(target.events(), nothing);
    for (const Event& event : merged) {
      log.append(event);
    }
    log.sync();
  }
  rebuild_results(target);
  staged.name();
  TrialTable table(rules_of(sweep));
  (void)replay(merged, out.string(), table, nullptr);
  return {table.counts().reported, table.counts().failed, table.counts().pending};
}

}  // namespace fairsweep::apps
