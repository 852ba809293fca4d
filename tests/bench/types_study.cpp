// Whether hidden types of people are found: generated people of so many types, searches for 1, 2, ... types, and of
// each seed the fewest types within a standard error of where held-out answers were likeliest, and how many people are
// with their like.
//
// Run: types_study                                     rankings of three
//      types_study --candidates 2 --comparisons 2      pairs, few a person
// A seed is one of data, halves, starts and batches. Prints a line for each seed and a summary. Assignment accuracy is
// the share of people whose likeliest type is theirs under the best matching, at the true number of types: of people
// with training comparisons, and of new people by what is known of them.
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/best_matching.hpp"
#include "tests/workers/trainer/typed_people.hpp"
#include "workers/data/generators/generate_typed_people.hpp"
#include "workers/trainer/pack_training.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {
namespace {

struct Study {
  TypedPeopleRecipe people{.users = 500};
  std::int64_t ranked = 0;  ///< 0: all but the last
  std::int64_t most_types = 5;
  std::int64_t seeds = 10;
  std::int64_t restarts = 3;
  std::int64_t rounds = 8;
  std::int64_t round_epochs = 10;
  std::int64_t epochs = 20;
  std::int64_t batch = 256;
  double learning_rate = 0.05;
  std::string start = "tastes";
  std::string evidence = "held_out";
  std::string assignment = "soft";
};

Settings settings_of(const Study& study, std::int64_t types) {
  return {{"model.head", std::string("linear")},
          {"model.user", std::string("none")},
          {"method.name", std::string("types")},
          {"method.types.number", types},
          {"method.types.assignment", study.assignment},
          {"method.types.search.start", study.start},
          {"method.types.search.restarts", study.restarts},
          {"method.types.search.rounds", study.rounds},
          {"method.types.search.round_epochs", study.round_epochs},
          {"method.types.search.evidence", study.evidence},
          {"method.types.search.learning_rate", study.learning_rate},
          {"method.types.search.weight_decay", 0.0},
          {"training.epochs", study.epochs},
          {"training.batch", study.batch},
          {"training.learning_rate", study.learning_rate},
          {"training.weight_decay", 0.0},
          {"training.schedule", std::string("cosine")},
          {"training.warmup", 0.0},
          {"training.clip_norm", 0.0},
          {"training.early_stopping.patience", std::int64_t{0}},
          {"training.early_stopping.watch", std::string("users")}};
}

TrainingSet set_of(const Study& study, std::uint64_t seed) {
  TypedPeopleRecipe recipe = study.people;
  recipe.seed = seed;
  if (study.ranked > 0)
    recipe.ranked = study.ranked;
  return testing::typed_people(recipe);
}

/// @param member_weight [users, types]. Share of the new people whose likeliest type is theirs, at the matching of
/// types and groups that is best for them.
double accuracy_of_new_people(const TrainingSet& data, const at::Tensor& member_weight) {
  const at::Tensor type = member_weight.argmax(1).contiguous();
  const auto types = static_cast<std::size_t>(member_weight.size(1));
  const std::size_t groups = data.groups.size();
  std::vector<double> counts(types * groups, 0.0);
  double people = 0;
  for (std::size_t u = 0; u < data.user_group.size(); ++u) {
    if (data.user_trained[u])
      continue;
    people += 1;
    counts[static_cast<std::size_t>(type.data_ptr<std::int64_t>()[u]) * groups +
           static_cast<std::size_t>(data.user_group[u])] += 1;
  }
  return best_matching(counts, groups).total / people;
}

double mean_log_likelihood(const SplitScores& scores) {
  double sum = 0;
  for (const float value : scores.log_probability)
    sum += static_cast<double>(value);
  return sum / static_cast<double>(scores.log_probability.size());
}

struct Tally {
  std::int64_t right_number = 0, likeliest_right = 0, above = 0;
  double least = 1, sum = 0, new_people = 0;
};

void run_seed(const Study& study, std::int64_t seed, Tally& tally) {
  const TrainingSet data = set_of(study, static_cast<std::uint64_t>(seed));
  std::vector<TrialOrder> orders;
  for (std::int64_t types = 1; types <= study.most_types; ++types) {
    TrialOrder order;
    order.trial.value = static_cast<std::uint32_t>(types);
    order.configuration.value = static_cast<std::uint32_t>(types);
    order.settings = settings_of(study, types);
    orders.push_back(order);
  }
  std::map<std::uint32_t, TrialOutcome> outcomes;
  PackTrainingOptions options;
  options.seed = static_cast<std::uint64_t>(seed);
  options.trials_per_stack = 1;
  options.on_outcome = [&](TrialOutcome&& outcome) {
    if (outcome.failed)
      throw UserError(ExitCode::configuration, outcome.failure.message);
    outcomes[outcome.trial.value] = std::move(outcome);
  };
  train_pack(orders, data, options);
  std::string line;
  std::uint32_t likeliest = 0;
  const auto held_out_of = [&outcomes](std::uint32_t types) {
    return outcomes.at(types).notes.at("types held-out log-likelihood");
  };
  for (const auto& [types, outcome] : outcomes) {
    const double held_out = held_out_of(types);
    if (likeliest == 0 || held_out > held_out_of(likeliest))
      likeliest = types;
    line += fmt::format(" {:.4f} ({:.4f})", held_out, mean_log_likelihood(outcome.test));
  }
  std::uint32_t best = 1;  // the fewest within a standard error of the likeliest
  const double enough = held_out_of(likeliest) - outcomes.at(likeliest).notes.at("types held-out standard error");
  while (held_out_of(best) < enough)
    ++best;
  const auto truth = static_cast<std::uint32_t>(study.people.types);
  const TrialOutcome& right = outcomes.at(truth);
  const double accuracy = right.notes.at("types matching groups");
  const double of_new = truth > 1 ? accuracy_of_new_people(data, right.parameters.at("member_weight")) : 1;
  tally.right_number += best == truth ? 1 : 0;
  tally.likeliest_right += likeliest == truth ? 1 : 0;
  tally.above += accuracy > 0.9 ? 1 : 0;
  tally.least = std::min(tally.least, accuracy);
  tally.sum += accuracy;
  tally.new_people += of_new;
  fmt::print("seed {:>2}: {} types (standard error {:.4f}); accuracy {:.3f}, of new people {:.3f}, moved {:.3f};{}\n",
             seed, best, held_out_of(likeliest) - enough, accuracy, of_new,
             right.notes.at("types moved in the last round"), line);
  std::fflush(stdout);
}

void run(const Study& study) {
  check(study.people.types <= study.most_types, "the true number of types is among those that are tried");
  const auto start = std::chrono::steady_clock::now();
  fmt::print(
      "{} people of {} types, {} comparisons each of {} candidates; then, for 1 to {} types, log-likelihood a "
      "comparison of held-out halves (and of new people's answers)\n",
      study.people.users, study.people.types, study.people.comparisons_per_user, study.people.candidates,
      study.most_types);
  Tally tally;
  for (std::int64_t seed = 1; seed <= study.seeds; ++seed)
    run_seed(study, seed, tally);
  const auto seeds = static_cast<double>(study.seeds);
  fmt::print(
      "number of types right in {} of {}, the likeliest in {}; accuracy above 0.9 in {}, mean {:.3f}, least {:.3f}, of "
      "new people "
      "{:.3f}; {:.0f} seconds\n",
      tally.right_number, study.seeds, tally.likeliest_right, tally.above, tally.sum / seeds, tally.least,
      tally.new_people / seeds, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}

}  // namespace
}  // namespace fairsweep

