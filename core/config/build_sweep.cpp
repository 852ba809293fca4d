#include "core/config/build_sweep.hpp"

#include <cstdint>
#include <string_view>

#include "core/config/resolved_text.hpp"
#include "core/config/schema.hpp"
#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

/// Takes fixed options out by path; one that is not active keeps the member's own default.
class Taker {
 public:
  explicit Taker(const Options& options) : options_(options) {}

  template <typename T>
  void operator()(std::string_view path, T& member) const {
    check(find_field(path) != nullptr, "an option that the schema does not have");
    const auto option = options_.find(path);
    if (option != options_.end())
      member = std::get<T>(std::get<Value>(option->second.value));
  }

  void texts(std::string_view path, std::vector<std::string>& member) const {
    check(find_field(path) != nullptr, "an option that the schema does not have");
    const auto option = options_.find(path);
    if (option != options_.end())
      member = std::get<std::vector<std::string>>(option->second.value);
  }

 private:
  const Options& options_;
};

void take_data(const Taker& take, DataSection& data) {
  take("data.file", data.file);
  GroupSettings& groups = data.groups;
  take("data.groups.by", groups.by);
  take("data.groups.attribute", groups.attribute);
  take.texts("data.groups.attributes", groups.attributes);
  take("data.groups.minimum_size", groups.minimum_size);
  take("data.groups.similarity", groups.similarity);
  take("data.groups.support_clusters", groups.support_clusters);
  take("data.groups.threshold", groups.threshold);
  take("data.groups.quantile", groups.quantile);
  take("data.groups.absolute", groups.absolute);
  take("data.groups.algorithm", groups.algorithm);
  take("data.groups.clusters", groups.clusters);
  take("data.groups.membership", groups.membership);
  take("data.groups.softness", groups.softness);
  take("data.groups.precision", groups.precision);
  take("data.split.by", data.split.by);
  take("data.split.train", data.split.train);
  take("data.split.validation", data.split.validation);
  take("data.split.test", data.split.test);
  take("data.split.history", data.split.history);
  take("data.split.few_shot", data.split.few_shot);
  take("data.split.same_text", data.split.same_text);
  take("data.split.stratified", data.split.stratified);
  take("data.split.unseen_users", data.split.unseen_users);
  take.texts("data.split.imbalance", data.split.imbalance);
  take("data.labels.policy", data.labels.policy);
  take("data.labels.least_stable", data.labels.least_stable);
  take("data.labels.prior_pairs", data.labels.prior_pairs);
  take("data.labels.ties", data.labels.ties);
}

void take_resources(const Taker& take, ResourceSection& resources) {
  take("resources.trials_per_pack", resources.trials_per_pack);
  take("resources.threads_per_trainer", resources.threads_per_trainer);
  take("resources.agents_per_device", resources.agents_per_device);
  take("resources.staging_directory", resources.staging_directory);
  take("resources.heartbeat_seconds", resources.heartbeat_seconds);
  take("resources.lease_seconds", resources.lease_seconds);
  take("resources.trial_timeout_seconds", resources.trial_timeout_seconds);
  take("resources.stop_seconds", resources.stop_seconds);
  take("resources.retries", resources.retries);
}

/// The condition of a parameter, where the field it depends on is searched too; where that is fixed, the parameter is
/// there whenever that field is.
std::optional<Condition> condition_in_space(const Field& field, const Options& options) {
  for (const Field* one = &field; one->only_with; one = find_field(one->only_with->path)) {
    const auto deciding = options.find(one->only_with->path);
    if (deciding == options.end())
      return std::nullopt;
    if (std::holds_alternative<Distribution>(deciding->second.value))
      return one->only_with;
  }
  return std::nullopt;
}

void take_settings(const Options& options, SweepConfiguration& sweep) {
  for (const Field& field : sweep_schema()) {
    const auto option = options.find(field.path);
    if (!field.tunable || option == options.end())
      continue;
    if (const auto* distribution = std::get_if<Distribution>(&option->second.value)) {
      sweep.space.parameters.push_back({field.path, *distribution, condition_in_space(field, options)});
    } else {
      sweep.settings[field.path] = std::get<Value>(option->second.value);
    }
  }
}

}  // namespace

SweepConfiguration build_sweep(const Options& options) {
  SweepConfiguration sweep;
  const Taker take(options);
  take("sweep", sweep.name);
  take("declaration.use_case", sweep.declaration.use_case);
  take("declaration.population", sweep.declaration.population);
  take("declaration.groups", sweep.declaration.groups);
  take("declaration.fairness", sweep.declaration.fairness);
  take_data(take, sweep.data);
  take_settings(options, sweep);
  for (const Record& record : std::get<std::vector<Record>>(options.at("front").value)) {
    sweep.front.push_back({record.at("metric"), record.at("each")});
  }
  take("search.strategy", sweep.search.strategy);
  take("search.configurations", sweep.search.configurations);
  take("search.grid_points", sweep.search.grid_points);
  take("search.replicates", sweep.search.replicates);
  take("search.seed", sweep.search.seed);
  if (const auto listed = options.find("search.listed"); listed != options.end())
    sweep.search.listed = std::get<std::vector<Settings>>(listed->second.value);
  take("search.first_replicate", sweep.search.first_replicate);
  take("search.confirms.run", sweep.search.confirms_run);
  take("search.confirms.digest", sweep.search.confirms_digest);
  take.texts("search.confirms.configurations", sweep.search.confirms_as);
  take("schedule.name", sweep.scheduler);
  take_resources(take, sweep.resources);
  take.texts("trainer.command", sweep.trainer_command);
  sweep.resolved = resolved_text(options);
  sweep.digest = sha256(sweep.resolved);
  for (const auto& [path, option] : options)
    sweep.origins[path] = option.origin;
  return sweep;
}

}  // namespace fairsweep
