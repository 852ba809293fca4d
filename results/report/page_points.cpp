#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "results/report/axis_values.hpp"
#include "results/report/confidence_text.hpp"
#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"
#include "results/report/mixture.hpp"
#include "results/report/packed_column.hpp"
#include "results/report/page_data.hpp"
#include "results/report/thinning.hpp"

namespace fairsweep::report {
namespace {

using nlohmann::json;

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

/// Standard error of the mean over the replicates that say something; NaN for fewer than two.
double error_of(const std::vector<double>& values, std::size_t axis, std::size_t axes, double mean) {
  double squares = 0, n = 0;
  for (std::size_t cell = axis; cell < values.size(); cell += axes) {
    if (!std::isnan(values[cell])) {
      squares += (values[cell] - mean) * (values[cell] - mean);
      ++n;
    }
  }
  return n < 2 ? k_nan : std::sqrt(squares / (n - 1) / n);
}

/// One column an axis.
class AxisColumns {
 public:
  explicit AxisColumns(std::size_t axes) : columns_(axes) {}
  void add(std::size_t axis, double value) { columns_[axis].push_back(value); }
  [[nodiscard]] json packed() const {
    json all = json::array();
    for (const std::vector<double>& column : columns_)
      all.push_back(packed_reals(column));
    return all;
  }

 private:
  std::vector<std::vector<double>> columns_;
};

/// A searched setting as a column of numbers: the value of a range, the place among the choices.
class SettingColumn {
 public:
  SettingColumn(const Parameter& parameter, std::string label) : parameter_(&parameter), label_(std::move(label)) {}

  void add(const Configuration& configuration) {
    const auto value = configuration.values.find(parameter_->path);
    values_.push_back(value == configuration.values.end() ? k_nan : number(value->second));
  }
  [[nodiscard]] json packed() const {
    json choices = json::array();
    if (const auto* choice = std::get_if<Choice>(&parameter_->distribution)) {
      for (const Value& value : choice->values)
        choices.push_back(printable(to_text(value)));
    }
    return {{"path", printable(parameter_->path)},
            {"label", printable(label_)},
            {"log", std::holds_alternative<LogUniform>(parameter_->distribution)},
            {"choices", std::move(choices)},
            {"values", packed_reals(values_)}};
  }

 private:
  [[nodiscard]] double number(const Value& value) const {
    if (const auto* choice = std::get_if<Choice>(&parameter_->distribution)) {
      const auto place = std::ranges::find(choice->values, value);
      return place == choice->values.end() ? k_nan : static_cast<double>(place - choice->values.begin());
    }
    if (const auto* whole = std::get_if<std::int64_t>(&value))
      return static_cast<double>(*whole);
    const auto* real = std::get_if<double>(&value);
    return real == nullptr ? k_nan : *real;
  }

