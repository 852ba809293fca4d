#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/merge_runs.hpp"

namespace fairsweep::apps {

void add_merge(CLI::App& app, ExitCode& exit_code) {
  struct Options {
    std::vector<std::filesystem::path> runs;
    std::filesystem::path out;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("merge", "Join the runs of a sweep's shards (run --shard I/N) into one");
  command->add_option("RUN", options->runs, "run directories, at least two")->required()->expected(2, -1);
  command->add_option("--out", options->out, "the run directory to make")->type_name("DIR")->required();
  command->add_flag("--json", options->json, "for programs");
  command->callback([options, &exit_code] {
    const MergedRun merged = merge_runs(options->runs, options->out);
    if (options->json) {
      std::cout << nlohmann::json{{"run", options->out.string()},
                                  {"reported", merged.reported},
                                  {"failed", merged.failed},
                                  {"pending", merged.pending}}
                       .dump(2)
                << '\n';
    } else {
      std::cout << fmt::format("{}: {} trials reported, {} failed, {} not trained by any of the {} runs\n",
                               options->out.string(), merged.reported, merged.failed, merged.pending,
                               options->runs.size());
      if (merged.pending > 0) {
        std::cout << "go on with the sweep there: fairsweep run SWEEP.yaml --resume --out " << options->out.string()
                  << '\n';
      }
    }
    if (merged.pending > 0) {
      exit_code = ExitCode::resumable;
    } else if (merged.failed > 0) {
      exit_code = ExitCode::incomplete;
    }
  });
}

}  // namespace fairsweep::apps
