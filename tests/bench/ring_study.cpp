// What the methods for people of several types learn on the ring of Shirali et al. (arXiv 2502.16320, figure 4) from a
// sample, beside what they would learn of the whole population (tests/objectives/training/first_order_test.cpp).
//
// Run: ring_study [--head mlp] [--features state_action] [--methods ...] [--seeds 5]
// Prints, for each method, the share of pairs of actions that the trained model orders as the average reward does, over
// all states: mean, least and most over seeds (of data, starts and batches); in how many seeds the model prefers one of
// the two truly best offsets; and the seconds of training, those of a shared stage among its sharers.
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "workers/data/generators/generate_ring.hpp"
#include "workers/trainer/pack_training.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {
namespace {

struct Study {
  std::int64_t comparisons = 500'000;
  std::int64_t users = 300;
  std::int64_t seeds = 5;
  std::int64_t epochs = 20;
  std::int64_t batch = 1024;
  double learning_rate = 1e-3;
  std::int64_t types_epochs = 20;
  double types_learning_rate = 1e-2;
  std::string head = "linear";
  std::string features = "offset";
  std::vector<std::string> methods = {"plain", "alpha 1",  "alpha 2",  "groups alpha 2",
                                      "joint", "typewise", "agreement"};
};

Settings settings_of(const Study& study, const std::string& name) {
  Settings settings = {{"model.head", study.head},
                       {"model.user", std::string("none")},
                       {"training.epochs", study.epochs},
                       {"training.batch", study.batch},
                       {"training.learning_rate", study.learning_rate},
                       {"training.weight_decay", 0.0},
                       {"training.schedule", std::string("constant")},
                       {"training.warmup", 0.0},
                       {"training.clip_norm", 0.0},
                       {"training.early_stopping.patience", std::int64_t{0}},
                       {"training.early_stopping.watch", std::string("users")}};
  if (study.head == "mlp") {
    settings["model.width"] = std::int64_t{15};
    settings["model.depth"] = std::int64_t{2};
  }
  const auto types = [&] {
    settings["method.joint_likelihood.types"] = std::int64_t{3};
    settings["method.joint_likelihood.weight_learning_rate"] = 0.01;
  };
  std::string method = "pooled";
  if (name.find("alpha") != std::string::npos) {
    method = "first_order";
    settings["method.first_order.alpha"] = std::stod(name.substr(name.find("alpha") + 6));
    settings["method.first_order.clip"] = 0.1;
    settings["method.first_order.warmup"] = 0.8;
    settings["method.first_order.variance"] = std::string(name.starts_with("groups") ? "groups" : "joint_likelihood");
    settings["method.first_order.types.epochs"] = study.types_epochs;
    settings["method.first_order.types.learning_rate"] = study.types_learning_rate;
    settings["method.first_order.types.weight_decay"] = 0.0;
    types();
  } else if (name == "joint") {
    method = "joint_likelihood";
    settings["training.epochs"] = study.types_epochs;
    settings["training.learning_rate"] = study.types_learning_rate;
    types();
  } else if (name == "typewise") {
    method = "typewise_average";
    settings["method.typewise_average.weights"] = std::string("people");
  } else if (name == "agreement") {
    method = "agreement";
  } else if (name != "plain") {
    throw UserError(ExitCode::configuration, "there is no method \"" + name + "\" in this study");
  }
  settings["method.name"] = method;
  return settings;
}

TrainingSet ring_set(const Study& study, std::uint64_t seed, TypeLabels labels) {
  RingRecipe recipe;
  recipe.comparisons = study.comparisons;
  recipe.users = study.users;
  recipe.labels = labels;
  recipe.features = ring_features_named(study.features);
  recipe.seed = seed;
  PreferenceData data = generate_ring(recipe);
  TrainerSetup setup;
  setup.grouping.by = "attribute";
  setup.grouping.attribute = "type";
  setup.split.by = "comparison";
  setup.split.train = 0.98;
  setup.split.validation = 0.01;
  setup.split.test = 0.01;
  setup.seed = seed;
  setup.data_digest = digest_of(data);
  setup.metrics = {"accuracy"};
  setup.device = "cpu";
  return make_training_set(std::move(data), setup, at::kCPU);
}

/// Scores of all candidates by the parameters of one model, whose names begin with `prefix`.
at::Tensor model_scores(const at::Tensor& features, const std::map<std::string, at::Tensor>& named,
                        const std::string& prefix) {
  if (named.count(prefix + "weight") > 0)
    return features.matmul(named.at(prefix + "weight"));
  at::Tensor hidden = features;
  for (std::int64_t layer = 0; named.count(prefix + "hidden." + std::to_string(layer) + ".weight") > 0; ++layer) {
    const std::string name = prefix + "hidden." + std::to_string(layer);
    hidden = (hidden.matmul(named.at(name + ".weight").t()) + named.at(name + ".bias")).tanh();
  }
  return hidden.matmul(named.at(prefix + "output.weight"));
}

/// [states, actions]
at::Tensor scores_of(const TrainingSet& data, const TrialOutcome& outcome) {
  const auto& named = outcome.parameters;
  at::Tensor scores;
  if (named.count("member_weight") == 0) {
    scores = model_scores(data.features, named, "");
  } else {
    const at::Tensor& weight = named.at("member_weight");
    scores = at::zeros({data.features.size(0)});
    for (std::int64_t member = 0; member < weight.numel(); ++member)
      scores += weight[member] * model_scores(data.features, named, "member." + std::to_string(member) + ".");
  }
  return scores.to(at::kDouble).view({k_ring_places, k_ring_places});
}

std::int64_t offset_of(std::int64_t state, std::int64_t action) { return (action - state + 60) % 40 - 20; }

struct Found {
  double ordered = 0;     ///< share of pairs
  std::int64_t peak = 0;  ///< best offset by the mean score over states
};

Found judged(const at::Tensor& scores) {
  std::vector<double> truth(k_ring_places, 0.0);
  for (std::size_t type = 0; type < static_cast<std::size_t>(k_ring_types); ++type) {
    for (std::int64_t place = 0; place < k_ring_places; ++place)
      truth[static_cast<std::size_t>(place)] += ring_reward(type, place - k_ring_places / 2);
  }
  std::vector<double> mean(k_ring_places, 0.0);
  const auto* score = scores.data_ptr<double>();
  double right = 0;
  double pairs = 0;
  for (std::int64_t state = 0; state < k_ring_places; ++state) {
    for (std::int64_t one = 0; one < k_ring_places; ++one) {
      const auto offset = static_cast<std::size_t>(offset_of(state, one) + k_ring_places / 2);
      mean[offset] += score[state * k_ring_places + one];
      for (std::int64_t other = 0; other < one; ++other) {
        const double gap = truth[offset] - truth[static_cast<std::size_t>(offset_of(state, other) + k_ring_places / 2)];
        if (std::fabs(gap) < 1e-9)
          continue;
        const double said = score[state * k_ring_places + one] - score[state * k_ring_places + other];
        pairs += 1;
        right += said * gap > 0 ? 1 : 0;
      }
    }
  }
  return {right / pairs, std::max_element(mean.begin(), mean.end()) - mean.begin() - k_ring_places / 2};
}

/// What came of one method over the seeds.
struct Tally {
  std::vector<double> ordered;
  std::string peaks, notes;
  int right_peaks = 0;
  double seconds = 0;
  void add(const Found& found, const TrialOutcome& outcome) {
    ordered.push_back(found.ordered);
    peaks += fmt::format(" {}", found.peak);
    right_peaks += std::abs(found.peak) == 10 ? 1 : 0;
    seconds += outcome.seconds;
    notes.clear();
    for (const auto& [key, value] : outcome.notes)
      notes += fmt::format("; {} {:.4f}", key, value);
  }
};

/// Trains the methods of one seed that learn from these labels as one pack, so that stages are shared.
void train_seed(const Study& study, std::int64_t seed, TypeLabels labels, std::vector<Tally>& tallies) {
  std::vector<TrialOrder> orders;
  for (std::size_t method = 0; method < study.methods.size(); ++method) {
    if ((study.methods[method] == "agreement") != (labels == TypeLabels::all))
      continue;
    TrialOrder order;
    order.trial.value = static_cast<std::uint32_t>(method);
    order.settings = settings_of(study, study.methods[method]);
    orders.push_back(order);
  }
  if (orders.empty())
    return;
  const TrainingSet data = ring_set(study, static_cast<std::uint64_t>(seed), labels);
  PackTrainingOptions options;
  options.seed = static_cast<std::uint64_t>(seed);
  options.trials_per_stack = 1;
  options.on_outcome = [&](TrialOutcome&& outcome) {
    const std::string& name = study.methods[outcome.trial.value];
    if (outcome.failed)
      throw UserError(ExitCode::configuration, name + ": " + outcome.failure.message);
    const Found found = judged(scores_of(data, outcome));
    tallies[outcome.trial.value].add(found, outcome);
    fmt::print(stderr, "seed {}: {} {:.4f}\n", seed, name, found.ordered);
  };
  train_pack(orders, data, options);
}

void run(const Study& study) {
  fmt::print(
      "{} comparisons, {} people, {} head, {} features, {} epochs of batches of {}, learning rate {}; types: {} "
      "epochs, learning rate {}\n",
      study.comparisons, study.users, study.head, study.features, study.epochs, study.batch, study.learning_rate,
      study.types_epochs, study.types_learning_rate);
  std::vector<Tally> tallies(study.methods.size());
  for (std::int64_t seed = 1; seed <= study.seeds; ++seed) {
    train_seed(study, seed, TypeLabels::one, tallies);
    train_seed(study, seed, TypeLabels::all, tallies);
  }
  fmt::print("{:<16} {:>8} {:>8} {:>8} {:>12} {:>9}  peaks; notes of the last seed\n", "method", "ordered", "least",
             "most", "right peaks", "seconds");
  for (std::size_t method = 0; method < study.methods.size(); ++method) {
    const Tally& tally = tallies[method];
    double mean = 0;
    for (const double value : tally.ordered)
      mean += value / static_cast<double>(tally.ordered.size());
    fmt::print("{:<16} {:>8.4f} {:>8.4f} {:>8.4f} {:>7} of {} {:>9.1f} {}{}\n", study.methods[method], mean,
               *std::min_element(tally.ordered.begin(), tally.ordered.end()),
               *std::max_element(tally.ordered.begin(), tally.ordered.end()), tally.right_peaks, study.seeds,
               tally.seconds, tally.peaks, tally.notes);
  }
}

}  // namespace
}  // namespace fairsweep

int main(int argc, char** argv) {
  CLI::App app("What the methods for people of several types learn on the ring, from a sample");
  fairsweep::Study study;
  app.add_option("--comparisons", study.comparisons)->capture_default_str();
  app.add_option("--users", study.users)->capture_default_str();
  app.add_option("--seeds", study.seeds)->capture_default_str();
  app.add_option("--epochs", study.epochs)->capture_default_str();
  app.add_option("--batch", study.batch)->capture_default_str();
  app.add_option("--learning-rate", study.learning_rate)->capture_default_str();
  app.add_option("--types-epochs", study.types_epochs)->capture_default_str();
  app.add_option("--types-learning-rate", study.types_learning_rate)->capture_default_str();
  app.add_option("--head", study.head, "linear: a table; mlp: two layers of 15")->capture_default_str();
  app.add_option("--features", study.features)->capture_default_str();
  app.add_option("--methods", study.methods, "of plain, alpha A, groups alpha A, joint, typewise, agreement")
      ->delimiter(',')
      ->capture_default_str();
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
