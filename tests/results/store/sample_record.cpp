#include "tests/results/store/sample_record.hpp"

#include <limits>
#include <random>

namespace fairsweep::test {
namespace {

MetricValue metric(const char* name, Split split, const char* group, double value, std::uint32_t users) {
  return {name, split, group, value, value / 100, users, users * 9ULL};
}

TrialRecord trial(std::uint32_t id, std::uint32_t replicates, TrialState state) {
  TrialRecord record;
  record.id.value = id;
  record.configuration.value = id / replicates;
  record.replicate = id % replicates;
  record.state = state;
  return record;
}

TrialRecord reported(std::uint32_t id, double few, double many) {
  TrialRecord record = trial(id, 2, TrialState::reported);
  record.attempts = 1;
  record.seconds = 1.5 + id;
  record.epochs = 20 + id;
  record.worker = 1 + id % 3;
  record.host = "node-" + std::to_string(id % 2);
  record.device = "cpu";
  for (const Split split : {Split::validation, Split::test}) {
    const double shift = split == Split::test ? -0.015625 : 0;
    record.metrics.push_back(metric("accuracy", split, "", (few + many) / 2 + shift, 30));
    record.metrics.push_back(metric("accuracy", split, "few", few + shift, 10));
    record.metrics.push_back(metric("accuracy", split, "many", many + shift, 20));
    record.metrics.push_back(metric("log_loss", split, "few", 1.1 - few, 10));
    record.metrics.push_back(metric("log_loss", split, "many", 1.1 - many, 20));
  }
  if (id % 2 == 0)
    record.notes = {{"certificate", 1}, {"teacher_gain few", -0.0625 * id}};
  if (id % 3 == 0)
    record.words = {{"trained", "nothing"}, {"mixes", "few " + std::to_string(id)}};
  record.artefacts = {{"users", std::string(64, static_cast<char>('a' + id))},
                      {"margins", std::string(64, static_cast<char>('0' + id))}};
  return record;
}

SearchSpace sample_space() {
  SearchSpace space;
  space.parameters = {
      {"method.name", Choice{{std::string("pooled"), std::string("group_dro")}}, std::nullopt},
      {"method.group_dro.step_size", LogUniform{1e-3, 1.0, false},
       Condition{"method.name", {std::string("group_dro")}}},
      {"model.width", LogUniform{8, 128, true}, std::nullopt},
      {"model.bias", Choice{{true, false}}, Condition{"model.width", {std::int64_t{8}, std::int64_t{16}}}},
      {"training.clip", Choice{{std::int64_t{1}, 1.0, std::string("none"), false}}, std::nullopt},
      {"training.weight_decay", Uniform{0, 0.1, false}, Condition{"model.bias", {true}}},
  };
  return space;
}

TrialFailure sample_failure() {
  TrialFailure failure;
  failure.trial.value = 5;
  failure.stage = "training";
  failure.reason = "signal";
  failure.message = "the trainer died of signal 11 (Segmentation fault)";
  failure.signal = 11;
  failure.exit_code = -1;
  failure.log_tail = std::string("last words\n\xff\xfe and a \0 in the middle", 34);
  return failure;
}

}  // namespace

RunRecord sample_record() {
  RunRecord record;
  record.sweep = "sample";
  record.resolved_configuration =
      "sweep: sample\n# Gr\xC3\xBC\xC3\x9F"
      "e\n";
  record.configuration_digest = std::string(64, 'c');
  record.data_digest = std::string(64, 'd');
  record.data_description = "{\n  \"users\": 30\n}";
  record.declaration = {
      {"use_case", "a test"}, {"population", "nobody"}, {"groups", "few and many"}, {"fairness", "pareto"}};
  record.provenance = {{"compiler", "none"}, {"flags", ""}};
  record.groups = {"few", "many"};
  record.objectives = {{"accuracy", "few", Direction::maximise, "share"},
                       {"log_loss", "many", Direction::minimise, "nat"}};
  record.space = sample_space();
  record.wanted_configurations = 5;
  record.replicates = 2;
  record.configurations = {
      {{0},
       {{"method.name", std::string("pooled")},
        {"model.width", std::int64_t{8}},
        {"model.bias", true},
        {"training.clip", 1.0},
        {"training.weight_decay", 0.1}}},
      {{1},
       {{"method.name", std::string("group_dro")},
        {"method.group_dro.step_size", 0.30000000000000004},
        {"model.width", std::int64_t{100}},
        {"training.clip", std::int64_t{1}}}},
      {{2},
       {{"method.name", std::string("pooled")},
        {"model.width", std::int64_t{16}},
        {"model.bias", false},
        {"training.clip", std::string("none")}}},
      {{3}, {{"method.name", std::string("pooled")}, {"model.width", std::int64_t{128}}, {"training.clip", false}}},
  };
  // 0 and 1 are the front, 2 is dominated, 3 is unfinished: one failed, one running.
  record.trials = {reported(0, 0.75, 0.5),           reported(1, 0.75, 0.5625),       reported(2, 0.5, 0.875),
                   reported(3, 0.625, 0.75),         reported(4, 0.5, 0.25),          trial(5, 2, TrialState::failed),
                   trial(6, 2, TrialState::running), trial(7, 2, TrialState::pending)};
  record.trials[5].attempts = 3;
  record.trials[5].host = "node-1";
  record.trials[5].failures = {sample_failure(), sample_failure()};
  record.trials[5].failures[1].reason = "exit";
  record.trials[5].failures[1].retryable = false;
  record.trials[5].failures[1].log_tail.clear();
  record.trials[6].attempts = 1;
  record.trials[4].metrics.pop_back();  // log-loss of "many" on test
  record.trials[3].metrics[3].standard_error = 0;
  record.events = {R"({"event":"started"})", R"({"event":"completed"})"};
  record.started = 1790000000.25;
  record.seconds = 12.5;
  return record;
}

People sample_people() {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  People people;
  people.groups = {"few", "many"};
  people.names = {"ann [same]", "ann [opposite]", "bé", "cy", "dee"};
  people.user = {0, 0, 1, 2, 3};
  people.group = {0, 1, 1, 1, -1};
  people.membership = {0.75, 0.25, 0.5, 0.5, 0, 1, 0.125, 0.875, nan, nan};
  people.support = {0.25, 0.5, 0.75, 1, nan};
  people.in_training = {1, 1, 1, 0, 0};
  people.split = {Split::train, Split::train, Split::unused, Split::validation, Split::test, Split::history};
  people.person = {0, 1, 2, 3, 4, 4};
  people.how = {{"threshold of the support rate", "0.375"}};
  return people;
}

std::optional<ArrayBundle> sample_arrays(const TrialRecord& trial, const std::string& name) {
  if (trial.artefacts.empty())
    return std::nullopt;
  const double id = trial.id.value;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  ArrayBundle bundle;
  if (name == "users") {
    bundle.arrays["validation/accuracy"] = {{5}, std::vector<double>{nan, 0.5, id, nan, nan}};
    bundle.arrays["validation/log_loss"] = {{5}, std::vector<double>{nan, 0.25, id / 10, nan, nan}};
    bundle.arrays["test/accuracy"] = {{5}, std::vector<double>{id + 0.5, nan, nan, nan, 1.0}};
  } else if (name == "margins") {
    const float margin = static_cast<float>(id) - 2.5F;
    bundle.arrays["validation/margin"] = {{3}, std::vector<float>{margin, 0.5F, -0.5F}};
    bundle.arrays["validation/log_probability"] = {{3}, std::vector<float>{-0.1F, -0.2F, -0.3F}};
    bundle.arrays["validation/comparison"] = {{3}, std::vector<std::int64_t>{4, 11, 7}};
    bundle.arrays["test/margin"] = {{2}, std::vector<float>{2.0F, margin}};
    bundle.arrays["test/log_probability"] = {{2}, std::vector<float>{-0.5F, -0.75F}};
    bundle.arrays["test/comparison"] = {{2}, std::vector<std::int32_t>{1, 2}};
  } else {
    return std::nullopt;
  }
  return bundle;
}

RunRecord random_record(std::uint32_t configurations, std::uint32_t replicates, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::uniform_real_distribution<double> uniform(0.4, 0.9);
  RunRecord record;
  record.sweep = "random";
  record.configuration_digest = std::string(64, 'c');
  record.groups = {"few", "many"};
  record.objectives = {{"accuracy", "few", Direction::maximise, "share"},
                       {"accuracy", "many", Direction::maximise, "share"}};
  record.space.parameters = {{"training.learning_rate", LogUniform{1e-4, 1e-1, false}, std::nullopt}};
  record.wanted_configurations = configurations;
  record.replicates = replicates;
  record.complete = true;
  for (std::uint32_t c = 0; c < configurations; ++c) {
    record.configurations.push_back({{c}, {{"training.learning_rate", uniform(generator)}}});
    for (std::uint32_t r = 0; r < replicates; ++r) {
      TrialRecord one = trial(c * replicates + r, replicates, TrialState::reported);
      one.attempts = 1;
      one.host = "node";
      one.device = "cpu";
      for (const Split split : {Split::validation, Split::test}) {
        for (const char* name : {"accuracy", "log_loss"}) {
          for (const char* group : {"", "few", "many"})
            one.metrics.push_back(metric(name, split, group, uniform(generator), 50));
        }
      }
      record.trials.push_back(std::move(one));
    }
  }
  return record;
}

}  // namespace fairsweep::test
