#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/replay_run.hpp"
#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"

namespace fairsweep::apps {
namespace {

constexpr std::size_t k_most_named = 10;

std::string text_of(const ReplayedRun& run) {
  std::string text = fmt::format("{}: strategy {}, seed {}\n{} suggestions, {} reports, {} events\n", run.source,
                                 run.strategy, run.seed, run.suggestions, run.reports, run.events);
  if (run.torn_bytes > 0) {
    text += fmt::format(
        "The log ends within an event: its last {} bytes are left out. They were being written when the run was "
        "stopped, "
        "or are just now; `--resume` cuts them off.\n",
        run.torn_bytes);
  }
  for (std::size_t i = 0; i < std::min(run.others.size(), k_most_named); ++i) {
    const OtherSuggestion& other = run.others[i];
    text += fmt::format("configuration {} (event {}) differs:\n", other.configuration.value, other.event);
    for (const std::string& line : setting_differences(other)) {
      text += fmt::format("  {}\n", report::printable(line));
    }
  }
  if (run.others.size() > k_most_named) {
    text += fmt::format("and {} more configurations; --json names them all\n", run.others.size() - k_most_named);
  }
  return text + (run.others.empty()
                     ? fmt::format("The same{}: every suggestion is derived again.\n",
                                   run.torn_bytes > 0 ? " up to the torn end" : "")
                     : fmt::format("Not the same: {} of {} suggestions; the log was changed, or another version of the "
                                   "strategy wrote it.\n",
                                   run.others.size(), run.suggestions));
}

nlohmann::json json_of(const ReplayedRun& run) {
  nlohmann::json answer = {{"source", report::printable(run.source)},
                           {"strategy", run.strategy},
                           {"seed", run.seed},
                           {"suggestions", run.suggestions},
                           {"reports", run.reports},
                           {"identical", run.others.empty()},
                           {"torn_bytes", run.torn_bytes},
                           {"differences", nlohmann::json::array()}};
  for (const OtherSuggestion& other : run.others) {
    answer["differences"].push_back(
        {{"event", other.event},
         {"configuration", other.configuration.value},
         {"logged", report::to_json(other.logged)},
         {"derived", other.derived ? report::to_json(*other.derived) : nlohmann::json(nullptr)}});
  }
  return answer;
}

}  // namespace

void add_replay(CLI::App& app, ExitCode& exit_code) {
  struct Options {
    std::string run;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "replay", "Derive every suggestion of the search again from the log, and say where one differs");
  command->add_option("RUN", options->run, "a run directory or a results.h5")->required();
  command->add_flag("--json", options->json, "for programs");
  command->callback([options, &exit_code] {
    const ReplayedRun run = replay_run(options->run);
    if (options->json) {
      std::cout << json_of(run).dump(2) << '\n';
    } else {
      std::cout << text_of(run);
    }
    exit_code = run.others.empty() ? ExitCode::done : ExitCode::file;
  });
}

}  // namespace fairsweep::apps
