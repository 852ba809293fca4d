#include "orchestrator/apps/sweep_plan.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "objectives/metrics/metric.hpp"
#include "orchestrator/search/catalogue.hpp"
#include "workers/data/description/describe_data.hpp"
#include "workers/data/groups/support_rate.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {
namespace {

std::vector<std::string> groups_of(const PreferenceData& data, const DataSection& section) {
  if (section.group_by == "support_rate")
    return {std::string(k_majority), std::string(k_minority)};
  const auto attribute = data.user_attributes.find(section.group_attribute);
  if (attribute != data.user_attributes.end()) {
    return attribute->second.labels;
  }
  std::vector<std::string> names;
  std::string known;
  for (const auto& [name, unused] : data.user_attributes) {
    names.push_back(name);
    known += (known.empty() ? "" : ", ") + name;
  }
  throw UserError(ExitCode::configuration,
                  "data.groups.attribute: the users of " + section.file + " have no attribute \"" +
                      section.group_attribute + "\"" + did_you_mean(section.group_attribute, names) +
                      (known.empty() ? " (they have none at all)" : " (they have: " + known + ")"));
}

std::vector<std::string> metrics_to_report(const SweepConfiguration& sweep) {
  std::vector<std::string> names;
  const auto add = [&](std::string name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(std::move(name));
    }
  };
  for (const FrontLine& line : sweep.front) {
    add(line.metric);
  }
  if (sweep.trainer_command.empty()) {
    for (const auto& metric : metric_catalogue()) {
      add(std::string(metric->name()));
    }
  }
  return names;
}

}  // namespace

SweepPlan make_plan(SweepConfiguration sweep, RunDirectory run, bool describe) {
  SweepPlan plan;
  const auto strategy = make_strategy(sweep.search.strategy, sweep.space,
                                      {static_cast<std::uint64_t>(sweep.search.seed), sweep.search.grid_points});
  plan.configurations = wanted_configurations(*strategy, sweep.search.configurations);
  const PreferenceData data = read_data_file(sweep.data.file);
  plan.groups = groups_of(data, sweep.data);
  if (describe) {
    const DataDescription description = describe_data(data);
    plan.data_digest = description.digest;
    plan.data_description = describe_json(description);
  } else {
    plan.data_digest = digest_of(data);
  }
  plan.objectives = objectives_of(sweep.front, plan.groups);
  plan.sweep = std::move(sweep);
  plan.run = std::move(run);
  return plan;
}

std::vector<Objective> objectives_of(const std::vector<FrontLine>& front, const std::vector<std::string>& groups) {
  std::vector<Objective> objectives;
  for (const FrontLine& line : front) {
    const Metric* metric = find_metric(line.metric);
    if (metric == nullptr) {
      std::vector<std::string> names;
      for (const auto& each : metric_catalogue()) {
        names.emplace_back(each->name());
      }
      throw UserError(ExitCode::configuration,
                      "front: there is no metric \"" + line.metric + "\"" + did_you_mean(line.metric, names));
    }
    const std::vector<std::string> over = line.each == "group" ? groups : std::vector<std::string>{""};
    for (const std::string& group : over) {
      objectives.push_back({line.metric, group, metric->direction(), std::string(metric->unit())});
    }
  }
  return objectives;
}

TrainerSetup setup_of(const SweepPlan& plan) {
  const SweepConfiguration& sweep = plan.sweep;
  TrainerSetup setup;
  setup.sweep = sweep.name;
  setup.run_directory = std::filesystem::absolute(plan.run.path()).string();
  setup.artefact_directory = std::filesystem::absolute(plan.run.artefacts()).string();
  setup.checkpoint_directory = std::filesystem::absolute(plan.run.checkpoints()).string();
  setup.data_file = std::filesystem::absolute(sweep.data.file).string();
  setup.data_digest = plan.data_digest;
  setup.group_by = sweep.data.group_by;
  setup.group_attribute = sweep.data.group_attribute;
  setup.group_quantile = sweep.data.group_by == "support_rate" ? sweep.data.group_quantile : 0;
  setup.groups = plan.groups;
  setup.split_by = sweep.data.split.by;
  setup.train = sweep.data.split.train;
  setup.validation = sweep.data.split.validation;
  setup.test = sweep.data.split.test;
  setup.history = sweep.data.split.history;
  setup.seed = static_cast<std::uint64_t>(sweep.search.seed);
  setup.metrics = metrics_to_report(sweep);
  setup.threads = sweep.resources.threads_per_trainer;
  setup.device = "cpu";  // each agent says what it found
  return setup;
}

std::vector<std::string> trainer_command(const SweepConfiguration& sweep) {
  if (!sweep.trainer_command.empty()) {
    return sweep.trainer_command;
  }
  const std::filesystem::path trainer = std::filesystem::path(this_program()).parent_path() / "fairsweep-trainer";
  std::error_code ignored;
  if (!std::filesystem::exists(trainer, ignored)) {
    throw UserError(ExitCode::environment,
                    trainer.string() +
                        ": there is no trainer beside fairsweep; build it (it needs LibTorch), or name "
                        "another program under trainer.command");
  }
  return {trainer.string()};
}

std::string this_program() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) {
    throw UserError(ExitCode::environment, "/proc/self/exe cannot be read: " + error.message() + "; mount /proc");
  }
  return program.string();
}

}  // namespace fairsweep::apps
