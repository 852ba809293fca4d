#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/load_run.hpp"
#include "results/report/run_comparison.hpp"

namespace fairsweep::apps {

void add_compare(CLI::App& app, ExitCode& exit_code) {
  struct Options {
    std::vector<std::string> runs;
    bool json = false;
    bool expect_identical = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "compare",
      "Runs side by side: fronts, hypervolume, and what differs: settings, data, versions, kernels, numbers");
  command->add_option("RUN", options->runs, "two or more run directories or result files")->required();
  command->add_flag("--expect-identical", options->expect_identical,
                    "answer 4 unless all runs report the same trials with bit-identical metrics");
  command->add_flag("--json", options->json, "for programs");
  command->callback([options, &exit_code] {
    if (options->runs.size() < 2) {
      throw UserError(ExitCode::configuration,
                      "compare needs at least two runs, for example: fairsweep compare runs/a runs/b");
    }
    std::vector<report::RunSummary> runs;
    for (const std::string& run : options->runs)
      runs.push_back(load_run(run, EventLines::read));
    const report::RunComparison comparison = report::compare_runs(runs);
    if (options->json) {
      std::cout << report::comparison_json(runs, comparison).dump(2) << '\n';
    } else {
      std::cout << report::comparison_text(runs, comparison);
    }
    if (options->expect_identical && !comparison.identical())
      exit_code = ExitCode::file;
  });
}

}  // namespace fairsweep::apps
