#include "orchestrator/apps/rerun_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "core/config/read_sweep.hpp"
#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/configuration_changes.hpp"

namespace fairsweep::apps {
namespace {

[[noreturn]] void refuse(ExitCode code, const std::string& what) { throw UserError(code, what); }

bool has_ended(const TrialRecord& trial) {
  return trial.state == TrialState::reported || trial.state == TrialState::failed;
}

/// The configuration in the file, with what may be said anew put over it.
SweepConfiguration sweep_of(const RunRecord& record, const RerunRequest& request) {
  const auto read = [&](const Overrides& overrides) {
    ReadResult result = read_sweep_text(record.resolved_configuration, request.results, overrides);
    if (!result.ok()) {
      refuse(overrides.empty() ? ExitCode::file : ExitCode::configuration,
             result.issues.front().text() +
                 (overrides.empty() ? "; this version of fairsweep cannot train what another version recorded" : ""));
    }
    return std::move(result.sweep);
  };
  const SweepConfiguration before = read({});
  Overrides overrides = parse_overrides(request.assignments);
  if (!request.data.empty()) {
    overrides.emplace_back("data.file", nlohmann::json(request.data).dump());  // a JSON text is one of YAML
  }
  SweepConfiguration now = read(overrides);
  std::vector<ConfigurationChange> changes = changes_between(before, now);
  std::erase_if(changes, [](const ConfigurationChange& change) {
    return change.path == "data.file" || change.path.starts_with("resources.");
  });
  if (!changes.empty()) {
    refuse(ExitCode::configuration,
           "a trial that is trained again keeps its settings; --set may change resources.* "
           "only, and not" +
               lines_of(changes));
  }
  return now;
}

}  // namespace

std::vector<TrialId> trials_to_rerun(const report::RunSummary& run, const RerunRequest& request) {
  if (int{request.trial.has_value()} + int{request.configuration.has_value()} + int{request.front} != 1) {
    refuse(ExitCode::configuration, "say what to train again: --trial N, --configuration N or --front");
  }
  std::set<ConfigurationId> wanted;
  if (request.configuration) {
    wanted.insert({*request.configuration});
  } else if (request.front) {
    for (const std::size_t member : run.front.members) {
      wanted.insert(run.front.points[member].configuration);
    }
  }
  std::vector<TrialId> trials;
  bool known = false;
  for (const TrialRecord& trial : run.record.trials) {
    const bool asked = request.trial ? trial.id.value == *request.trial : wanted.contains(trial.configuration);
    known = known || asked;
    if (asked && has_ended(trial)) {
      trials.push_back(trial.id);
    }
  }
  if (trials.empty()) {
    const std::string what = request.trial           ? "trial " + std::to_string(*request.trial)
                             : request.configuration ? "configuration " + std::to_string(*request.configuration)
                                                     : "front";
    refuse(ExitCode::configuration,
           run.name + (known ? ": of " + what + " nothing has ended, so there is nothing to compare with"
                             : " has no " + what + "; `fairsweep front` and `fairsweep show` list what there is"));
  }
  return trials;
}

SweepPlan rerun_plan(const RunRecord& record, const std::vector<TrialId>& trials, const RerunRequest& request) {
  SweepConfiguration sweep = sweep_of(record, request);
  std::error_code ignored;
  if (!std::filesystem::exists(sweep.data.file, ignored)) {
    refuse(ExitCode::file, fmt::format("{}: the data that {} was made from (digest {}) are not here; say where they "
                                       "are with --data FILE",
                                       sweep.data.file, request.results, record.data_digest));
  }
  SweepPlan plan = make_plan(std::move(sweep), RunDirectory(request.out), true, record.data_digest);
  if (plan.groups != record.groups || plan.objectives != record.objectives) {
    refuse(ExitCode::file, fmt::format("{}: its groups are ({}), and this version finds ({}) in the same data; use the "
                                       "version that made it ({})",
                                       request.results, fmt::join(record.groups, ", "), fmt::join(plan.groups, ", "),
                                       record.provenance.contains("fairsweep") ? record.provenance.at("fairsweep")
                                                                               : std::string("not recorded")));
  }
  plan.recorded.reserve(record.configurations.size());
  for (const Configuration& configuration : record.configurations) {
    check(configuration.id.value == plan.recorded.size(), "configurations of a record are numbered from 0");
    plan.recorded.push_back(configuration.values);
  }
  plan.configurations = static_cast<std::uint32_t>(plan.recorded.size());
  plan.shard.only = trials;
  return plan;
}

}  // namespace fairsweep::apps
