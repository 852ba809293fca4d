#include "results/export/json_document.hpp"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "results/export/method_sources.hpp"
#include "results/report/confidence_text.hpp"
#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"
#include "results/report/run_report.hpp"

namespace fairsweep::exports {
namespace {

using nlohmann::json;
using report::number_json;
using report::printable;

/// Bytes of a foreign text that are no UTF-8 become U+FFFD.
std::string text_of(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

/// Members of one JSON object, in the order they come.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::ostream& out) : out_(out) { out_ << '{'; }
  void add(const std::string& key, const json& value) {
    begin(key);
    out_ << text_of(value);
  }
  /// A list whose entries `each` hands to what it is given.
  template <typename Each>
  void add_list(const std::string& key, Each each) {
    begin(key);
    out_ << '[';
    bool first = true;
    each([&](const json& entry) {
      out_ << (first ? "\n" : ",\n") << text_of(entry);
      first = false;
    });
    out_ << ']';
  }
  void end() { out_ << "\n}\n"; }

 private:
  void begin(const std::string& key) {
    out_ << (first_ ? "\n" : ",\n") << json(key).dump() << ": ";
    first_ = false;
  }
  std::ostream& out_;
  bool first_ = true;
};

json units_json(const RunRecord& record) {
  json metrics = json::object();
  for (const Objective& objective : record.objectives)
    metrics[objective.metric] = objective.unit;
  return {{"started", "seconds since 1970-01-01 UTC"}, {"seconds", "s"}, {"metrics", std::move(metrics)}};
}

json space_json(const SearchSpace& space) {
  json list = json::array();
  for (const Parameter& parameter : space.parameters) {
    json one = {{"parameter", parameter.path}};
    if (const auto* choice = std::get_if<Choice>(&parameter.distribution)) {
      one["kind"] = "choice";
      one["choices"] = json::array();
      for (const Value& value : choice->values)
        one["choices"].push_back(report::to_json(value));
    } else if (const auto* uniform = std::get_if<Uniform>(&parameter.distribution)) {
      one.update({{"kind", "uniform"}, {"low", uniform->low}, {"high", uniform->high}, {"integer", uniform->integer}});
    } else {
      const LogUniform& log = std::get<LogUniform>(parameter.distribution);
      one.update({{"kind", "log_uniform"}, {"low", log.low}, {"high", log.high}, {"integer", log.integer}});
    }
    one["only_where"] = nullptr;
    if (parameter.condition) {
      json values = json::array();
      for (const Value& value : parameter.condition->values)
        values.push_back(report::to_json(value));
      one["only_where"] = {{"parameter", parameter.condition->path}, {"values", std::move(values)}};
    }
    list.push_back(std::move(one));
  }
  return list;
}

json difference_json(const RunExport& run, const ReferenceDifference& one) {
  const PairedDifference& difference = one.difference;
  return {{"configuration", run.run.front.points[one.point].configuration.value},
          {"objective", one.objective},
          {"difference", number_json(difference.mean)},
          {"standard_error", number_json(difference.standard_error)},
          {"interval", {number_json(difference.low), number_json(difference.high)}},
          {"people", difference.people},
          {"p_value", number_json(difference.p_value)},
          {"p_adjusted", number_json(one.adjusted_p)},
          {"verdict", one.verdict > 0   ? "better"
                      : one.verdict < 0 ? "worse"
                                        : "not shown"}};
}

json reference_json(const RunExport& run) {
  const ReferenceComparison& comparison = run.reference;
  json differences = json::array();
  for (const ReferenceDifference& one : comparison.differences)
    differences.push_back(difference_json(run, one));
  return {{"method", comparison.method},
          {"configuration", comparison.reference ? json(run.run.front.points[*comparison.reference].configuration.value)
                                                 : json(nullptr)},
          {"split", "test"},
          {"procedure", "bootstrap over people, paired; p adjusted by Holm"},
          {"draws", k_bootstrap_draws},
          {"level", k_significance_level},
          {"note", comparison.note},
          {"differences", std::move(differences)}};
}

json people_row(const PersonResults& people, const PersonValues& values, const char* split, std::size_t row) {
  json numbers = json::array();
  for (std::size_t column = 0; column < values.people.size(); ++column)
    numbers.push_back(number_json(values.values[row * values.people.size() + column]));
  return {{"trial", people.trials[row].value},
          {"split", split},
          {"metric", people.metric},
          {"people", values.people},
          {"values", std::move(numbers)}};
}

json people_groups(const RunExport& run) {
  const People& people = run.people.front().people;
  json groups = json::array();
  for (const std::int32_t group : people.group)
    groups.push_back(group < 0 ? json(nullptr) : json(printable(people.groups[static_cast<std::size_t>(group)])));
  return groups;
}

/// Null for a configuration that does not compete, or where it cannot be said.
json probability_json(const report::RunSummary& run, ConfigurationId configuration) {
  const auto point = std::ranges::lower_bound(run.front.points, configuration, {}, &FrontPoint::configuration);
  if (point == run.front.points.end() || point->configuration != configuration)
    return nullptr;
  return number_json(report::probability_of(run, static_cast<std::size_t>(point - run.front.points.begin())));
}

void write_document(const RunExport& run, std::ostream& out) {
  const report::RunSummary& summary = run.run;
  ObjectWriter document(out);
  document.add("format", "fairsweep-export");
  document.add("format_version", k_export_version);
  document.add("units", units_json(summary.record));
  json overview = report::overview_json(summary);
  overview.erase("parameters");
  document.add("run", overview);
  document.add("configuration", summary.record.resolved_configuration);
  json data = json::parse(summary.record.data_description, nullptr, false);
  document.add("data", data.is_discarded() ? json(nullptr) : std::move(data));
  document.add("space", space_json(summary.record.space));
  json front = report::front_json(summary, report::Shown::front);
  front.erase("run");
  document.add("front", front);
  document.add("against", reference_json(run));
  json methods = json::object();
  for (const std::string& method : methods_used(run))
    methods[printable(method)] = method_note(method);
  document.add("methods", methods);
  document.add_list("configurations", [&](const auto& entry) {
    for (const Configuration& configuration : summary.record.configurations) {
      entry(json{{"configuration", configuration.id.value},
                 {"method", report::method_of(summary, configuration)},
                 {"probability_non_dominated", probability_json(summary, configuration.id)},
                 {"settings", report::to_json(summary.all_settings(configuration))}});
    }
  });
  document.add_list("trials", [&](const auto& entry) {
    for (const TrialRecord& trial : summary.record.trials) {
      json one = report::trial_json(summary, trial);
      one.erase("run");
      one.erase("settings");  // of its configuration
      entry(one);
    }
  });
  document.add("group_of_person", people_groups(run));
  document.add_list("people", [&](const auto& entry) {
    for (const PersonResults& people : run.people) {
      for (std::size_t row = 0; row < people.trials.size(); ++row) {
        if (!run.people_trials.contains(people.trials[row]))
          continue;
        for (const auto& [split, values] :
             {std::pair("validation", &people.validation), std::pair("test", &people.test)}) {
          if (!values->people.empty())
            entry(people_row(people, *values, split, row));
        }
      }
    }
  });
  document.end();
}

}  // namespace

std::vector<ExportedFile> json_files(const RunExport& run) {
  return {{"results.json", [&run](std::ostream& out) { write_document(run, out); }}};
}

}  // namespace fairsweep::exports
