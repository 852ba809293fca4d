#include <cstdint>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "orchestrator/apps/borda_lead.hpp"
#include "orchestrator/apps/command_line.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/load_run.hpp"
#include "results/report/fairness_report.hpp"

namespace fairsweep::apps {
namespace {

struct Options {
  std::string run;
  std::string metric;
  std::string split = "test";
  std::string data;
  std::optional<std::uint32_t> trial;
  std::size_t draws = 1000;
  std::uint64_t seed = 1;
  bool each = false;
  bool json = false;
};

void fairness(const Options& options) {
  const report::RunSummary run = load_run(options.run);
  report::FairnessRequest request;
  request.metric = options.metric;
  request.split = options.split == "test" ? Split::test : Split::validation;
  request.chance = {.draws = options.draws, .seed = options.seed};
  if (options.trial)
    request.trial = TrialId{*options.trial};
  const std::string metric = report::metric_of_fairness(run, request);
  const std::vector<TrialId> trials = report::trials_of_fairness(run, request);
  const std::filesystem::path file = result_file_of(options.run);
  const PersonResults people = read_person_results(file, metric, trials);
  const ComparisonResults comparisons = read_comparison_results(file, trials);
  const std::vector<double> lead = borda_lead(run, people, options.data);
  const report::FairnessSummary summary = report::fairness_of(run, people, comparisons, lead, request);
  if (options.json) {
    std::cout << report::fairness_json(summary).dump(2) << '\n';
  } else {
    std::cout << report::fairness_text(summary, options.each || options.trial.has_value());
  }
}

}  // namespace

void add_fairness(CLI::App& app, ExitCode&) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "fairness",
      "How unequally people and groups are served: indices with intervals and noise floors, calibration, "
      "regret, the slope over how common preferences are");
  command->add_option("RUN", options->run, "a run directory or a results.h5")->required();
  command->add_option("--trial", options->trial,
                      "this trial alone; else the front's members and the best pooled configuration, over replicates");
  command->add_option("--metric", options->metric, "of single people (default: the first of the front)");
  command->add_option("--split", options->split, "whose comparisons; configurations are chosen on validation always")
      ->check(CLI::IsMember({"test", "validation"}))
      ->capture_default_str();
  command->add_flag("--each", options->each, "every index of every configuration, its groups and its curve");
  command->add_option("--data", options->data,
                      "the data, for Borda counts (default: the file that the run names, where it is there)");
  command->add_option("--draws", options->draws, "of people and of noise floors")
      ->check(CLI::Range(100, 1000000))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "of these draws")->check(from_zero())->capture_default_str();
  command->add_flag("--json", options->json, "for programs; everything is in it");
  command->callback([options] { fairness(*options); });
}

}  // namespace fairsweep::apps
