#include "objectives/training/soup_models.hpp"

#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

#include "objectives/training/answer_probability.hpp"
#include "objectives/training/ensemble_source.hpp"
#include "objectives/training/soup.hpp"
#include "objectives/training/stage_settings.hpp"

namespace fairsweep {
namespace {

constexpr const char* k_pooled_stage = "pooled";

/// Mean loss over people under one model, [V, n] scores.
double mean_loss(const at::Tensor& scores, const ComparisonFacts& comparisons, std::int64_t users) {
  const at::Tensor loss = log_probability_of_answers(scores, comparisons).neg().to(at::kDouble).cpu();
  const at::Tensor weight = comparisons.weight.to(at::kDouble).cpu();
  const at::Tensor user = comparisons.user.cpu();
  const at::Tensor total = at::zeros({users}, weight.options()).index_add(0, user, weight);
  const at::Tensor share = weight / total.index_select(0, user);
  return ((loss * share).sum() / share.sum()).item<double>();
}

}  // namespace

std::vector<Stage> soup_models(std::string_view asker, const Settings& settings, const TrainingFacts& facts) {
  require_groups(asker, facts);
  EnsembleModels models = ensemble_models(asker, "groups", settings, facts);
  Stage& last = models.stages.back();
  static constexpr std::array<OwnSetting, 3> k_own = {{{"method.soup.models.epochs", "training.epochs"},
                                                       {"method.soup.models.learning_rate", "training.learning_rate"},
                                                       {"method.soup.models.weight_decay", "training.weight_decay"}}};
  const Settings own = settings_of_stage(settings, last.objective, k_own);
  for (const auto& [path, value] : own)
    last.settings[path] = value;
  last.warm_start = k_pooled_stage;
  Stage pooled;
  pooled.name = k_pooled_stage;
  pooled.objective = "pooled";
  pooled.settings = settings_of_stage(settings, "pooled", {});
  Stage middle = mixing_stage(*find_objective("soup"), settings_of_stage(settings, "soup", {}), models);
  middle.name = k_middle_stage;
  middle.averages_parameters = true;
  middle.members = 1;
  for (const auto& [path, value] : equal_soup_splits(facts.groups.size()))
    middle.settings[path] = value;
  std::vector<Stage> stages = {std::move(pooled)};
  stages.insert(stages.end(), std::make_move_iterator(models.stages.begin()),
                std::make_move_iterator(models.stages.end()));
  stages.push_back(std::move(middle));
  return stages;
}

std::map<std::string, double> connectivity_notes(const TrainingFacts& facts, const StageScores& earlier) {
  const at::Tensor models = earlier.at(k_models_stage).validation.select(0, 0);
  const at::Tensor ends = models.dim() == 2 ? models.unsqueeze(0) : models;
  double mean = 0;
  for (std::int64_t model = 0; model < ends.size(0); ++model)
    mean += mean_loss(ends[model], facts.validation, facts.users) / static_cast<double>(ends.size(0));
  const double middle = mean_loss(earlier.at(k_middle_stage).validation.select(0, 0), facts.validation, facts.users);
  return {{"validation loss in the middle of the models", middle}, {"mean validation loss of the models", mean}};
}

}  // namespace fairsweep
