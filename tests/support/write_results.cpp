// Writes a results.h5 of any size through the public writer: a sweep that never ran, whose numbers follow from its
// settings and a seed. For tests and measurements of what reads results.
//
//   write_results OUT.h5 --configurations 500 [--replicates 2] [--people 60] [--groups 3] [--workers 8] [--seed 1]
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "core/protocol/codec.hpp"
#include "core/random/philox.hpp"
#include "results/store/result_file.hpp"

namespace fairsweep {
namespace {

struct Options {
  std::string out;
  std::uint32_t configurations = 0;
  std::uint32_t replicates = 2;
  std::uint32_t people = 60;
  std::uint32_t groups = 3;
  std::uint32_t workers = 8;
  std::uint64_t seed = 1;
};

constexpr double k_start = 1790000000;
constexpr const char* k_methods[] = {"pooled", "group_dro", "pafo"};

class Sweep {
 public:
  explicit Sweep(const Options& options) : options_(options) {
    about();
    for (std::uint32_t c = 0; c < options_.configurations; ++c)
      add_configuration(c);
    run();
  }

  [[nodiscard]] const RunRecord& record() const { return record_; }

  /// People with an odd number are of validation, the others of test.
  [[nodiscard]] ArrayBundle users(const TrialRecord& trial) const {
    RandomStream random(options_.seed, trial.configuration.value, trial.replicate, Purpose::generator_users);
    std::vector<float> validation(options_.people, std::numeric_limits<float>::quiet_NaN()), test = validation;
    for (std::uint32_t person = 0; person < options_.people; ++person) {
      const double mean = truth(trial.configuration.value, static_cast<std::uint32_t>(group_of(person))) +
                          0.15 * (record_.people.support[person] - 0.6);
      const double value = std::round(std::clamp(mean + 0.08 * random.normal(), 0.0, 1.0) * 40) / 40;
      (person % 2 == 1 ? validation : test)[person] = static_cast<float>(value);
    }
    ArrayBundle bundle;
    bundle.arrays["validation/accuracy"] = {{options_.people}, std::move(validation)};
    bundle.arrays["test/accuracy"] = {{options_.people}, std::move(test)};
    return bundle;
  }

 private:
  [[nodiscard]] std::int32_t group_of(std::uint32_t person) const {
    return static_cast<std::int32_t>(person / 2 % options_.groups);
  }

  /// What the settings of a configuration make of a group's accuracy: groups pull apart along `strength`, and a
  /// learning rate near 3e-3 is best for all.
  [[nodiscard]] double truth(std::uint32_t configuration, std::uint32_t group) const {
    const Settings& settings = record_.configurations[configuration].values;
    const double rate = std::log10(std::get<double>(settings.at("training.learning_rate"))) + 2.5;
    const auto strength = settings.find("method.strength");
    const double pull = strength == settings.end() ? 0.05 : std::get<double>(strength->second);
    const double place = options_.groups > 1 ? static_cast<double>(group) / (options_.groups - 1) : 0.0;
    return 0.72 - 0.06 * rate * rate - 0.3 * (pull - place) * (pull - place);
  }

  void about() {
    record_.sweep = "synthetic";
    record_.resolved_configuration = "sweep: synthetic\n";
    record_.configuration_digest = std::string(64, 'c');
    record_.data_digest = std::string(64, 'd');
    record_.declaration = {{"use_case", "a file of this size, to be read"},
                           {"population", "nobody"},
                           {"groups", "by number"},
                           {"fairness", "pareto"}};
    record_.provenance = {{"fairsweep", "synthetic"}, {"host", "none"}};
    for (std::uint32_t group = 0; group < options_.groups; ++group) {
      record_.groups.push_back("group " + std::to_string(group + 1));
      record_.objectives.push_back({"accuracy", record_.groups.back(), Direction::maximise, "share"});
    }
    record_.space.parameters = {
        {"method.name", Choice{{std::string("pooled"), std::string("group_dro"), std::string("pafo")}}, std::nullopt},
        {"method.strength", Uniform{0, 1, false},
         Condition{"method.name", {std::string("group_dro"), std::string("pafo")}}},
        {"model.width", Choice{{std::int64_t{16}, std::int64_t{64}}}, std::nullopt},
        {"training.learning_rate", LogUniform{1e-4, 1e-1, false}, std::nullopt},
        {"training.weight_decay", Uniform{0, 0.1, false}, std::nullopt}};
    record_.wanted_configurations = options_.configurations;
    record_.replicates = options_.replicates;
    record_.complete = true;
    record_.started = k_start;
    People& people = record_.people;
    people.groups = record_.groups;
    RandomStream random(options_.seed, 0, 0, Purpose::groups);
    for (std::uint32_t person = 0; person < options_.people; ++person) {
      people.names.push_back("person " + std::to_string(person));
      people.user.push_back(person);
      people.group.push_back(group_of(person));
      people.support.push_back(0.35 + 0.5 * random.uniform());
      people.in_training.push_back(person % 4 < 2 ? 1 : 0);
    }
  }

