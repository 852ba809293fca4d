#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/load_run.hpp"
#include "results/report/few_shot_curves.hpp"

namespace fairsweep::apps {

void add_few_shot(CLI::App& app, ExitCode&) {
  struct Options {
    std::string run;
    std::string split = "test";
    report::FewShotRequest request;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "few-shot", "How well people nobody trained on are served by how few of their comparisons, model by model");
  command->add_option("RUN", options->run, "a run directory or a results.h5")->required();
  command->add_option("--metric", options->request.metric, "which (default: the first of the front)");
  command->add_option("--group", options->request.group, "of its people alone (default: everybody)");
  command->add_option("--split", options->split, "whose people; configurations are chosen on validation always")
      ->check(CLI::IsMember({"test", "validation"}))
      ->capture_default_str();
  command->add_flag("--all", options->request.every_configuration,
                    "every configuration, not only the best of each method, model of users and adaptation");
  command->add_flag("--json", options->json, "for programs");
  command->callback([options] {
    options->request.split = options->split == "test" ? Split::test : Split::validation;
    const report::FewShotCurves curves = report::few_shot_curves(load_run(options->run), options->request);
    if (options->json) {
      std::cout << report::few_shot_json(curves).dump(2) << '\n';
    } else {
      std::cout << report::few_shot_text(curves);
    }
  });
}

}  // namespace fairsweep::apps
