// The trainer's side of trainer_beside_python.py, which starts it. Makes pairs with features and writes them as plain
// files for the other side, with the start values and orders of the first trial. Then answers lines on standard input,
// each with one JSON object a line:
//   supervision           what the students of method pafo train towards, written as files: {"written"}
//   multiply N            one at::mm of N x N matrices, {"seconds"}
//   train K EPOCHS STACK  a pack of K trials, cut into stacks of STACK (0: the trainer's choice): its time, what the
//                         first trial's watch said after each epoch, and how many trials ended,
//                         {"seconds", "watched", "ended"}
// Times are {"wall", "processor"}, the second being what this process worked.
#include <ATen/ATen.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "workers/trainer/batch_order.hpp"
#include "workers/trainer/initialisation.hpp"
#include "workers/trainer/kernels.hpp"
#include "workers/trainer/pack_training.hpp"
#include "workers/trainer/reward_model.hpp"
#include "workers/trainer/shared_training_set.hpp"
#include "workers/trainer/stage_cache.hpp"
#include "workers/trainer/stage_plan.hpp"
#include "workers/trainer/training_facts.hpp"

namespace fairsweep {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

struct BenchRecipe {
  std::int64_t width = 64;  ///< hidden units and features
  std::int64_t batch = 64;
  std::int64_t steps = 64;         ///< of an epoch
  std::int64_t order_epochs = 16;  ///< orders written for the other side
  std::int64_t candidates = 8192;
  std::int64_t threads = 1;
  std::string device = "cpu";
  std::string method = "pooled";
  std::filesystem::path out;
};

constexpr std::uint64_t k_seed = 7;
constexpr std::int64_t k_users = 64;
constexpr std::int64_t k_validation = 8 * k_users;  // as many of each user, so that the watch is the plain mean

/// Time since it was made: on the clock, and of this process's work.
struct Stopwatch {
  Clock::time_point start = Clock::now();
  std::clock_t work = std::clock();
  [[nodiscard]] Json read() const {
    return {{"wall", std::chrono::duration<double>(Clock::now() - start).count()},
            {"processor", static_cast<double>(std::clock() - work) / CLOCKS_PER_SEC}};
  }
};

/// Pairs of random candidates, the better one first by the user's group's taste and noise.
ComparisonTensors pairs(std::int64_t count, const at::Tensor& features, const at::Tensor& tastes,
                        at::Generator& random) {
  ComparisonTensors made;
  made.user = at::arange(count, at::kLong).remainder(k_users);
  made.group = made.user.remainder(4).eq(0).to(at::kLong);  // a quarter of the users are group 1
  const at::Tensor drawn = at::randint(features.size(0), {count, 2}, random, at::kLong);
  const at::Tensor taste = tastes.index_select(0, made.group).unsqueeze(1);
  const at::Tensor utility = (features.index({drawn}) * taste).sum(-1) + at::randn({count, 2}, random);
  const at::Tensor first_is_worse = utility.select(1, 0).lt(utility.select(1, 1)).unsqueeze(1);
  made.candidates = at::where(first_is_worse, drawn.flip(1), drawn).contiguous();
  made.present = at::ones({count, 2}, at::kBool);
  made.ranked = at::ones({count}, at::kLong);
  made.weight = at::ones({count}, at::kFloat);
  made.context_first = at::zeros({count}, at::kLong);  // one context with all candidates
  made.context_size = at::full({count}, features.size(0), at::kLong);
  for (std::int64_t i = 0; i < count; ++i)
    made.source.push_back(i);
  return made;
}

TrainingSet data_of(const BenchRecipe& recipe) {
  at::Generator random = at::detail::createCPUGenerator(k_seed);
  TrainingSet set;
  set.features = at::randn({recipe.candidates, recipe.width}, random);
  const at::Tensor tastes = at::randn({2, recipe.width}, random);
  set.users = k_users;
  set.groups = {"many", "few"};
  for (std::int64_t user = 0; user < k_users; ++user)
    set.user_group.push_back(user % 4 == 0 ? 1 : 0);
  set.user_trained.assign(static_cast<std::size_t>(k_users), true);
  set.train = pairs(recipe.steps * recipe.batch, set.features, tastes, random);
  set.validation = pairs(k_validation, set.features, tastes, random);
  set.test = pairs(k_users, set.features, tastes, random);
  set.user_features = at::zeros({k_users, 0});
  set.user_history = at::zeros({k_users, recipe.width});
  set.user_history_sum = at::zeros({k_users, recipe.width});
  return set;
}

Settings settings_of(const BenchRecipe& recipe, std::int64_t epochs) {
  Settings settings = {{"model.head", std::string("mlp")},
                       {"model.width", recipe.width},
                       {"model.depth", std::int64_t{1}},
                       {"model.user", std::string("none")},
                       {"method.name", recipe.method},
                       {"training.epochs", epochs},
                       {"training.batch", recipe.batch},
                       {"training.learning_rate", 0.001},
                       {"training.weight_decay", 0.01},
                       {"training.schedule", std::string("constant")},
                       {"training.warmup", 0.0},
                       {"training.clip_norm", 0.0},
                       {"training.early_stopping.patience", std::int64_t{0}},
                       {"training.early_stopping.watch", std::string("users")}};
  if (recipe.method == "pafo") {
    settings["method.pafo.distillation"] = 0.7;
    settings["method.pafo.minority_share"] = 0.5;
    settings["method.pafo.condition"] = std::string("group_and_correct");
    settings["method.pafo.gate"] = 0.0;
    settings["method.pafo.form"] = std::string("soft_label");
    settings["method.pafo.temperature"] = 2.0;
    settings["method.pafo.scale"] = std::string("temperature");
    settings["method.pafo.teacher.epochs"] = std::int64_t{2};
    settings["method.pafo.teacher.learning_rate"] = 0.001;
    settings["method.pafo.teacher.weight_decay"] = 0.0;
    settings["method.pafo.teacher.patience"] = std::int64_t{0};
  }
  return settings;
}

void write_file(const std::filesystem::path& file, const at::Tensor& values) {
  const at::Tensor plain = values.cpu().contiguous();
  std::ofstream stream(file, std::ios::binary);
  stream.write(static_cast<const char*>(plain.data_ptr()), static_cast<std::streamsize>(plain.nbytes()));
  if (!stream.flush())
    throw UserError(ExitCode::environment, "cannot write " + file.string());
}

/// start.* of the trial whose parameters these are, without padding.
void write_start(const BenchRecipe& recipe, const RewardModel& model, const at::Tensor& parameters) {
  for (const auto& [name, values] : model.named_parameters(parameters, at::ones({k_users}, at::kBool)))
    write_file(recipe.out / ("start." + name + ".f32"), values);
}

/// What the other side needs to take the same steps as trial 0.
void write_files(const BenchRecipe& recipe, const TrainingSet& set) {
  write_file(recipe.out / "features.f32", set.features);
  write_file(recipe.out / "train.i64", set.train.candidates);
  write_file(recipe.out / "group.i64", set.train.group);
  write_file(recipe.out / "validation.i64", set.validation.candidates);
  const RewardModel model(model_settings(settings_of(recipe, 1)), set);
  const RandomKey key{k_seed, 0, 0};
  write_start(recipe, model, start_values(model.layout(), key, at::kFloat));
  const EpochShape shape = epoch_shape(set.train.count(), recipe.batch);
  std::vector<at::Tensor> orders;
  for (std::int64_t epoch = 0; epoch < recipe.order_epochs; ++epoch)
    orders.push_back(epoch_order(shape, set.train.source, {key}, static_cast<std::uint32_t>(epoch))
                         .select(1, 0)
                         .narrow(1, 0, shape.batch));
  write_file(recipe.out / "order.i64", at::stack(orders));
}

std::vector<TrialOrder> trials_of(const BenchRecipe& recipe, std::int64_t count, std::int64_t epochs) {
  std::vector<TrialOrder> trials(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < trials.size(); ++i) {
    trials[i].trial.value = static_cast<std::uint32_t>(i);
    trials[i].configuration.value = static_cast<std::uint32_t>(i);
    trials[i].settings = settings_of(recipe, epochs);
  }
  return trials;
}

/// Method pafo, which keeps a copy of what its first student reads.
class Recorder final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return pafo_.name(); }
  [[nodiscard]] std::string_view sentence() const override { return pafo_.sentence(); }
  [[nodiscard]] std::string_view source() const override { return pafo_.source(); }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    return pafo_.stages(settings, facts);
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& earlier,
                                             const at::TensorOptions& options) const override {
    return seen = pafo_.constants(trials, facts, earlier, options);
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& state) const override {
    return pafo_.loss(batch, constants, state);
  }
  mutable ObjectiveConstants seen;

 private:
  const TrainingObjective& pafo_ = *find_objective("pafo");
};

