#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/load_run.hpp"
#include "results/report/run_report.hpp"

namespace fairsweep::apps {
namespace {

struct Options {
  std::string run;
  std::optional<std::uint32_t> trial;
  std::optional<std::uint32_t> configuration;
  bool json = false;
};

/// The entry of that number; a number nobody has is the user's mistake.
template <typename Entries>
const auto& numbered(const Entries& entries, std::uint32_t number, const std::string& what, const std::string& run) {
  const auto place = std::ranges::find_if(entries, [&](const auto& entry) { return entry.id.value == number; });
  if (place == entries.end()) {
    throw UserError(ExitCode::configuration,
                    run + " has no " + what + " " + std::to_string(number) +
                        (entries.empty() ? ": it has none at all yet"
                                         : "; they go from " + std::to_string(entries.front().id.value) + " to " +
                                               std::to_string(entries.back().id.value)));
  }
  return *place;
}

void print(bool json, const std::string& text, const nlohmann::json& object) {
  if (json) {
    std::cout << object.dump(2) << '\n';
  } else {
    std::cout << text;
  }
}

void show(const Options& options) {
  const report::RunSummary run = load_run(options.run);
  if (options.trial) {
    const TrialRecord& trial = numbered(run.record.trials, *options.trial, "trial", options.run);
    print(options.json, report::trial_text(run, trial), report::trial_json(run, trial));
  } else if (options.configuration) {
    const Configuration& one =
        numbered(run.record.configurations, *options.configuration, "configuration", options.run);
    print(options.json, report::configuration_text(run, one), report::configuration_json(run, one));
  } else {
    print(options.json, report::overview_text(run), report::overview_json(run));
  }
}

}  // namespace

void add_show(CLI::App& app, ExitCode&) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("show", "A run, or one of its trials or configurations, with everything known about it");
  command->add_option("RUN", options->run, "a run directory or a results.h5")->required();
  CLI::Option* trial =
      command->add_option("--trial", options->trial, "settings, metrics, failures and artefacts of this trial");
  command->add_option("--configuration", options->configuration, "settings, means and replicates of this configuration")
      ->excludes(trial);
  command->add_flag("--json", options->json, "for programs");
  command->callback([options] { show(*options); });
}

}  // namespace fairsweep::apps
