#include "objectives/training/ensemble_source.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/answer_probability.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/stage_settings.hpp"
#include "objectives/training/type_tensors.hpp"

namespace fairsweep {
namespace {

/// The method whose last stage trains the models.
struct Source {
  std::string_view of;  ///< as configurations name it
  const char* method;   ///< in the catalogue
  const char* number;  ///< its setting for how many hidden types there are; null: kinds of people are the data's groups
  [[nodiscard]] bool is_groups() const { return number == nullptr; }
};

constexpr Source k_sources[] = {{"groups", "typewise_average", nullptr},
                                {"types", "types", "method.types.number"},
                                {"joint_likelihood", "joint_likelihood", "method.joint_likelihood.types"}};

const Source& source_named(std::string_view of) {
  for (const Source& source : k_sources) {
    if (source.of == of)
      return source;
  }
  throw UserError(ExitCode::configuration,
                  "there are no models of \"" + std::string(of) + "\" to mix; write groups, types or joint_likelihood");
}

/// Settings of the stages that train the models: the trial's, with those that the source's method has of its own.
Settings models_settings(const Settings& trial, const Source& source) {
  Settings settings = settings_of_stage(trial, source.method, {});
  const std::string own = std::string("method.") + source.method + ".";
  for (const auto& [path, value] : trial) {
    if (path.starts_with(own))
      settings[path] = value;
  }
  if (source.is_groups())
    settings["method.typewise_average.weights"] = std::string("people");
  else
    settings[source.number] = static_cast<std::int64_t>(number_of(trial, "method.ensemble.types"));
  return settings;
}

void require_validation(std::string_view asker, const TrainingFacts& facts, bool of_groups) {
  const at::Tensor group = facts.validation.group.cpu();
  if (group.numel() == 0) {
    throw UserError(ExitCode::configuration, "method " + std::string(asker) +
                                                 " weighs models by validation comparisons, and there are none; give "
                                                 "data.split.validation a share");
  }
  for (std::size_t g = 0; of_groups && g < facts.groups.size(); ++g) {
    if (!group.eq(static_cast<std::int64_t>(g)).any().item<bool>()) {
      throw UserError(ExitCode::configuration,
                      "group \"" + facts.groups[g] + "\" has no validation comparisons, by which method " +
                          std::string(asker) + " weighs models; use another split, grouping or method");
    }
  }
}

/// Weights of the validation answers that make all people weigh the same, [V] double.
at::Tensor weight_by_person(const ComparisonFacts& comparisons, std::int64_t users) {
  const at::Tensor weight = comparisons.weight.to(at::kDouble).cpu();
  const at::Tensor user = comparisons.user.cpu();
  const at::Tensor total = at::zeros({users}, weight.options()).index_add(0, user, weight);
  return weight / total.index_select(0, user);
}

at::Tensor log_likelihoods(const at::Tensor& scores, std::int64_t k, const ComparisonFacts& comparisons) {
  const at::Tensor own = scores.select(0, k);
  return log_probability_of_answers(own.dim() == 2 ? own.unsqueeze(0) : own, comparisons).to(at::kDouble).cpu();
}

}  // namespace

EnsembleModels ensemble_models(std::string_view asker, std::string_view of, const Settings& settings,
                               const TrainingFacts& facts) {
  const Source& source = source_named(of);
  if (source.is_groups())
    require_groups(asker, facts);
  require_validation(asker, facts, source.is_groups());
  EnsembleModels models;
  models.stages = find_objective(source.method)->stages(models_settings(settings, source), facts);
  models.stages.back().name = k_models_stage;
  if (source.is_groups()) {
    models.names = facts.groups;
  } else {
    for (std::int64_t type = 1; type <= models.stages.back().members; ++type)
      models.names.push_back("type " + std::to_string(type));
  }
  return models;
}

Stage mixing_stage(const TrainingObjective& method, const Settings& settings, const EnsembleModels& models) {
  Stage stage;
  stage.name = "mix";
  stage.objective = std::string(method.name());
  stage.settings = settings;
  stage.warm_start = k_models_stage;
  stage.reads = {k_models_stage};
  stage.trains_nothing = true;
  stage.members = models.stages.back().members;
  return stage;
}

at::Tensor log_posterior_without_answer(const at::Tensor& share, const at::Tensor& training,
                                        const at::Tensor& training_user, const at::Tensor& validation,
                                        const at::Tensor& validation_user, std::int64_t users) {
  const at::Tensor all = at::zeros({share.size(0), users}, validation.options())
                             .index_add(1, training_user, training)
                             .index_add(1, validation_user, validation);
  return share.log().unsqueeze(-1) + all.index_select(1, validation_user) - validation;
}

std::vector<double> shares_of_group_users(const TrainingFacts& facts) {
  double all = 0;
  for (const std::int64_t users : facts.group_users)
    all += static_cast<double>(users);
  std::vector<double> shares;
  shares.reserve(facts.group_users.size());
  for (const std::int64_t users : facts.group_users)
    shares.push_back(static_cast<double>(users) / all);
  return shares;
}

at::Tensor weight_of_trained(const at::Tensor& weight, const TrainingFacts& facts) {
  const at::Tensor exact = weight.to(at::kDouble).cpu();
  if (exact.dim() == 1)
    return exact;
  const at::Tensor trained = at::bincount(facts.training.user.cpu(), {}, facts.users).gt(0);
  return exact.index_select(1, trained.nonzero().squeeze(-1)).mean(1);
}

EnsembleFacts ensemble_facts(std::string_view of, const TrainingFacts& facts, const StageOutput& models,
                             std::int64_t k) {
  const Source& source = source_named(of);
  const at::Tensor likelihood = log_likelihoods(models.validation, k, facts.validation);  // [L, V]
  const std::int64_t members = likelihood.size(0);
  at::Tensor belongs;  // [L, V]
  std::vector<double> share;
  if (source.is_groups()) {
    const at::Tensor codes = at::arange(members, at::kLong).unsqueeze(-1);
    belongs = facts.validation.group.cpu().unsqueeze(0).eq(codes).to(at::kDouble);
    share = shares_of_group_users(facts);
  } else {
    ObjectiveState learned;
    for (const auto& [name, values] : models.learned)
      learned[name] = values.narrow(0, k, 1);
    const at::Tensor prior =
        find_objective(source.method)->member_weights(1, members, learned, models.validation.options());
    const at::Tensor share_of_types = weight_of_trained(prior.select(0, 0), facts);
    share = numbers_in(share_of_types);
    belongs =
        log_posterior_without_answer(share_of_types, log_likelihoods(models.training, k, facts.training),
                                     facts.training.user.cpu(), likelihood, facts.validation.user.cpu(), facts.users)
            .softmax(0);
  }
  at::Tensor weight = belongs * weight_by_person(facts.validation, facts.users);
  weight = weight / weight.sum(-1, true);
  std::vector<double> worth;
  worth.reserve(static_cast<std::size_t>(members * members));
  for (std::int64_t kind = 0; kind < members; ++kind) {
    const std::vector<double> row = numbers_in((likelihood * weight[kind]).sum(-1));
    worth.insert(worth.end(), row.begin(), row.end());
  }
  std::vector<std::size_t> order(share.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!source.is_groups())
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return share[a] > share[b]; });
  return {likelihood.neg(), weight, ValueTable(static_cast<std::size_t>(members), std::move(worth)), std::move(share),
          std::move(order)};
}

}  // namespace fairsweep
