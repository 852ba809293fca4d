#include <iostream>
#include <memory>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/commands.hpp"
#include "workers/data/description/describe_data.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {

namespace {

struct DescribeOptions {
  std::string file;
  std::string attribute;
  bool json = false;
};

void describe(const DescribeOptions& options) {
  const DataDescription description = describe_data(read_data_file(options.file), options.attribute);
  std::cout << (options.json ? describe_json(description) + '\n' : describe_text(description));
}

}  // namespace

void add_describe(CLI::App& app, ExitCode&) {
  CLI::App* command = app.add_subcommand("describe", "what is in a preference data file");
  auto options = std::make_shared<DescribeOptions>();
  command->add_option("FILE", options->file, "data file")->required();
  command->add_option("--attribute", options->attribute, "describe the groups of this user attribute only");
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options] { describe(*options); });
}

}  // namespace fairsweep::apps
