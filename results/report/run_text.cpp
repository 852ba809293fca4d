#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "results/report/mixture.hpp"
#include "results/report/number_text.hpp"
#include "results/report/run_report.hpp"
#include "results/report/text_table.hpp"

namespace fairsweep::report {
namespace {

/// "name   value" lines.
class Facts {
 public:
  Facts() {
    table_.add_column("");
    table_.add_column("");
  }
  void add(const std::string& name, const std::string& value) {
    if (!value.empty())
      table_.add_row({name, value});
  }
  [[nodiscard]] std::string text(const std::string& title) const {
    if (table_.row_count() == 0)
      return "";
    std::string text = table_.text(2);
    for (int line = 0; line < 2; ++line)
      text.erase(0, text.find('\n') + 1);  // no header
    return title + "\n" + text;
  }

 private:
  TextTable table_;
};

struct RangeText {
  std::string operator()(const Choice& choice) const {
    std::string text;
    for (const Value& value : choice.values)
      text += (text.empty() ? "" : ", ") + to_text(value);
    return fmt::format("one of {}", text);
  }
  std::string operator()(const Uniform& range) const { return ends("uniform", range.low, range.high, range.integer); }
  std::string operator()(const LogUniform& range) const {
    return ends("log-uniform", range.low, range.high, range.integer);
  }
  static std::string ends(const char* kind, double low, double high, bool integer) {
    const auto end = [&](double value) {
      return integer ? to_text(Value(static_cast<std::int64_t>(value))) : to_text(Value(value));
    };
    return fmt::format("{}{} from {} to {}", kind, integer ? ", whole" : "", end(low), end(high));
  }
};

std::string space_text(const SearchSpace& space) {
  if (space.parameters.empty())
    return "";
  TextTable table;
  table.add_column("parameter");
  table.add_column("range");
  table.add_column("only where");
  for (const Parameter& parameter : space.parameters) {
    std::string condition;
    if (parameter.condition) {
      condition = parameter.condition->path + " is ";
      for (std::size_t i = 0; i < parameter.condition->values.size(); ++i) {
        condition += (i > 0 ? " or " : "") + to_text(parameter.condition->values[i]);
      }
    }
    table.add_row({parameter.path, std::visit(RangeText(), parameter.distribution), condition});
  }
  return fmt::format("\nSearch space\n{}", table.text(2));
}

std::string pairs_text(const std::string& title, const std::map<std::string, std::string>& pairs) {
  Facts facts;
  for (const auto& [key, value] : pairs)
    facts.add(key, value);
  const std::string text = facts.text(title);
  return text.empty() ? std::string() : fmt::format("\n{}", text);
}

std::string settings_text(const Settings& settings) {
  Facts facts;
  for (const auto& [path, value] : settings)
    facts.add(path, to_text(value));
  return fmt::format("\n{}", facts.text("Settings"));
}

std::string metrics_text(const std::vector<MetricValue>& metrics) {
  if (metrics.empty())
    return "";
  TextTable table;
  for (const char* name : {"metric", "group", "split"})
    table.add_column(name);
  for (const char* name : {"value", "standard error over users", "users", "comparisons"})
    table.add_column(name, Align::right);
  for (const MetricValue& metric : metrics) {
    table.add_row({metric.metric, metric.group.empty() ? "(all)" : metric.group, std::string(to_text(metric.split)),
                   number_text(metric.value, 6),
                   metric.standard_error > 0 ? number_text(metric.standard_error, 2) : "-",
                   std::to_string(metric.users), std::to_string(metric.comparisons)});
  }
  return fmt::format("\nMetrics\n{}", table.text(2));
}

std::string failures_text(const std::vector<TrialFailure>& failures) {
  std::string text;
  for (std::size_t i = 0; i < failures.size(); ++i) {
    const TrialFailure& failure = failures[i];
    Facts facts;
    facts.add("stage", failure.stage);
    facts.add("reason", failure.reason);
    facts.add("message", failure.message);
    if (failure.signal != 0)
      facts.add("signal", std::to_string(failure.signal));
    if (failure.signal == 0 && failure.exit_code != 0)
      facts.add("exit code", std::to_string(failure.exit_code));
    facts.add("tried again", failure.retryable ? "allowed" : "no, it would fail again");
    text += fmt::format("\n{}", facts.text(fmt::format("Failure {} of {}", i + 1, failures.size())));
    std::size_t from = 0;
    while (from < failure.log_tail.size()) {
      const std::size_t to = std::min(failure.log_tail.find('\n', from), failure.log_tail.size());
      text += fmt::format("  | {}\n", printable(failure.log_tail.substr(from, to - from)));
      from = to + 1;
    }
  }
  return text;
}

std::string artefacts_text(const std::vector<Artefact>& artefacts) {
  Facts facts;
  for (const Artefact& artefact : artefacts)
    facts.add(artefact.name, artefact.digest);
  const std::string text = facts.text("Artefacts");
  return text.empty() ? std::string() : fmt::format("\n{}", text);
}

/// Of few-shot curves only how many there are: they are a table of their own.
std::string notes_text(const std::map<std::string, double>& notes) {
  Facts facts;
  std::size_t of_curves = 0;
  for (const auto& [name, value] : notes) {
    if (name.starts_with("few-shot ")) {
      ++of_curves;
    } else {
      facts.add(printable(name), number_text(value, 5));
    }
  }
  if (of_curves > 0)
    facts.add("few-shot curves", fmt::format("{} notes; fairsweep few-shot shows them", of_curves));
  const std::string text = facts.text("Notes of the method");
  return text.empty() ? std::string() : fmt::format("\n{}", text);
}

std::string words_text(const std::map<std::string, std::string>& words) {
  Facts facts;
  for (const auto& [name, text] : words)
    facts.add(printable(name), printable(text));
  const std::string text = facts.text("Words of the trainer");
  return text.empty() ? std::string() : fmt::format("\n{}", text);
}

}  // namespace

std::string overview_text(const RunSummary& run) {
  const RunRecord& record = run.record;
  std::array<std::size_t, 5> states{};
  for (const TrialRecord& trial : record.trials)
    ++states[static_cast<std::size_t>(trial.state)];
  Facts facts;
  facts.add("sweep", record.sweep);
  facts.add("state", record.complete ? "complete" : "not complete");
  facts.add("configurations", fmt::format("{} of {}, {} replicates each", record.configurations.size(),
                                          record.wanted_configurations, record.replicates));
  const std::string others = states[4] > 0 ? fmt::format(", {} not of this run's part", states[4]) : "";
  facts.add("trials", fmt::format("{} reported, {} failed, {} running, {} pending{}", states[2], states[3], states[1],
                                  states[0], others));
  facts.add("running time", duration_text(record.seconds));
  std::string objectives, groups;
  for (const Objective& objective : record.objectives) {
    objectives += (objectives.empty() ? "" : "; ") + objective.label() +
                  (objective.direction == Direction::minimise ? ", smaller is better" : ", larger is better");
  }
  for (const std::string& group : record.groups)
    groups += (groups.empty() ? "" : ", ") + group;
  facts.add("groups", groups);
  facts.add("objectives", objectives);
  facts.add("front", fmt::format("{} configurations, hypervolume {}", run.front.members.size(),
                                 number_text(run.front.hypervolume, 6)));
  facts.add("configuration digest", record.configuration_digest);
  facts.add("data digest", record.data_digest);
  return facts.text(printable(run.name)) + pairs_text("Declaration", record.declaration) + space_text(record.space) +
         pairs_text("Provenance", record.provenance);
}

std::string trial_text(const RunSummary& run, const TrialRecord& trial) {
  Facts facts;
  facts.add("configuration", std::to_string(trial.configuration.value));
  facts.add("replicate", std::to_string(trial.replicate));
  facts.add("state", std::string(to_text(trial.state)));
  facts.add("started", fmt::format("{} time{}", trial.attempts, trial.attempts == 1 ? "" : "s"));
  if (trial.state == TrialState::reported) {
    facts.add("epochs", std::to_string(trial.epochs));
    facts.add("time", duration_text(trial.seconds));
    if (const auto mixture = mixture_of(trial))
      facts.add("trained", "nothing; " + mixture_text(*mixture));
  }
  facts.add("host", trial.host);
  facts.add("device", trial.device);
  if (trial.attempts > 0)
    facts.add("worker", std::to_string(trial.worker));
  const Configuration& configuration = configuration_of(run.record, trial.configuration);
  return facts.text(fmt::format("Trial {} of {}", trial.id.value, printable(run.name))) +
         settings_text(run.all_settings(configuration)) + metrics_text(trial.metrics) + notes_text(trial.notes) +
         words_text(trial.words) + failures_text(trial.failures) + artefacts_text(trial.artefacts);
}

std::string configuration_text(const RunSummary& run, const Configuration& configuration) {
  Facts facts;
  facts.add("method", method_of(run, configuration));
  TextTable means;
  means.add_column("objective");
  means.add_column("validation");
  means.add_column("test");
  for (const FrontPoint& point : run.front.points) {
    if (point.configuration != configuration.id)
      continue;
    facts.add("on the front", point.on_front   ? "yes"
                              : point.competes ? "no, it is dominated"
                                               : "no, it does not compete yet");
    facts.add("replicates", fmt::format("{} reported, {} failed, {} open", point.replicates, point.failed, point.open));
    for (std::size_t axis = 0; axis < run.front.objectives.size(); ++axis) {
      means.add_row(
          {run.front.objectives[axis].label(), estimate_text(point.validation[axis]), estimate_text(point.test[axis])});
    }
  }
  TextTable replicates;
  replicates.add_column("trial", Align::right);
  replicates.add_column("state");
  for (const Objective& objective : run.record.objectives) {
    replicates.add_column(objective.label() + "\nvalidation", Align::right);
    replicates.add_column("\ntest", Align::right);
  }
  for (const TrialRecord& trial : run.record.trials) {
    if (trial.configuration != configuration.id)
      continue;
    std::vector<std::string> cells = {std::to_string(trial.id.value), std::string(to_text(trial.state))};
    for (const Objective& objective : run.record.objectives) {
      for (const Split split : {Split::validation, Split::test}) {
        const auto place = std::ranges::find_if(trial.metrics, [&](const MetricValue& metric) {
          return metric.metric == objective.metric && metric.group == objective.group && metric.split == split;
        });
        cells.push_back(place == trial.metrics.end() ? "-" : number_text(place->value));
      }
    }
    replicates.add_row(cells);
  }
  return facts.text(fmt::format("Configuration {} of {}", configuration.id.value, printable(run.name))) +
         settings_text(run.all_settings(configuration)) +
         (means.row_count() == 0 ? std::string()
                                 : fmt::format("\nMean ± standard error over replicates\n{}", means.text(2))) +
         fmt::format("\nReplicates\n{}", replicates.text(2));
}

}  // namespace fairsweep::report