  void add_configuration(std::uint32_t id) {
    RandomStream random(options_.seed, id, 0, Purpose::search);
    Configuration configuration;
    configuration.id.value = id;
    const std::string method = k_methods[random.below(3)];
    configuration.values["method.name"] = method;
    if (method != "pooled")
      configuration.values["method.strength"] = random.uniform();
    configuration.values["model.width"] = std::int64_t{random.below(2) == 0 ? 16 : 64};
    configuration.values["training.learning_rate"] = std::pow(10, -4 + 3 * random.uniform());
    configuration.values["training.weight_decay"] = 0.1 * random.uniform();
    record_.configurations.push_back(std::move(configuration));
  }

  void say(const Event& event) { record_.events.push_back(to_json(event)); }

  void run() {
    events::Started started;
    started.time = k_start;
    started.sweep = record_.sweep;
    started.objectives = record_.objectives;
    started.groups = record_.groups;
    started.configurations = options_.configurations;
    started.replicates = options_.replicates;
    say(started);
    std::vector<double> free_at(options_.workers, k_start + 1);
    for (const Configuration& configuration : record_.configurations) {
      say(events::Suggested{free_at.front(), configuration});
      for (std::uint32_t replicate = 0; replicate < options_.replicates; ++replicate)
        add_trial(configuration, replicate, free_at);
    }
    const double end = std::ranges::max(free_at);
    say(events::Completed{end});
    record_.seconds = end - k_start;
  }

  void add_trial(const Configuration& configuration, std::uint32_t replicate, std::vector<double>& free_at) {
    RandomStream random(options_.seed, configuration.id.value, replicate, Purpose::generator_labels);
    TrialRecord trial;
    trial.configuration = configuration.id;
    trial.replicate = replicate;
    trial.id.value = configuration.id.value * options_.replicates + replicate;
    trial.epochs = 20;
    trial.device = "cpu";
    bool failed = false;
    do {
      const auto worker = static_cast<std::size_t>(std::ranges::min_element(free_at) - free_at.begin());
      trial.worker = static_cast<std::uint32_t>(worker + 1);
      trial.host = "node-" + std::to_string(worker / 4);
      trial.seconds = 2 + 3 * random.uniform();
      const LeaseId lease{++leases_};
      say(events::Assigned{free_at[worker], lease, trial.worker, trial.host, {trial.id}});
      free_at[worker] += trial.seconds;
      ++trial.attempts;
      failed = random.uniform() < 0.02;
      if (failed) {
        trial.failures.push_back(failure_of(trial, random));
        say(events::Failed{free_at[worker], lease, trial.failures.back()});
        continue;
      }
      trial.state = TrialState::reported;
      trial.artefacts = {{"users", std::string(64, 'a')}};
      measure(trial, random);
      say(events::Reported{
          free_at[worker], lease, {trial.id, trial.epochs, trial.seconds, trial.device, trial.metrics, {}, {}}});
    } while (failed && trial.attempts < 3);
    if (failed)
      trial.state = TrialState::failed;
    record_.trials.push_back(std::move(trial));
  }

  static TrialFailure failure_of(const TrialRecord& trial, RandomStream& random) {
    TrialFailure failure;
    failure.trial = trial.id;
    failure.stage = "training";
    const bool killed = random.below(2) == 0;
    failure.reason = killed ? "signal" : "non_finite_loss";
    failure.signal = killed ? 9 : 0;
    failure.message = killed ? "the trainer died of signal 9 (Killed)" : "the loss is no finite number any more";
    failure.log_tail = "the last line of the trainer's log";
    return failure;
  }

  void measure(TrialRecord& trial, RandomStream& random) const {
    const auto per_group = options_.people / 2 / options_.groups;
    for (const Split split : {Split::validation, Split::test}) {
      double sum = 0;
      for (std::uint32_t group = 0; group < options_.groups; ++group) {
        const double value = truth(trial.configuration.value, group) + 0.012 * random.normal();
        sum += value;
        trial.metrics.push_back({"accuracy", split, record_.groups[group], value, 0.02, per_group, 40ULL * per_group});
      }
      trial.metrics.push_back(
          {"accuracy", split, "", sum / options_.groups, 0.01, options_.people / 2, 20ULL * options_.people});
    }
  }

  Options options_;
  RunRecord record_;
  std::uint64_t leases_ = 0;
};

int write(const Options& options) {
  const Sweep sweep(options);
  const auto begin = std::chrono::steady_clock::now();
  write_result_file(options.out, sweep.record(),
                    [&](const TrialRecord& trial, const std::string& name) -> std::optional<ArrayBundle> {
                      if (name != "users" || trial.state != TrialState::reported)
                        return std::nullopt;
                      return sweep.users(trial);
                    });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::cout << sweep.record().trials.size() << " trials written in " << took.count() << " s\n";
  return 0;
}

}  // namespace
}  // namespace fairsweep

int main(int argc, char** argv) {
  fairsweep::Options options;
  CLI::App app{"Writes a results.h5 of a sweep that never ran"};
  app.add_option("OUT", options.out, "the file")->required();
  app.add_option("--configurations", options.configurations)->required()->check(CLI::PositiveNumber);
  app.add_option("--replicates", options.replicates)->check(CLI::PositiveNumber);
  app.add_option("--people", options.people)->check(CLI::Range(4U, 1000000U));
  app.add_option("--groups", options.groups)->check(CLI::PositiveNumber);
  app.add_option("--workers", options.workers)->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed);
  try {
    app.parse(argc, argv);
    return fairsweep::write(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::cerr << "write_results: " << error.what() << '\n';
    return 1;
  }
}