  const Parameter* parameter_;
  std::string label_;
  std::vector<double> values_;
};

std::vector<SettingColumn> setting_columns(const RunRecord& record) {
  const std::vector<std::string> varying = varying_settings(record), labels = short_names(varying);
  std::vector<SettingColumn> columns;
  for (const Parameter& parameter : record.space.parameters) {
    const auto place = std::ranges::find(varying, parameter.path);
    if (place != varying.end())
      columns.emplace_back(parameter, parameter.path == "method.name"
                                          ? "method"
                                          : labels[static_cast<std::size_t>(place - varying.begin())]);
  }
  return columns;
}

/// Indices into front.points: the front in its order, then those others that are kept.
std::vector<std::size_t> shown_points(const Front& front, std::size_t most, std::size_t& competing) {
  std::vector<std::size_t> shown = front.members, others;
  std::vector<std::uint32_t> keys;
  competing = 0;
  for (std::size_t i = 0; i < front.points.size(); ++i) {
    if (!front.points[i].competes)
      continue;
    ++competing;
    if (!front.points[i].on_front) {
      others.push_back(i);
      keys.push_back(front.points[i].configuration.value);
    }
  }
  for (const std::size_t kept : thinned(keys, most))
    shown.push_back(others[kept]);
  return shown;
}

/// How sure it is of each shown point that it is non-dominated; null where that cannot be said of any. As doubles, so
/// that two decimals are those of `fairsweep front`.
json probabilities(const RunSummary& run, const std::vector<std::size_t>& shown) {
  if (!run.confidence)
    return nullptr;
  json values = json::array();
  for (const std::size_t point : shown)
    values.push_back(number_json(probability_of(run, point)));
  return values;
}

/// Which members trained nothing, and by what weights they mix the models that are there; nothing where none does.
void add_mixture_facts(json& facts, const RunSummary& run) {
  std::vector<std::optional<Mixture>> mixtures;
  std::set<std::string> models;
  for (const std::size_t member : run.front.members) {
    mixtures.push_back(mixture_of(run.record, run.front.points[member].configuration));
    for (const auto& [name, weight] : mixtures.back() ? mixtures.back()->weight : std::map<std::string, double>())
      models.insert(name);
  }
  if (std::ranges::none_of(mixtures, [](const auto& mixture) { return mixture.has_value(); }))
    return;
  std::vector<double> nothing;
  nothing.reserve(mixtures.size());
  for (const auto& mixture : mixtures)
    nothing.push_back(mixture ? 1 : 0);
  facts.push_back({{"name", "trained nothing (1: yes)"}, {"values", packed_reals(nothing)}});
  for (const std::string& model : models) {
    std::vector<double> weights;
    for (const auto& mixture : mixtures) {
      const bool has = mixture && mixture->weight.contains(model);
      weights.push_back(has ? mixture->weight.at(model) : k_nan);
    }
    facts.push_back({{"name", printable("weight of " + model)}, {"values", packed_reals(weights)}});
  }
}

/// What is said of each member of the front beside its values, in hover and table. Another fact about members is
/// another entry here, and shows by itself.
json member_facts(const RunSummary& run) {
  const Front& front = run.front;
  std::vector<double> replicates, failed;
  for (const std::size_t member : front.members) {
    replicates.push_back(front.points[member].replicates);
    failed.push_back(front.points[member].failed);
  }
  json facts = json::array();
  facts.push_back({{"name", "replicates"}, {"values", packed_reals(replicates)}});
  if (std::ranges::any_of(failed, [](double count) { return count > 0; }))
    facts.push_back({{"name", "failed replicates"}, {"values", packed_reals(failed)}});
  add_mixture_facts(facts, run);
  return facts;
}

json axes_json(const std::vector<Axis>& axes) {
  json all = json::array();
  for (const Axis& axis : axes) {
    all.push_back({{"label", printable(axis.label())},
                   {"metric", printable(axis.metric)},
                   {"group", printable(axis.group)},
                   {"direction", !axis.direction                          ? ""
                                 : *axis.direction == Direction::minimise ? "minimise"
                                                                          : "maximise"},
                   {"unit", printable(axis.unit)},
                   {"objective", axis.objective}});
  }
  return all;
}

/// The replicates' own values of the front's members, for regions of confidence.
struct MemberReplicates {
  explicit MemberReplicates(std::size_t axes) : validation(axes), test(axes) {}
  std::vector<std::uint32_t> offset = {0};
  AxisColumns validation, test;

  void add(const ReplicateValues& values, std::size_t axes) {
    for (std::size_t cell = 0; cell < values.validation.size(); ++cell) {
      validation.add(cell % axes, values.validation[cell]);
      test.add(cell % axes, values.test[cell]);
    }
    offset.push_back(offset.back() + static_cast<std::uint32_t>(values.trials.size()));
  }
  [[nodiscard]] json packed() const {
    return {{"offset", packed_counts(offset)}, {"validation", validation.packed()}, {"test", test.packed()}};
  }
};

}  // namespace

json points_json(const RunSummary& run, const ReportLimits& limits) {
  const std::vector<Axis> axes = report_axes(run.record, limits.axes);
  std::size_t competing = 0;
  const std::vector<std::size_t> shown = shown_points(run.front, limits.points, competing);
  std::vector<SettingColumn> settings = setting_columns(run.record);
  std::vector<std::uint32_t> ids, methods;
  const std::vector<std::string> method_names = methods_of(run);
  AxisColumns validation(axes.size()), validation_error(axes.size()), test(axes.size()), test_error(axes.size());
  MemberReplicates replicates(axes.size());
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const FrontPoint& point = run.front.points[shown[i]];
    const Configuration& configuration = configuration_of(run.record, point.configuration);
    ids.push_back(point.configuration.value);
    methods.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(method_names, method_of(run, configuration)) -
                                                 method_names.begin()));
    for (SettingColumn& column : settings)
      column.add(configuration);
    const ReplicateValues values = replicate_values(run.record, point.configuration, axes);
    for (const auto& [all, means, errors] : {std::tuple(&values.validation, &validation, &validation_error),
                                             std::tuple(&values.test, &test, &test_error)}) {
      const std::vector<double> mean = means_of(*all, axes.size());
      for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        means->add(axis, mean[axis]);
        errors->add(axis, error_of(*all, axis, axes.size(), mean[axis]));
      }
    }
    if (i < run.front.members.size())
      replicates.add(values, axes.size());
  }
  json columns = json::array(), printed = json::array();
  for (const std::string& name : method_names)
    printed.push_back(printable(name));
  for (const SettingColumn& column : settings)
    columns.push_back(column.packed());
  return {{"axes", axes_json(axes)},
          {"settings", std::move(columns)},
          {"methods", std::move(printed)},
          {"competing", competing},
          {"members", run.front.members.size()},
          {"id", packed_counts(ids)},
          {"method", packed_counts(methods)},
          {"validation", validation.packed()},
          {"validation_error", validation_error.packed()},
          {"test", test.packed()},
          {"test_error", test_error.packed()},
          {"probability", probabilities(run, shown)},
          {"facts", member_facts(run)},
          {"replicates", replicates.packed()}};
}

}  // namespace fairsweep::report
