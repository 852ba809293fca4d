#include <iostream>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "core/diagnostics/counted.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/output_file.hpp"
#include "orchestrator/apps/commands.hpp"
#include "workers/data/generators/generate_personal_llm.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {

namespace {

struct GenerateOptions {
  PersonalLlmRecipe recipe;
  std::string output;
  bool json = false;
};

void generate(const GenerateOptions& options) {
  const OutputFile output(options.output);
  const PreferenceData data = generate_personal_llm(options.recipe).data;
  write_data_file(output.path(), data);
  if (options.json) {
    std::cout << nlohmann::ordered_json{{"file", options.output},
                                        {"digest", digest_of(data)},
                                        {"comparisons", data.comparison_count()},
                                        {"users", data.user_count()},
                                        {"recipe", data.about.at("recipe")}}
                     .dump(2)
              << '\n';
    return;
  }
  std::cout << options.output << ": " << counted(data.comparison_count(), "comparison", "comparisons") << " of "
            << counted(data.user_count(), "simulated person", "simulated people") << '\n'
            << "recipe: " << data.about.at("recipe") << '\n';
}

}  // namespace

void add_generate(CLI::App& app, ExitCode&) {
  CLI::App* command = app.add_subcommand("generate", "make a preference data file by simulation");
  command->require_subcommand(1);
  CLI::App* personal =
      command->add_subcommand("personal-llm", "people as weights over reward dimensions, a minority with rare tastes");
  auto options = std::make_shared<GenerateOptions>();
  PersonalLlmRecipe& recipe = options->recipe;
  personal->add_option("-o,--output", options->output, "data file to write, replaced whole")->required();
  const auto add = [personal](const char* name, auto& value, const char* meaning) {
    personal->add_option(name, value, meaning)->capture_default_str();
  };
  add("--users", recipe.users, "people");
  add("--contexts", recipe.contexts, "contexts (prompts)");
  add("--candidates", recipe.candidates, "candidates (answers) of each context");
  add("--dimensions", recipe.dimensions, "reward dimensions, at least 5");
  add("--features", recipe.features, "features of a candidate");
  add("--comparisons-per-user", recipe.comparisons_per_user, "different pairs each person judges");
  add("--minority-share", recipe.minority_share, "share of people with rare tastes, above 0, at most 0.5");
  add("--concentration", recipe.concentration, "of the Dirichlet: larger, people of one taste are more alike");
  add("--focus", recipe.focus, "mean weight on the reward dimensions of a taste, in (0, 1)");
  add("--conflict", recipe.conflict, "how far rare dimensions point against the common ones, in [0, 1)");
  add("--temperature", recipe.temperature, "of the answers: smaller, fewer answers against one's own taste");
  add("--user-noise", recipe.user_noise, "standard deviation of the noise on the user features");
  add("--seed", recipe.seed, "of everything random");
  personal->add_flag("--json", options->json, "print the summary as JSON");
  personal->callback([options] { generate(*options); });
}

}  // namespace fairsweep::apps
