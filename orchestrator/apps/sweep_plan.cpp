#include "orchestrator/apps/sweep_plan.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "core/protocol/people_text.hpp"
#include "objectives/metrics/metric.hpp"
#include "orchestrator/apps/data_advice.hpp"
#include "orchestrator/apps/trainer_refusals.hpp"
#include "workers/data/description/describe_data.hpp"
#include "workers/data/people/resolve_people.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {
namespace {

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

/// What is kept beside the results also says whose each comparison is and how much it weighs, so that what people did
/// can be counted without the data.
People with_comparisons(People people, const PreferenceData& data) {
  if (people.person.empty()) {
    people.person = data.comparison_user;
  }
  if (std::ranges::any_of(data.comparison_weight, [](float weight) { return weight != 1; })) {
    people.weight = data.comparison_weight;
  }
  return people;
}

}  // namespace

SweepPlan make_plan(SweepConfiguration sweep, RunDirectory run, bool describe, const std::string& expected_digest) {
  SweepPlan plan;
  const auto strategy = make_strategy(sweep.search.strategy, sweep.space, search_options(sweep.search));
  plan.configurations = wanted_configurations(*strategy, sweep.search.configurations);
  PreferenceData data = read_data_file(sweep.data.file);
  if (describe) {
    const DataDescription description = describe_data(data);
    plan.data_digest = description.digest;
    plan.data_description = describe_json(description);
  } else {
    plan.data_digest = digest_of(data);
  }
  if (!expected_digest.empty() && plan.data_digest != expected_digest) {
    throw UserError(ExitCode::file, sweep.data.file + ": these are other data: their digest is " + plan.data_digest +
                                        ", and the results were made from " + expected_digest +
                                        "; name the right file with --data");
  }
  plan.people = resolve_people(data, sweep.data.groups, sweep.data.split, static_cast<std::uint64_t>(sweep.search.seed),
                               {}, sweep.data.labels);
  plan.counts = counts_of_groups(data, plan.people);
  TrainerRefusals refusals = trainer_refusals(sweep, data, plan.people);
  if (!refusals.every_trial.empty()) {
    throw UserError(ExitCode::configuration, "every trial would fail: " + refusals.every_trial.front());
  }
  for (const std::string& sentence : refusals.some_trials) {
    plan.advice.push_back("some trials will fail: " + sentence);
  }
  for (std::string& sentence : advice_on_people(sweep, data, plan.people)) {
    plan.advice.push_back(std::move(sentence));
  }
  plan.people_file = people_text(with_comparisons(plan.people, data));
  plan.people_file_digest = sha256(plan.people_file);
  plan.groups = plan.people.groups;
  plan.objectives = objectives_of(sweep.front, plan.groups);
  plan.sweep = std::move(sweep);
  plan.run = std::move(run);
  return plan;
}

SearchOptions search_options(const SearchSection& search) {
  return {static_cast<std::uint64_t>(search.seed), search.grid_points, search.listed};
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
  if (!plan.people_file.empty()) {
    setup.people_file = std::filesystem::absolute(plan.run.people(plan.people_file_digest)).string();
    setup.people_digest = people_digest(plan.people);
  }
  setup.grouping = sweep.data.groups;
  if (sweep.data.groups.by != "support_rate" || sweep.data.groups.threshold != "quantile")
    setup.grouping.quantile = 0;  // where it does not count, and so it was always sent
  setup.groups = plan.groups;
  setup.split = sweep.data.split;
  setup.labels = sweep.data.labels;
  setup.seed = static_cast<std::uint64_t>(sweep.search.seed);
  setup.metrics = metrics_to_report(sweep);
  setup.threads = std::max<std::int64_t>(sweep.resources.threads_per_trainer, 1);  // each agent says what auto is
  setup.device = "cpu";                                                            // each agent says what it found
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
