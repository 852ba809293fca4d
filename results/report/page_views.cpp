#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"
#include "results/report/hypervolume_curve.hpp"
#include "results/report/packed_column.hpp"
#include "results/report/page_data.hpp"
#include "results/report/person_curves.hpp"
#include "results/report/setting_importance.hpp"
#include "results/report/thinning.hpp"
#include "results/report/work_use.hpp"

namespace fairsweep::report {
namespace {

using nlohmann::json;

json spreads_json(const PersonCurves& curves) {
  json all = json::array();
  for (const PersonSpread& spread : curves.spreads) {
    if (spread.people > 0) {
      all.push_back({{"group", printable(spread.group)},
                     {"people", spread.people},
                     {"mean", number_json(spread.mean)},
                     {"quantiles", packed_reals(spread.quantiles)}});
    }
  }
  return all;
}

json support_json(const fairness::SupportCurve& curve) {
  json bins = json::array();
  for (const fairness::SupportBin& bin : curve.bins) {
    bins.push_back({{"support", number_json(bin.support)},
                    {"low", number_json(bin.low)},
                    {"high", number_json(bin.high)},
                    {"mean", number_json(bin.mean)},
                    {"error", number_json(bin.standard_error)},
                    {"people", bin.people}});
  }
  return {{"bins", std::move(bins)},
          {"slope", number_json(curve.slope)},
          {"correlation", number_json(curve.correlation)},
          {"people", curve.people}};
}

}  // namespace

std::vector<ConfigurationId> person_configurations(const RunSummary& run, const ReportLimits& limits) {
  std::vector<ConfigurationId> configurations;
  std::set<ConfigurationId> known;
  const auto add = [&](std::size_t point) {
    if (known.insert(run.front.points[point].configuration).second)
      configurations.push_back(run.front.points[point].configuration);
  };
  for (const std::size_t place : spread_evenly(run.front.members.size(), limits.person_curves))
    add(run.front.members[place]);
  for (const std::size_t point : best_of_methods(run))
    add(point);
  return configurations;
}

std::vector<TrialId> person_trials(const RunSummary& run, const ReportLimits& limits) {
  std::vector<TrialId> trials;
  const auto configurations = person_configurations(run, limits);
  const std::set<ConfigurationId> wanted(configurations.begin(), configurations.end());
  for (const TrialRecord& trial : run.record.trials) {
    if (trial.state == TrialState::reported && wanted.contains(trial.configuration))
      trials.push_back(trial.id);
  }
  return trials;
}

json curve_json(const ReportInput& input, const ReportLimits& limits) {
  const HypervolumeCurve curve = hypervolume_curve(input.run, input.timeline, limits.curve_steps);
  std::vector<double> seconds, volumes;
  std::vector<std::uint32_t> configurations, fronts;
  for (const HypervolumeStep& step : curve.steps) {
    seconds.push_back(step.seconds);
    configurations.push_back(static_cast<std::uint32_t>(step.configurations));
    fronts.push_back(static_cast<std::uint32_t>(step.front));
    volumes.push_back(step.hypervolume);
  }
  return {{"seconds", packed_reals(seconds)},
          {"configurations", packed_counts(configurations)},
          {"front", packed_counts(fronts)},
          {"hypervolume", packed_reals(volumes)},
          {"changes", curve.changes},
          {"untimed", curve.untimed},
          {"end", number_json(input.run.record.seconds)}};
}

json importance_json(const RunSummary& run) {
  const FrontImportance importance = front_importance(run);
  json settings = json::array();
  for (const SettingImportance& setting : importance.settings) {
    json bins = json::array();
    for (const std::string& name : setting.bins)
      bins.push_back(printable(name));
    settings.push_back({{"path", printable(setting.path)},
                        {"bins", std::move(bins)},
                        {"share_all", setting.share_all},
                        {"share_chosen", setting.share_chosen},
                        {"all", setting.all},
                        {"chosen", setting.chosen},
                        {"divergence", setting.divergence},
                        {"by_chance", setting.by_chance},
                        {"chance_high", setting.chance_high}});
  }
  return {{"all", importance.all},
          {"chosen", importance.chosen},
          {"ranks", importance.ranks},
          {"settings", std::move(settings)}};
}

json persons_json(const ReportInput& input, const ReportLimits& limits) {
  json configurations = json::array();
  for (const ConfigurationId id : person_configurations(input.run, limits)) {
    json one = {{"configuration", id.value}};
    for (const auto& [name, values] :
         {std::pair("validation", &input.people.validation), std::pair("test", &input.people.test)}) {
      const PersonCurves curves = person_curves(input.run, input.people, *values, id);
      if (curves.replicates > 0 && curves.spreads.front().people > 0) {
        one[name] = {{"replicates", curves.replicates},
                     {"spreads", spreads_json(curves)},
                     {"support", support_json(curves.support)}};
      }
    }
    if (one.contains("validation") || one.contains("test"))
      configurations.push_back(std::move(one));
  }
  json best = json::array();
  for (const std::size_t point : best_of_methods(input.run)) {
    const FrontPoint& best_point = input.run.front.points[point];
    best.push_back(
        {{"configuration", best_point.configuration.value},
         {"method", printable(method_of(input.run, configuration_of(input.run.record, best_point.configuration)))}});
  }
  return {{"metric", printable(input.people.metric)},
          {"configurations", std::move(configurations)},
          {"best_of_methods", std::move(best)},
          {"members", input.run.front.members.size()}};
}

json work_json(const ReportInput& input, const ReportLimits& limits) {
  const WorkUse use = work_use(input.timeline, limits.worker_bins);
  json workers = json::array(), sessions = json::array();
  for (const std::size_t place : spread_evenly(use.workers.size(), limits.workers)) {
    const WorkerUse& worker = use.workers[place];
    workers.push_back({{"worker", worker.worker},
                       {"host", printable(worker.host)},
                       {"present", number_json(worker.present)},
                       {"useful", number_json(worker.useful)},
                       {"lost", number_json(worker.lost)},
                       {"course", packed_reals(worker.useful_share)}});
  }
  for (const SessionSpan& session : input.timeline.sessions) {
    sessions.push_back(
        {{"begin", number_json(session.begin)}, {"end", number_json(session.end)}, {"how", printable(session.how)}});
  }
  return {{"bin_seconds", number_json(use.bin_seconds)},
          {"causes", use.causes},
          {"count", use.workers.size()},
          {"workers", std::move(workers)},
          {"sessions", std::move(sessions)},
          {"unread", input.timeline.unread}};
}

json failures_json(const RunSummary& run, const ReportLimits& limits) {
  struct Kind {
    std::size_t attempts = 0;
    std::set<TrialId> trials;
    std::size_t retryable = 0;
  };
  std::map<std::pair<std::string, std::string>, Kind> kinds;
  std::vector<std::pair<TrialId, const TrialFailure*>> all;
  std::size_t trials_lost = 0;
  for (const TrialRecord& trial : run.record.trials) {
    trials_lost += trial.state == TrialState::failed ? 1 : 0;
    for (const TrialFailure& failure : trial.failures) {
      Kind& kind = kinds[{failure.stage, failure.reason}];
      ++kind.attempts;
      kind.trials.insert(trial.id);
      kind.retryable += failure.retryable ? 1 : 0;
      all.emplace_back(trial.id, &failure);
    }
  }
  json summary = json::array(), shown = json::array();
  for (const auto& [name, kind] : kinds) {
    summary.push_back({{"stage", printable(name.first)},
                       {"reason", printable(name.second)},
                       {"attempts", kind.attempts},
                       {"trials", kind.trials.size()},
                       {"retryable", kind.retryable}});
  }
  for (const std::size_t place : spread_evenly(all.size(), limits.failures)) {
    const auto& [trial, failure] = all[place];
    shown.push_back({{"trial", trial.value},
                     {"stage", printable(failure->stage)},
                     {"reason", printable(failure->reason)},
                     {"message", printable(failure->message.substr(0, 400))}});
  }
  return {{"attempts", all.size()},
          {"trials_lost", trials_lost},
          {"kinds", std::move(summary)},
          {"shown", std::move(shown)}};
}

}  // namespace fairsweep::report