/// Trains the teachers and one epoch of a student, and writes the student's start and what it is drawn to.
Json write_supervision(const BenchRecipe& recipe, const TrainingSet& set) {
  const Recorder recorder;
  PackTrainingOptions options;
  options.seed = k_seed;
  options.artefact_directory = recipe.out / "artefacts";
  options.find_method = [&recorder](std::string_view name) {
    return name == recorder.name() ? &recorder : find_objective(name);
  };
  options.on_outcome = [](TrialOutcome&& outcome) { check(!outcome.failed, outcome.failure.message); };
  const TrialOrder order = trials_of(recipe, 1, 1).front();
  train_pack({order}, set, options);
  write_file(recipe.out / "coefficient.f32", recorder.seen.at("coefficient"));
  write_file(recipe.out / "label.f32", recorder.seen.at("label"));
  const RewardModel model(model_settings(order.settings), set);
  const TrialPlan plan = plan_trial(order, training_facts(set), options);
  const StageCache cache(options.artefact_directory);
  const auto pooled = cache.find(plan.stages.front().digest, model.layout().size);
  check(pooled.has_value(), "the pooled model is in the cache");
  write_start(recipe, model, pooled->parameters);
  return {{"written", true}};
}

Json train(const BenchRecipe& recipe, const TrainingSet& set, std::int64_t count, std::int64_t epochs,
           std::int64_t stack) {
  PackTrainingOptions options;
  options.seed = k_seed;
  options.trials_per_stack = stack;
  options.artefact_directory = recipe.out / "artefacts";
  std::vector<double> watched;
  std::int64_t ended = 0;
  options.on_progress = [&](const TrialProgress& progress) {
    if (progress.trial.value == 0)
      watched.push_back(progress.validation_loss);
  };
  options.on_outcome = [&ended](TrialOutcome&& outcome) {
    if (outcome.failed)
      throw InternalError("a trial of the benchmark failed: " + outcome.failure.message);
    ++ended;
  };
  const std::vector<TrialOrder> trials = trials_of(recipe, count, epochs);
  const Stopwatch watch;
  train_pack(trials, set, options);
  return {{"seconds", watch.read()}, {"watched", watched}, {"ended", ended}};
}