int main(int argc, char** argv) {
  CLI::App app("Whether hidden types of generated people are found");
  fairsweep::Study study;
  app.add_option("--types", study.people.types)->capture_default_str();
  app.add_option("--shares", study.people.shares)->capture_default_str();
  app.add_option("--users", study.people.users)->capture_default_str();
  app.add_option("--comparisons", study.people.comparisons_per_user, "of each person")->capture_default_str();
  app.add_option("--candidates", study.people.candidates)->capture_default_str();
  app.add_option("--ranked", study.ranked, "of them in order; 0: all but the last")->capture_default_str();
  app.add_option("--features", study.people.features)->capture_default_str();
  app.add_option("--similarity", study.people.similarity)->capture_default_str();
  app.add_option("--temperature", study.people.temperature)->capture_default_str();
  app.add_option("--most-types", study.most_types)->capture_default_str();
  app.add_option("--seeds", study.seeds)->capture_default_str();
  app.add_option("--restarts", study.restarts)->capture_default_str();
  app.add_option("--rounds", study.rounds)->capture_default_str();
  app.add_option("--round-epochs", study.round_epochs)->capture_default_str();
  app.add_option("--epochs", study.epochs)->capture_default_str();
  app.add_option("--batch", study.batch)->capture_default_str();
  app.add_option("--learning-rate", study.learning_rate)->capture_default_str();
  app.add_option("--start", study.start)->capture_default_str();
  app.add_option("--evidence", study.evidence)->capture_default_str();
  app.add_option("--assignment", study.assignment)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  at::set_num_threads(1);
  try {
    fairsweep::run(study);
  } catch (const fairsweep::UserError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
  return 0;
}
