#include "results/report/run_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::report {
namespace {

std::string settings_key(const Settings& settings) {
  std::string key;
  for (const auto& [path, value] : settings)
    key += path + '=' + std::to_string(value.index()) + to_text(value) + '\n';
  return key;
}

/// The reported trials, by settings, replicate, and how often these came before.
using Trials = std::map<std::tuple<std::string, std::uint32_t, std::size_t>, const TrialRecord*>;

Trials reported_trials(const RunSummary& run) {
  std::map<ConfigurationId, std::string> keys;
  for (const Configuration& configuration : run.record.configurations) {
    keys[configuration.id] = settings_key(run.all_settings(configuration));
  }
  Trials trials;
  std::map<std::pair<std::string, std::uint32_t>, std::size_t> seen;
  for (const TrialRecord& trial : run.record.trials) {
    const std::string& key = keys.at(trial.configuration);
    const std::size_t before = seen[{key, trial.replicate}]++;
    if (trial.state == TrialState::reported)
      trials[{key, trial.replicate, before}] = &trial;
  }
  return trials;
}

TrialAgreement compare(const Trials& first, const Trials& second) {
  TrialAgreement agreement;
  for (const auto& [key, trial] : first) {
    const auto place = second.find(key);
    if (place == second.end()) {
      ++agreement.only_first;
      continue;
    }
    const NumberAgreement numbers = compare_numbers(*trial, *place->second);
    for (const NumberDifference& difference : numbers.differences) {
      const double far = std::abs(difference.first - difference.second);
      if (std::isfinite(far)) {
        double& largest = agreement.largest[difference.metric];
        largest = std::max(largest, far);
      }
    }
    if (numbers.identical()) {
      ++agreement.identical;
      agreement.other_arrays += same_arrays(*trial, *place->second) ? 0 : 1;
      continue;
    }
    ++agreement.different;
    if (numbers.within()) {
      ++agreement.within;
    } else {
      agreement.beyond.push_back({trial->id, place->second->id, numbers.differences.front()});
    }
  }
  std::ranges::sort(agreement.beyond, {}, &TrialDifference::first);
  agreement.only_second = second.size() - agreement.identical - agreement.different;
  return agreement;
}

/// path -> text of every "key: value" line.
std::map<std::string, std::string> flat(const std::string& resolved) {
  std::map<std::string, std::string> lines;
  std::vector<std::string> open;
  for (std::size_t from = 0; from < resolved.size();) {
    const std::size_t to = std::min(resolved.find('\n', from), resolved.size());
    const std::string line = resolved.substr(from, to - from);
    from = to + 1;
    const std::size_t indent = line.find_first_not_of(' ');
    const std::size_t colon = line.find(':');
    if (indent == std::string::npos || line[indent] == '#' || colon == std::string::npos || colon < indent)
      continue;
    open.resize(std::min(open.size(), indent / 2));
    open.push_back(line.substr(indent, colon - indent));
    const std::size_t value = line.find_first_not_of(' ', colon + 1);
    if (value == std::string::npos)
      continue;  // a section begins
    std::string path;
    for (const std::string& part : open)
      path += (path.empty() ? "" : ".") + part;
    lines[path] = line.substr(value);
  }
  return lines;
}

}  // namespace

bool RunComparison::identical() const {
  return std::ranges::all_of(
      agreements, [](const TrialAgreement& agreement) { return agreement.complete() && agreement.identical > 0; });
}

std::vector<std::string> RunComparison::differing() const {
  constexpr std::string_view k_seed = "search.seed";
  const auto any = [this](auto&& holds) { return std::ranges::any_of(agreements, holds); };
  std::vector<std::string> found;
  const auto add = [&found](bool differs, std::string_view what) {
    if (differs) {
      found.emplace_back(what);
    }
  };
  const auto is_seed = [&](const ConfigurationDifference& each) { return each.path == k_seed; };
  add(!std::ranges::all_of(configuration, is_seed), "settings");
  add(std::ranges::any_of(configuration, is_seed), "seed");
  add(!same_data, "data");
  for (const EnvironmentPart part : parts_that_matter(environment)) {
    add(true, name_of(part));
  }
  add(any([](const TrialAgreement& each) { return each.only_first + each.only_second > 0; }), "trials");
  add(any([](const TrialAgreement& each) { return !each.beyond.empty(); }), "numbers");
  add(any([](const TrialAgreement& each) { return each.within + each.other_arrays > 0; }), "late digits");
  return found;
}

TrialAgreement compare_trials(const RunSummary& first, const RunSummary& second) {
  return compare(reported_trials(first), reported_trials(second));
}

std::vector<ConfigurationDifference> differences(const std::vector<std::string>& resolved) {
  std::vector<std::map<std::string, std::string>> runs;
  std::set<std::string> paths;
  for (const std::string& text : resolved) {
    for (const auto& [path, value] : runs.emplace_back(flat(text)))
      paths.insert(path);
  }
  std::vector<ConfigurationDifference> found;
  for (const std::string& path : paths) {
    ConfigurationDifference difference{path, {}};
    for (const auto& run : runs) {
      const auto place = run.find(path);
      difference.texts.push_back(place == run.end() ? "" : place->second);
    }
    if (std::ranges::count(difference.texts, difference.texts.front()) != std::ssize(difference.texts)) {
      found.push_back(std::move(difference));
    }
  }
  return found;
}

RunComparison compare_runs(const std::vector<RunSummary>& runs) {
  check(runs.size() > 1, "a comparison needs two runs");
  RunComparison comparison;
  const RunSummary& first = runs.front();
  comparison.same_objectives =
      std::ranges::all_of(runs, [&](const RunSummary& run) { return run.front.objectives == first.front.objectives; });
  comparison.same_data = std::ranges::all_of(
      runs, [&](const RunSummary& run) { return run.record.data_digest == first.record.data_digest; });
  std::vector<std::string> resolved;
  std::vector<FrontPoint> points;
  for (const RunSummary& run : runs) {
    resolved.push_back(run.record.resolved_configuration);
    points.insert(points.end(), run.front.points.begin(), run.front.points.end());
  }
  comparison.configuration = differences(resolved);
  const bool any = std::ranges::any_of(points, [](const FrontPoint& point) { return point.competes; });
  if (comparison.same_objectives && any)
    comparison.reference = front_reference(first.front.objectives, points);
  for (const RunSummary& run : runs) {
    comparison.hypervolumes.push_back(comparison.reference.empty()
                                          ? std::nullopt
                                          : std::optional(front_hypervolume(run.front, comparison.reference)));
  }
  std::vector<FactSets> facts;
  facts.reserve(runs.size());
  for (const RunSummary& run : runs)
    facts.push_back(facts_of(environments_of(run.record)));
  comparison.environment = environment_differences(facts);
  const Trials trials = reported_trials(first);
  for (std::size_t i = 1; i < runs.size(); ++i)
    comparison.agreements.push_back(compare(trials, reported_trials(runs[i])));
  return comparison;
}

}  // namespace fairsweep::report
