#include <iostream>
#include <memory>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/commands.hpp"
#include "workers/data/description/describe_data.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {

namespace {

struct Options {
  std::string file;
  DescribeOptions what;
  bool json = false;
};

void describe(const Options& options) {
  const DataDescription description = describe_data(read_data_file(options.file), options.what);
  std::cout << (options.json ? describe_json(description) + '\n' : describe_text(description));
}

}  // namespace

void add_describe(CLI::App& app, ExitCode&) {
  CLI::App* command = app.add_subcommand("describe", "what is in a preference data file");
  auto options = std::make_shared<Options>();
  command->add_option("FILE", options->file, "data file")->required();
  command->add_option("--attribute", options->what.attribute, "describe the groups of this attribute only");
  command
      ->add_option("--minimum-votes", options->what.minimum_votes,
                   "people who put a pair in order, for it to count in what one model can reach")
      ->capture_default_str();
  ClassRules& rules = options->what.rules;
  command
      ->add_option("--least-repeats", rules.least_pairs,
                   "pairs of answers to one question that a person is judged by, at least")
      ->capture_default_str();
  command
      ->add_option("--least-stable-share", rules.least_stable_share,
                   "share of answers that are held and not tossed, from which a person counts as stable")
      ->capture_default_str();
  command
      ->add_option("--shrinkage", rules.shrinkage,
                   "weight, in pairs of answers, of everybody's agreement in each person's")
      ->capture_default_str();
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options] { describe(*options); });
}

}  // namespace fairsweep::apps
