#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/load_run.hpp"
#include "results/report/front_report.hpp"
#include "results/report/views_report.hpp"

namespace fairsweep::apps {

void add_front(CLI::App& app, ExitCode&) {
  struct Options {
    std::string run;
    bool json = false;
    bool all = false;
    bool views = false;
    std::string fairness;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("front", "The front of a run: metrics per group with standard errors, settings, plot");
  command->add_option("RUN", options->run, "a run directory or a results.h5")->required();
  command->add_flag("--all", options->all, "every configuration, not only the front");
  command->add_flag("--views", options->views,
                    "the front over groups: worst group, worst-off quarter, gap, regrets; who gains and who pays");
  command
      ->add_option("--fairness", options->fairness,
                   "recommend a point by another notion than the declared one: pareto, max_min, min_max_regret, "
                   "weighted_regret, accuracy_gap")
      ->check(CLI::IsMember({"pareto", "max_min", "min_max_regret", "weighted_regret", "accuracy_gap"}));
  command->add_flag("--json", options->json, "for programs");
  command->callback([options] {
    report::RunSummary run = load_run(options->run);
    run.confidence = report::front_confidence(run.record, run.front);
    const report::Shown shown = options->all ? report::Shown::every_configuration : report::Shown::front;
    if (options->json) {
      nlohmann::json answer = report::front_json(run, shown);
      answer["views"] = report::views_json(run, options->fairness);
      std::cout << answer.dump(2) << '\n';
    } else if (options->views) {
      std::cout << report::views_text(run, options->fairness);
    } else {
      std::cout << report::front_text(run, shown) << '\n' << report::recommendation_text(run, options->fairness);
    }
  });
}

}  // namespace fairsweep::apps
