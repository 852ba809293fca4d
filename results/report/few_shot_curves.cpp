#include "results/report/few_shot_curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "objectives/metrics/inequality/mean.hpp"
#include "objectives/metrics/metric.hpp"
#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"
#include "results/report/number_text.hpp"
#include "results/report/text_table.hpp"

namespace fairsweep::report {
namespace {

using fairness::mean_of;

constexpr double k_unknown = std::numeric_limits<double>::quiet_NaN();

/// "few-shot test accuracy 4 of these" in its parts.
struct NoteName {
  std::string metric, group;
  std::string_view split;
  std::int64_t shots = 0;
};

/// The first word, taken off.
std::string_view next_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::optional<NoteName> value_note(std::string_view name) {
  if (next_word(name) != "few-shot")
    return std::nullopt;
  NoteName note;
  note.split = next_word(name);
  if (note.split != to_text(Split::validation) && note.split != to_text(Split::test))
    return std::nullopt;
  note.metric = next_word(name);
  const std::string_view shots = next_word(name);
  const auto [end, error] = std::from_chars(shots.data(), shots.data() + shots.size(), note.shots);
  if (error != std::errc() || end != shots.data() + shots.size())
    return std::nullopt;
  note.group = name;
  return note;
}

double note_of(const TrialRecord& trial, const std::string& name) {
  const auto place = trial.notes.find(name);
  return place == trial.notes.end() ? k_unknown : place->second;
}

double deviation_of(const std::vector<double>& values) {
  if (values.size() < 2)
    return 0;
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values)
    squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

/// What there is to ask for.
struct Known {
  std::set<std::string> metrics, groups;
  std::set<std::int64_t> shots;
};

Known known_of(const RunRecord& record) {
  Known known;
  for (const TrialRecord& trial : record.trials) {
    for (const auto& [name, value] : trial.notes) {
      if (const auto note = value_note(name)) {
        known.metrics.insert(note->metric);
        known.groups.insert(note->group);
        known.shots.insert(note->shots);
      }
    }
  }
  return known;
}

void require(const std::set<std::string>& names, const std::string& name, const char* what) {
  if (names.count(name) > 0)
    return;
  const std::vector<std::string> known(names.begin(), names.end());
  std::string there_are;
  for (const std::string& one : known)
    there_are += one.empty() ? std::string() : (there_are.empty() ? "; there are " : ", ") + printable(one);
  throw UserError(ExitCode::configuration, fmt::format("no few-shot curve is of the {} \"{}\"{}{}", what,
                                                       printable(name), did_you_mean(name, known), there_are));
}

std::string name_of(const FewShotRequest& request, const char* kind, Split split, std::int64_t shots) {
  return fmt::format("few-shot {}{} {} {}{}{}", kind, to_text(split), request.metric, shots,
                     request.group.empty() ? "" : " ", request.group);
}

std::vector<const TrialRecord*> reported(const RunRecord& record, ConfigurationId configuration) {
  std::vector<const TrialRecord*> trials;
  for (const TrialRecord& trial : record.trials) {
    if (trial.configuration == configuration && trial.state == TrialState::reported)
      trials.push_back(&trial);
  }
  return trials;
}

std::vector<double> known_values(const std::vector<const TrialRecord*>& trials, const std::string& name) {
  std::vector<double> values;
  for (const TrialRecord* trial : trials) {
    if (const double value = note_of(*trial, name); std::isfinite(value))
      values.push_back(value);
  }
  return values;
}

FewShotCurve curve_of(const RunSummary& run, const Configuration& configuration, const FewShotRequest& request,
                      const std::set<std::int64_t>& shots) {
  const std::vector<const TrialRecord*> trials = reported(run.record, configuration.id);
  FewShotCurve curve;
  curve.configuration = configuration.id;
  curve.method = method_of(run, configuration);
  curve.user = setting_text(run, configuration, "model.user");
  const Settings active = run.all_settings(configuration);  // of models without numbers to fit it is none
  if (const auto adaptation = active.find("model.adaptation"); adaptation != active.end())
    curve.adaptation = to_text(adaptation->second);
  curve.parameters = mean_of(known_values(trials, "parameters"));
  curve.people = mean_of(known_values(trials, fmt::format("few-shot people {}{}{}", to_text(request.split),
                                                          request.group.empty() ? "" : " ", request.group)));
  for (const std::int64_t step : shots) {
    const std::vector<double> values = known_values(trials, name_of(request, "", request.split, step));
    if (values.empty())
      continue;
    curve.replicates = static_cast<std::uint32_t>(values.size());
    const double error = mean_of(known_values(trials, name_of(request, "error ", request.split, step)));
    curve.points.push_back({step, mean_of(values), error, deviation_of(values)});
  }
  return curve;
}

/// Of each method, model of users and adaptation the curve that validation takes; of equal ones the first.
std::vector<FewShotCurve> best_of_each(const RunSummary& run, const FewShotCurves& all, std::int64_t longest) {
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<double, std::size_t>> best;
  const std::string name = name_of(all.request, "", Split::validation, longest);
  for (std::size_t i = 0; i < all.curves.size(); ++i) {
    const FewShotCurve& curve = all.curves[i];
    double value = mean_of(known_values(reported(run.record, curve.configuration), name));
    if (!std::isfinite(value))
      continue;
    if (all.direction == Direction::minimise)
      value = -value;
    const auto [place, added] = best.try_emplace({curve.method, curve.user, curve.adaptation}, value, i);
    if (!added && value > place->second.first)
      place->second = {value, i};
  }
  std::vector<FewShotCurve> curves;
  curves.reserve(best.size());
  for (const auto& [kind, chosen] : best)
    curves.push_back(all.curves[chosen.second]);
  return curves;
}

}  // namespace

FewShotCurves few_shot_curves(const RunSummary& run, FewShotRequest request) {
  const Known known = known_of(run.record);
  if (known.metrics.empty()) {
    throw UserError(ExitCode::configuration,
                    fmt::format("{} has no few-shot curves; run a sweep with data.split: {{by: user, history: 16, "
                                "few_shot: true}}",
                                printable(run.name)));
  }
  if (request.metric.empty())
    request.metric = run.record.objectives.empty() ? *known.metrics.begin() : run.record.objectives.front().metric;
  require(known.metrics, request.metric, "metric");
  if (!request.group.empty())
    require(known.groups, request.group, "group");
  FewShotCurves all;
  if (const Metric* metric = find_metric(request.metric))
    all.direction = metric->direction();
  all.request = std::move(request);
  for (const Configuration& configuration : run.record.configurations) {
    FewShotCurve curve = curve_of(run, configuration, all.request, known.shots);
    if (!curve.points.empty())
      all.curves.push_back(std::move(curve));
  }
  if (!all.request.every_configuration)
    all.curves = best_of_each(run, all, *known.shots.rbegin());
  return all;
}

std::string few_shot_text(const FewShotCurves& curves) {
  TextTable table;
  table.add_column("method");
  table.add_column("model.user");
  table.add_column("adaptation");
  table.add_column("configuration", Align::right);
  table.add_column("parameters", Align::right);
  std::set<std::int64_t> shots;
  std::uint32_t replicates = 0;
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  for (const FewShotCurve& curve : curves.curves) {
    for (const FewShotPoint& point : curve.points)
      shots.insert(point.shots);
    replicates = std::max(replicates, curve.replicates);
    least = std::min(least, curve.people);
    most = std::max(most, curve.people);
  }
  for (const std::int64_t step : shots)
    table.add_column(std::to_string(step), Align::right);
  for (const FewShotCurve& curve : curves.curves) {
    std::vector<std::string> cells = {curve.method, curve.user, curve.adaptation.empty() ? "-" : curve.adaptation,
                                      std::to_string(curve.configuration.value),
                                      std::isfinite(curve.parameters) ? fmt::format("{:.0f}", curve.parameters) : "-"};
    for (const std::int64_t step : shots) {
      const auto place = std::find_if(curve.points.begin(), curve.points.end(),
                                      [step](const FewShotPoint& point) { return point.shots == step; });
      cells.push_back(place == curve.points.end() ? "-" : estimate_text({place->mean, place->standard_error}));
    }
    table.add_row(cells);
  }
  const FewShotRequest& request = curves.request;
  const std::string people =
      least == most ? fmt::format("{:.0f}", least) : fmt::format("{:.0f} to {:.0f}", least, most);
  return fmt::format(
      "{} on {}{} by how many comparisons are known of a person nobody trained on\n{}\n{} people, the same in every "
      "column; ± is the standard error over them, averaged over replicates ({} at most).\nA flat "
      "row reads nothing of what is known of new people.\n{}",
      printable(request.metric), to_text(request.split),
      request.group.empty() ? std::string() : ", group " + printable(request.group), table.text(), people, replicates,
      request.every_configuration
          ? std::string()
          : fmt::format("Of each method, model of users and adaptation the configuration that is best on "
                        "validation at {} comparisons; --all shows every one.\n",
                        shots.empty() ? 0 : *shots.rbegin()));
}

nlohmann::json few_shot_json(const FewShotCurves& curves) {
  nlohmann::json all = nlohmann::json::array();
  for (const FewShotCurve& curve : curves.curves) {
    nlohmann::json points = nlohmann::json::array();
    for (const FewShotPoint& point : curve.points) {
      points.push_back({{"shots", point.shots},
                        {"mean", number_json(point.mean)},
                        {"standard_error", number_json(point.standard_error)},
                        {"deviation_over_replicates", number_json(point.spread)}});
    }
    all.push_back({{"configuration", curve.configuration.value},
                   {"method", printable(curve.method)},
                   {"user", printable(curve.user)},
                   {"adaptation", printable(curve.adaptation)},
                   {"parameters", number_json(curve.parameters)},
                   {"replicates", curve.replicates},
                   {"people", number_json(curve.people)},
                   {"points", std::move(points)}});
  }
  return {{"metric", printable(curves.request.metric)},
          {"split", std::string(to_text(curves.request.split))},
          {"group", printable(curves.request.group)},
          {"curves", std::move(all)}};
}

}  // namespace fairsweep::report
