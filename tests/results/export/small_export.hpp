#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "results/export/run_export.hpp"
#include "results/store/result_file.hpp"

namespace fairsweep::test {

/// A run of three configurations x two replicates over eight people, five of the group "few" and three of "many", whose
/// accuracies the test knows: person_accuracy(). Configurations 1 (pooled) and 2 (pafo) are the front.
inline constexpr std::uint32_t k_small_people = 8;
inline constexpr std::uint32_t k_small_few = 5;

inline double person_accuracy(std::uint32_t configuration, std::uint32_t replicate, Split split, std::uint32_t person) {
  const double shift = split == Split::test ? 0.03125 : 0;
  const double taste = 0.015625 * ((person * 5 + configuration * 3) % 7);
  const double few = configuration == 2 ? 0.75 : 0.25 + 0.1875 * configuration;
  const double many = configuration == 2 ? 0.25 : 0.5 + 0.1875 * configuration;
  return (person < k_small_few ? few : many) + taste + 0.0078125 * replicate + shift;
}

inline double mean_accuracy(std::uint32_t configuration, std::uint32_t replicate, Split split, bool few) {
  double sum = 0, count = 0;
  for (std::uint32_t person = few ? 0 : k_small_few; person < (few ? k_small_few : k_small_people); ++person) {
    sum += person_accuracy(configuration, replicate, split, person);
    count += 1;
  }
  return sum / count;
}

inline RunRecord small_record() {
  RunRecord record;
  record.sweep = "small_run";
  record.configuration_digest = std::string(64, 'c');
  record.data_digest = std::string(64, 'd');
  record.data_description = R"({"users": 8, "comparisons": 16, "about": {"name": "made up", "licence": "CC0-1.0"}})";
  record.declaration = {{"use_case", "a test"}};
  record.provenance = {{"fairsweep", "0.1.0"}, {"fairsweep.commit", "abc"}};
  record.groups = {"few", "many"};
  record.objectives = {{"accuracy", "few", Direction::maximise, "share"},
                       {"accuracy", "many", Direction::maximise, "share"}};
  record.space.parameters = {
      {"method.name", Choice{{std::string("pooled"), std::string("pafo")}}, std::nullopt},
      {"training.learning_rate", LogUniform{1e-4, 1e-1, false}, std::nullopt},
      {"method.pafo.distillation", Uniform{0, 1, false}, Condition{"method.name", {std::string("pafo")}}},
  };
  record.wanted_configurations = 3;
  record.replicates = 2;
  record.configurations = {
      {{0}, {{"method.name", std::string("pooled")}, {"training.learning_rate", 3e-5}}},
      {{1}, {{"method.name", std::string("pooled")}, {"training.learning_rate", 0.05}}},
      {{2},
       {{"method.name", std::string("pafo")}, {"training.learning_rate", 0.01}, {"method.pafo.distillation", 0.5}}}};
  for (std::uint32_t id = 0; id < 6; ++id) {
    TrialRecord trial;
    trial.id.value = id;
    trial.configuration.value = id / 2;
    trial.replicate = id % 2;
    trial.state = TrialState::reported;
    trial.attempts = 1;
    trial.seconds = 1.5;
    trial.epochs = 7;
    trial.host = "node, \"one\"";
    trial.device = "cpu";
    for (const Split split : {Split::validation, Split::test}) {
      trial.metrics.push_back({"accuracy", split, "few", mean_accuracy(id / 2, id % 2, split, true), 0.01, 5, 50});
      trial.metrics.push_back({"accuracy", split, "many", mean_accuracy(id / 2, id % 2, split, false), 0, 3, 30});
    }
    trial.artefacts = {{"users", std::string(64, 'a')}};
    record.trials.push_back(std::move(trial));
  }
  record.trials[3].failures.push_back({});
  record.trials[3].failures[0].trial.value = 3;
  record.trials[3].failures[0].reason = "signal";
  record.trials[3].attempts = 2;
  record.events = {
      R"({"event":"started","time":100.0,"sweep":"small_run","configuration_digest":"","data_digest":"","groups":[],"objectives":[],"configurations":3,"replicates":2,"provenance":{},"resumed":false})",
      R"({"event":"completed","time":200.0})"};
  record.seconds = 100;
  record.complete = true;
  record.people.groups = record.groups;
  for (std::uint32_t person = 0; person < k_small_people; ++person) {
    record.people.names.push_back("person " + std::to_string(person));
    record.people.user.push_back(person);
    record.people.group.push_back(person < k_small_few ? 0 : 1);
    record.people.support.push_back(0.5);
    record.people.in_training.push_back(1);
  }
  record.people.split = {Split::train, Split::train, Split::validation, Split::test};
  return record;
}

inline std::optional<ArrayBundle> small_arrays(const TrialRecord& trial, const std::string& name) {
  if (name != "users")
    return std::nullopt;
  ArrayBundle bundle;
  for (const Split split : {Split::validation, Split::test}) {
    std::vector<double> values;
    for (std::uint32_t person = 0; person < k_small_people; ++person)
      values.push_back(person_accuracy(trial.configuration.value, trial.replicate, split, person));
    bundle.arrays[std::string(to_text(split)) + "/accuracy"] = {{values.size()}, values};
  }
  return bundle;
}

/// Written to `folder`/results.h5 and read back as the command does.
inline exports::RunExport small_export(const std::filesystem::path& folder, exports::ExportOptions options = {},
                                       const RunRecord& record = small_record()) {
  const std::filesystem::path file = folder / "results.h5";
  write_result_file(file, record, small_arrays);
  options.fairsweep_version = "0.1.0";
  return exports::gather_export(file, report::summarise_run("small_run", read_result_file(file), {}), options);
}

}  // namespace fairsweep::test
