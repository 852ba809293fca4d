#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "results/report/confidence_text.hpp"
#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"
#include "results/report/mixture.hpp"
#include "results/report/number_text.hpp"
#include "results/report/scatter.hpp"
#include "results/report/text_table.hpp"
#include "results/report/type_warnings.hpp"

namespace fairsweep::report {
namespace {

/// A point with what it is called in tables and plots: its letter on the front, '.' elsewhere.
struct Named {
  std::size_t point;
  char key;
};

std::vector<Named> named_points(const RunSummary& run, Shown shown) {
  std::vector<Named> named;
  named.reserve(run.front.points.size());
  for (std::size_t i = 0; i < run.front.members.size(); ++i)
    named.push_back({run.front.members[i], key_of(i)});
  if (shown == Shown::front)
    return named;
  for (std::size_t i = 0; i < run.front.points.size(); ++i) {
    if (!run.front.points[i].on_front)
      named.push_back({i, '.'});
  }
  return named;
}

std::string replicates_text(const FrontPoint& point) {
  std::string text = std::to_string(point.replicates);
  if (point.failed > 0)
    text += fmt::format(", {} failed", point.failed);
  if (point.open > 0)
    text += fmt::format(", {} open", point.open);
  return text;
}

void add_objective_columns(TextTable& table, const Front& front) {
  for (const Objective& objective : front.objectives) {
    table.add_column(objective.label() + "\nvalidation");
    table.add_column("\ntest");
  }
}

void add_objective_cells(std::vector<std::string>& cells, const FrontPoint& point) {
  for (std::size_t axis = 0; axis < point.validation.size(); ++axis) {
    cells.push_back(estimate_text(point.validation[axis]));
    cells.push_back(estimate_text(point.test[axis]));
  }
}

std::string points_table(const RunSummary& run, const std::vector<Named>& named) {
  TextTable table;
  table.add_column("");
  table.add_column("configuration", Align::right);
  table.add_column("method");
  add_objective_columns(table, run.front);
  table.add_column("replicates");
  if (run.confidence)
    table.add_column("probability", Align::right);
  for (const auto& [index, key] : named) {
    const FrontPoint& point = run.front.points[index];
    std::vector<std::string> cells = {std::string(1, key), std::to_string(point.configuration.value),
                                      method_of(run, configuration_of(run.record, point.configuration))};
    add_objective_cells(cells, point);
    cells.push_back(replicates_text(point));
    if (run.confidence)
      cells.push_back(probability_text(probability_of(run, index)));
    table.add_row(cells);
  }
  return table.text();
}

/// What the probabilities mean, and what they say of the front as a whole.
std::string confidence_text(const RunSummary& run) {
  if (!run.confidence)
    return wrapped(confidence_sentence(run) + "\n");
  return wrapped(fmt::format("Probability: {}\n{} `fairsweep confirm` trains the front again on fresh seeds.\n",
                             probability_meaning(run), confidence_sentence(run)));
}

std::string settings_table(const RunSummary& run, const std::vector<Named>& named) {
  std::vector<std::string> paths = varying_settings(run.record);
  std::erase(paths, "method.name");
  if (paths.empty())
    return "";
  TextTable table;
  table.add_column("");
  table.add_column("configuration", Align::right);
  for (const std::string& name : short_names(paths))
    table.add_column(name);
  for (const auto& [index, key] : named) {
    const Configuration& configuration = configuration_of(run.record, run.front.points[index].configuration);
    std::vector<std::string> cells = {std::string(1, key), std::to_string(configuration.id.value)};
    for (const std::string& path : paths) {
      const auto place = configuration.values.find(path);
      const auto* real = place == configuration.values.end() ? nullptr : std::get_if<double>(&place->second);
      cells.push_back(real != nullptr ? number_text(*real) : setting_text(run, configuration, path));
    }
    table.add_row(cells);
  }
  return fmt::format("\nSettings that vary\n{}", table.text());
}

/// Points that trained nothing of their own, and what they mix; empty where there is none.
std::string mixtures_text(const RunSummary& run, const std::vector<Named>& named) {
  TextTable table;
  table.add_column("");
  table.add_column("configuration", Align::right);
  table.add_column("");
  bool any = false, types = false;
  for (const auto& [index, key] : named) {
    const ConfigurationId configuration = run.front.points[index].configuration;
    if (const auto mixture = mixture_of(run.record, configuration)) {
      table.add_row({std::string(1, key), std::to_string(configuration.value), mixture_text(*mixture)});
      any = true;
      types = types || mixture->weight.contains("type 1");
    }
  }
  return any ? fmt::format(
                   "\nTrained nothing of their own: mixtures of models of an earlier stage, weights averaged over "
                   "replicates\n{}{}",
                   table.text(),
                   types ? "Type 1 and so on: hidden types as they were found, not groups of the data.\n" : "")
             : std::string();
}

std::string methods_table(const RunSummary& run) {
  const std::vector<std::size_t> best = best_of_methods(run);
  TextTable table;
  table.add_column("method");
  table.add_column("configuration", Align::right);
  for (const Objective& objective : run.front.objectives)
    table.add_column(objective.label() + "\ntest");
  table.add_column("replicates");
  for (const std::size_t index : best) {
    const FrontPoint& point = run.front.points[index];
    std::vector<std::string> cells = {method_of(run, configuration_of(run.record, point.configuration)),
                                      std::to_string(point.configuration.value)};
    for (const Estimate& estimate : point.test)
      cells.push_back(estimate_text(estimate));
    cells.push_back(replicates_text(point));
    table.add_row(cells);
  }
  return fmt::format(
      "\nEach method's best configuration by its mean over the objectives on validation, measured on test\n{}",
      table.text());
}

std::string direction_text(const Objective& objective) {
  return objective.label() + ", validation (" + (objective.direction == Direction::minimise ? "smaller" : "larger") +
         " is better)";
}

std::string plot(const RunSummary& run, std::size_t x, std::size_t y) {
  std::vector<ScatterPoint> points;
  for (const Named& named : named_points(run, Shown::every_configuration)) {
    const FrontPoint& point = run.front.points[named.point];
    if (point.competes)
      points.push_back({point.validation[x].mean, point.validation[y].mean, named.key});
  }
  ScatterFrame frame;
  frame.x_label = direction_text(run.front.objectives[x]);
  frame.y_label = direction_text(run.front.objectives[y]);
  return scatter(points, frame);
}

std::string volume_line(const Front& front) {
  std::vector<std::string> reference;
  reference.reserve(front.reference.size());
  for (const double value : front.reference)
    reference.push_back(number_text(value));
  return fmt::format("\nHypervolume on validation: {} with respect to ({})\n", number_text(front.hypervolume, 6),
                     fmt::join(reference, ", "));
}

/// "majority 48 and 90": the people of each axis on validation and test, as any report says them.
std::string people_text(const RunSummary& run) {
  const auto reported =
      std::ranges::find_if(run.record.trials, [](const TrialRecord& trial) { return !trial.metrics.empty(); });
  std::vector<std::string> texts;
  for (const Objective& objective : run.front.objectives) {
    if (reported == run.record.trials.end())
      break;
    const auto users = [&](Split split) -> std::uint32_t {
      const auto found = std::ranges::find_if(reported->metrics, [&](const MetricValue& value) {
        return value.metric == objective.metric && value.group == objective.group && value.split == split;
      });
      return found == reported->metrics.end() ? 0 : found->users;
    };
    if (users(Split::validation) == 0 && users(Split::test) == 0)
      continue;  // a trainer need not say
    std::string text = fmt::format("{} {} and {}", objective.group.empty() ? "everybody" : printable(objective.group),
                                   users(Split::validation), users(Split::test));
    if (std::ranges::find(texts, text) == texts.end())
      texts.push_back(std::move(text));
  }
  return texts.empty() ? "" : fmt::format("People on validation and test: {}.\n", fmt::join(texts, ", "));
}

/// Trials of the sweep that another run trains: this one is a shard, or trains some of them again.
std::size_t trials_elsewhere(const RunRecord& record) {
  return static_cast<std::size_t>(std::ranges::count(record.trials, TrialState::elsewhere, &TrialRecord::state));
}

/// Why there is no front.
std::string nothing_competes(const RunSummary& run) {
  if (run.record.complete && trials_elsewhere(run.record) > 0) {
    return "\n" +
           wrapped(fmt::format(
               "No configuration has all its replicates here, so there is no front: this run is done, and trains "
               "only a part of the sweep. `fairsweep show {0} --trial N` shows a trial of it, `fairsweep compare "
               "RUN {0}` sets it beside the run whose trials it trained again, and `fairsweep merge` makes one "
               "run of the shards of a sweep.\n",
               printable(run.name)));
  }
  const bool waits = !run.record.complete ||
                     std::ranges::any_of(run.front.points, [](const FrontPoint& point) { return point.open > 0; });
  if (waits)
    return "\nNo configuration has all its replicates yet; \"fairsweep status\" says how far the run is.\n";
  return "\nThere is no front: no trial gave a value of every objective. \"fairsweep show RUN --trial 0\" says why one "
         "failed.\n";
}

/// "; 3 failed and do not compete (soup 3)": configurations without a value of every objective.
std::string failed_text(const RunSummary& run) {
  std::map<std::string, std::size_t> by_method;
  std::size_t all = 0;
  for (const FrontPoint& point : run.front.points) {
    if (point.competes || point.failed == 0)
      continue;
    ++by_method[method_of(run, configuration_of(run.record, point.configuration))];
    ++all;
  }
  if (all == 0)
    return "";
  std::vector<std::string> texts;
  texts.reserve(by_method.size());
  for (const auto& [method, count] : by_method)
    texts.push_back(fmt::format("{} {}", method, count));
  return fmt::format("; {} failed and {} not compete ({}), `fairsweep status` says why", all, all == 1 ? "does" : "do",
                     fmt::join(texts, ", "));
}

std::string heading(const RunSummary& run) {
  const auto competing =
      std::ranges::count_if(run.front.points, [](const FrontPoint& point) { return point.competes; });
  std::string text = competing == 0 ? fmt::format("{}: no front", printable(run.record.sweep))
                                    : fmt::format("{}: {} of {} configurations on the front",
                                                  printable(run.record.sweep), run.front.members.size(), competing);
  text += failed_text(run);
  if (!run.record.complete)
    text += fmt::format("; the run is not complete, {} were wanted", run.record.wanted_configurations);
  if (const std::size_t elsewhere = trials_elsewhere(run.record); elsewhere > 0)
    text += fmt::format("; this run has {} of the {} trials of its sweep", run.record.trials.size() - elsewhere,
                        run.record.trials.size());
  return text + "\n";
}

}  // namespace

std::string front_plots(const RunSummary& run) {
  const std::size_t axes = run.front.objectives.size();
  // Six pairs are still a page; more are better read as a table.
  if (axes < 2 || axes > 4)
    return "";
  std::string text;
  for (std::size_t x = 0; x < axes; ++x) {
    for (std::size_t y = x + 1; y < axes; ++y)
      text += fmt::format("\n{}", plot(run, x, y));
  }
  return text + "Letters: the front. Dots: configurations that are dominated. *: several in one place.\n";
}

std::string front_text(const RunSummary& run, Shown shown) {
  const std::vector<Named> named = named_points(run, shown);
  std::string text = heading(run);
  if (run.front.members.empty()) {
    text += nothing_competes(run);
    return named.empty() ? text : fmt::format("{}\n{}", text, points_table(run, named));
  }
  text += "\n" + points_table(run, named);
  text += wrapped(
      "Mean ± standard error over replicates on one split: other people would differ by more. The front is chosen on "
      "validation; test is only reported.\n");
  text += wrapped(people_text(run));
  for (const std::string& warning : type_warnings(run))
    text += wrapped(fmt::format("Warning: {}.\n", printable(warning)));
  text += confidence_text(run);
  text += settings_table(run, named);
  text += mixtures_text(run, named);
  text += front_plots(run);
  text += volume_line(run.front);
  return text + methods_table(run);
}

}  // namespace fairsweep::report
