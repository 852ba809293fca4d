#include <iostream>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "core/diagnostics/counted.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/output_file.hpp"
#include "orchestrator/apps/command_line.hpp"
#include "orchestrator/apps/commands.hpp"
#include "workers/data/generators/generate_lengths.hpp"
#include "workers/data/generators/generate_personal_llm.hpp"
#include "workers/data/generators/generate_ring.hpp"
#include "workers/data/generators/generate_typed_people.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {

namespace {

/// What every kind of data has.
struct Output {
  std::string file;
  bool json = false;
};

void write(const Output& output, const OutputFile& file, const PreferenceData& data) {
  write_data_file(file.path(), data);
  if (output.json) {
    std::cout << nlohmann::ordered_json{{"file", output.file},
                                        {"digest", digest_of(data)},
                                        {"comparisons", data.comparison_count()},
                                        {"users", data.user_count()},
                                        {"recipe", data.about.at("recipe")}}
                     .dump(2)
              << '\n';
    return;
  }
  std::cout << output.file << ": " << counted(data.comparison_count(), "comparison", "comparisons") << " of "
            << counted(data.user_count(), "simulated person", "simulated people") << '\n'
            << "recipe: " << data.about.at("recipe") << '\n';
}

void add_output(CLI::App* kind, Output& output) {
  kind->add_option("-o,--output", output.file, "data file to write, replaced whole")->required();
  kind->add_flag("--json", output.json, "print the summary as JSON");
}

void add_personal_llm(CLI::App* command) {
  CLI::App* personal =
      command->add_subcommand("personal-llm", "people as weights over reward dimensions, a minority with rare tastes");
  struct Options {
    PersonalLlmRecipe recipe;
    Output output;
  };
  auto options = std::make_shared<Options>();
  PersonalLlmRecipe& recipe = options->recipe;
  const auto add = [personal](const char* name, auto& value, const char* meaning) {
    return personal->add_option(name, value, meaning)->capture_default_str();
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
  add("--seed", recipe.seed, "of everything random")->check(from_zero());
  add_output(personal, options->output);
  personal->callback([options] {
    const OutputFile file(options->output.file);
    write(options->output, file, generate_personal_llm(options->recipe).data);
  });
}

/// Options of the kinds with people of three types.
struct TypedOptions {
  std::int64_t comparisons = 0;
  std::int64_t users = 300;
  std::string labels = "one";
  std::uint64_t seed = 1;
  std::string features = "offset";
  std::string from;
  std::string column = "surface_log_words";
  Output output;
};

void add_typed(CLI::App* kind, TypedOptions& options) {
  kind->add_option("--comparisons", options.comparisons, "pairs that are drawn")->capture_default_str();
  kind->add_option("--users", options.users, "people, a multiple of three: a third of each type")
      ->capture_default_str();
  kind->add_option("--labels", options.labels,
                   "who answers a pair: one person, a person of all types, or all agreed on one answer")
      ->capture_default_str();
  kind->add_option("--seed", options.seed, "of everything random")->check(from_zero())->capture_default_str();
  add_output(kind, options.output);
}

void add_ring(CLI::App* command) {
  CLI::App* ring = command->add_subcommand(
      "ring", "three types whose average reward and whose votes disagree on what is best, on a ring of 40 places");
  auto options = std::make_shared<TypedOptions>();
  options->comparisons = RingRecipe().comparisons;
  add_typed(ring, *options);
  ring->add_option("--features", options->features, "offset (a column for each) or state_action")
      ->capture_default_str();
  ring->callback([options] {
    const OutputFile file(options->output.file);
    RingRecipe recipe;
    recipe.comparisons = options->comparisons;
    recipe.users = options->users;
    recipe.labels = type_labels_named(options->labels);
    recipe.features = ring_features_named(options->features);
    recipe.seed = options->seed;
    write(options->output, file, generate_ring(recipe));
  });
}

void add_lengths(CLI::App* command) {
  CLI::App* lengths =
      command->add_subcommand("lengths", "three types who like long, short and middling answers, and look at no more");
  auto options = std::make_shared<TypedOptions>();
  options->comparisons = LengthsRecipe().comparisons;
  add_typed(lengths, *options);
  lengths->add_option("--from", options->from,
                      "a data file whose candidates are relabelled; without, lengths from 1 to 512");
  lengths->add_option("--length-feature", options->column, "the feature of --from that is log(1 + length)")
      ->capture_default_str();
  lengths->callback([options] {
    LengthsRecipe recipe;
    recipe.comparisons = options->comparisons;
    recipe.users = options->users;
    recipe.labels = type_labels_named(options->labels);
    recipe.seed = options->seed;
    if (options->from.empty()) {
      const OutputFile file(options->output.file);
      write(options->output, file, generate_lengths(recipe));
    } else {
      const OutputFile file(options->output.file, {options->from});
      write(options->output, file, relabel_by_length(recipe, read_data_file(options->from), options->column));
    }
  });
}

void add_types(CLI::App* command) {
  CLI::App* types = command->add_subcommand("types", "people of hidden types who rank candidates, in any shares");
  struct Options {
    TypedPeopleRecipe recipe;
    std::string rewards = "linear";
    Output output;
  };
  auto options = std::make_shared<Options>();
  TypedPeopleRecipe& recipe = options->recipe;
  const auto add = [types](const char* name, auto& value, const char* meaning) {
    return types->add_option(name, value, meaning)->capture_default_str();
  };
  add("--types", recipe.types, "hidden types");
  types->add_option("--shares", recipe.shares, "of the types among the people, such as 10,1 (default: all alike)");
  add("--users", recipe.users, "people");
  add("--contexts", recipe.contexts, "contexts (prompts)");
  types->add_option("--pool", recipe.pool, "candidates of each context (default: as many as a comparison shows)");
  add("--candidates", recipe.candidates, "candidates that a comparison shows; 2 are a pair");
  types->add_option("--ranked", recipe.ranked,
                    "how many of them are put in order; 1 is a choice (default: all but one)");
  add("--comparisons-per-user", recipe.comparisons_per_user, "comparisons of each person, each in another context");
  add("--features", recipe.features, "features of a candidate");
  add("--rewards", options->rewards, "as functions of the features: linear or network");
  add("--similarity", recipe.similarity, "correlation of the rewards of two types, at most 1: then they are one");
  add("--own", recipe.own, "share of the variance of a person's reward that is nobody else's, in [0, 1)");
  add("--temperature", recipe.temperature, "of the answers: smaller, fewer answers against one's own taste");
  add("--links", recipe.links, "people each is linked to, for models that borrow from them");
  CLI::Option* homophily =
      add("--homophily", recipe.homophily, "chance that a link is drawn among people of one's own type; needs --links");
  homophily->needs(types->get_option("--links"));
  add("--seed", recipe.seed, "of everything random")->check(from_zero());
  add_output(types, options->output);
  types->callback([options] {
    const OutputFile file(options->output.file);
    options->recipe.rewards = reward_shape_named(options->rewards);
    write(options->output, file, generate_typed_people(options->recipe).data);
  });
}

}  // namespace

void add_generate(CLI::App& app, ExitCode&) {
  CLI::App* command = app.add_subcommand("generate", "make a preference data file by simulation");
  command->require_subcommand(1);
  add_personal_llm(command);
  add_ring(command);
  add_lengths(command);
  add_types(command);
}

}  // namespace fairsweep::apps