Json multiply(std::int64_t size, at::Device device) {
  const at::Tensor left = at::randn({size, size}, device);
  const at::Tensor right = at::randn({size, size}, device);
  at::Tensor product = at::mm(left, right);
  const auto finish = [&product] { return product.select(0, 0).sum().item<float>(); };  // waits for a device
  finish();
  const Stopwatch watch;
  at::mm_out(product, left, right);
  finish();
  return {{"seconds", watch.read()}};
}

void answer(const Json& line) {
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

void serve(const BenchRecipe& recipe) {
  use_threads(recipe.threads);
  std::filesystem::create_directories(recipe.out / "artefacts");
  TrainingSet made = data_of(recipe);
  write_files(recipe, made);
  const at::Device device(recipe.device);
  const TrainingSet set = on_device(std::move(made), device);
  answer({{"ready", true}, {"kernels", trainer_provenance()}});
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string verb;
    std::int64_t first = 0, second = 0, third = 0;
    words >> verb >> first;
    if (verb == "supervision" && recipe.method == "pafo") {
      answer(write_supervision(recipe, set));
    } else if (verb == "multiply" && first > 0) {
      answer(multiply(first, device));
    } else if (verb == "train" && words >> second >> third && first > 0 && second > 0 && third >= 0) {
      answer(train(recipe, set, first, second, third));
    } else {
      throw UserError(
          ExitCode::configuration,
          "\"" + line + "\" is no request; say \"supervision\", \"multiply N\" or \"train K EPOCHS STACK\"");
    }
  }
}

}  // namespace
}  // namespace fairsweep

int main(int argc, char** argv) {
  CLI::App app{"The trainer's side of trainer_beside_python.py", "trainer_speed_bench"};
  fairsweep::BenchRecipe recipe;
  app.add_option("--width", recipe.width, "Features and hidden units; a multiple of 32")->capture_default_str();
  app.add_option("--batch", recipe.batch, "Pairs a step")->capture_default_str();
  app.add_option("--steps", recipe.steps, "Steps an epoch")->capture_default_str();
  app.add_option("--order-epochs", recipe.order_epochs, "Epochs whose orders are written")->capture_default_str();
  app.add_option("--threads", recipe.threads, "Threads")->capture_default_str();
  app.add_option("--candidates", recipe.candidates, "Candidates with features of their own")->capture_default_str();
  app.add_option("--device", recipe.device, "Where to train")
      ->check(CLI::IsMember({"cpu", "cuda"}))
      ->capture_default_str();
  app.add_option("--method", recipe.method, "Training method")
      ->check(CLI::IsMember({"pooled", "pafo"}))
      ->capture_default_str();
  app.add_option("--out", recipe.out, "Folder for the files of the other side")->required();
  try {
    app.parse(argc, argv);
    fairsweep::serve(recipe);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "trainer_speed_bench: %s\n", error.what());
    return 2;
  }
}
