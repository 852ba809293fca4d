#include "results/report/run_summary.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::report {
namespace {

/// Mean over the objectives, smaller is better.
double mean_of_objectives(const Front& front, const FrontPoint& point) {
  double sum = 0;
  for (std::size_t axis = 0; axis < front.objectives.size(); ++axis) {
    sum += front.objectives[axis].to_minimisation(point.validation[axis].mean) /
           static_cast<double>(front.objectives.size());
  }
  return sum;
}

/// The last `parts` parts of a dotted path.
std::string end_of(const std::string& path, std::size_t parts) {
  std::size_t from = path.size();
  while (parts-- > 0 && from != std::string::npos && from > 0)
    from = path.rfind('.', from - 1);
  return from == std::string::npos ? path : path.substr(from == 0 ? 0 : from + 1);
}

}  // namespace

RunSummary summarise_run(std::string name, RunRecord record, Settings fixed, AllSettings all_settings) {
  if (!all_settings) {
    all_settings = [fixed](const Configuration& configuration) {
      Settings settings = configuration.values;
      settings.insert(fixed.begin(), fixed.end());
      return settings;
    };
  }
  Front front = select_front(record);
  return {std::move(name), std::move(record), std::move(front), std::move(fixed), std::move(all_settings), {}};
}

const Configuration& configuration_of(const RunRecord& record, ConfigurationId id) {
  const auto place = std::ranges::lower_bound(record.configurations, id, {}, &Configuration::id);
  check(place != record.configurations.end() && place->id == id, "a trial belongs to a configuration of its run");
  return *place;
}

std::string setting_text(const RunSummary& run, const Configuration& configuration, const std::string& path) {
  if (const auto place = configuration.values.find(path); place != configuration.values.end())
    return to_text(place->second);
  if (const auto place = run.fixed.find(path); place != run.fixed.end())
    return to_text(place->second);
  return "";
}

std::string method_of(const RunSummary& run, const Configuration& configuration) {
  const std::string method = setting_text(run, configuration, "method.name");
  return method.empty() ? "-" : method;
}

std::vector<std::string> methods_of(const RunSummary& run) {
  std::set<std::string> methods;
  for (const Configuration& configuration : run.record.configurations)
    methods.insert(method_of(run, configuration));
  return {methods.begin(), methods.end()};
}

std::vector<std::string> varying_settings(const RunRecord& record) {
  std::vector<std::string> varying;
  for (const Parameter& parameter : record.space.parameters) {
    std::set<std::string> texts;
    for (const Configuration& configuration : record.configurations) {
      const auto place = configuration.values.find(parameter.path);
      texts.insert(place == configuration.values.end() ? std::string()
                                                       : std::string("=").append(to_text(place->second)));
      if (texts.size() > 1)
        break;
    }
    if (texts.size() > 1)
      varying.push_back(parameter.path);
  }
  return varying;
}

std::vector<std::string> short_names(const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  for (const std::string& path : paths) {
    std::size_t parts = 1;
    const auto shared = [&] {
      return std::ranges::count_if(
                 paths, [&](const std::string& other) { return end_of(other, parts) == end_of(path, parts); }) > 1;
    };
    while (shared() && end_of(path, parts) != path)
      ++parts;
    names.push_back(end_of(path, parts));
  }
  return names;
}

char key_of(std::size_t member) {
  if (member < 26)
    return static_cast<char>('a' + member);
  if (member < 52)
    return static_cast<char>('A' + (member - 26));
  return '#';
}

std::vector<std::size_t> best_of_methods(const RunSummary& run) {
  std::map<std::string, std::size_t> best;
  for (std::size_t i = 0; i < run.front.points.size(); ++i) {
    const FrontPoint& point = run.front.points[i];
    if (!point.competes)
      continue;
    const auto [place, added] = best.try_emplace(method_of(run, configuration_of(run.record, point.configuration)), i);
    if (!added &&
        mean_of_objectives(run.front, point) < mean_of_objectives(run.front, run.front.points[place->second])) {
      place->second = i;
    }
  }
  std::vector<std::size_t> points;
  points.reserve(best.size());
  for (const auto& [method, point] : best)
    points.push_back(point);
  return points;
}

}  // namespace fairsweep::report
