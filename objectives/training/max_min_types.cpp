#include "objectives/training/max_min_types.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "objectives/training/answer_probability.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/group_dro.hpp"
#include "objectives/training/robust_weights.hpp"
#include "objectives/training/stage_settings.hpp"
#include "objectives/training/type_stages.hpp"
#include "objectives/training/type_tensors.hpp"

namespace fairsweep {
namespace {

constexpr const char* k_pooled = "pooled";

/// Mean validation loss of people of each type, of their weighted means; NaN of a type nobody is of. [types]
std::vector<double> losses_by_type(const at::Tensor& scores, const TrainingFacts& facts, const at::Tensor& type,
                                   std::int64_t types) {
  const std::vector<double> log_probability = numbers_in(log_probability_of_answers(scores, facts.validation));
  const std::vector<double> weight = numbers_in(facts.validation.weight);
  const at::Tensor user = facts.validation.user.cpu().contiguous();
  std::vector<double> loss(static_cast<std::size_t>(facts.users), 0.0), total(loss.size(), 0.0);
  for (std::size_t i = 0; i < weight.size(); ++i) {
    const auto person = static_cast<std::size_t>(user.data_ptr<std::int64_t>()[i]);
    loss[person] -= weight[i] * log_probability[i];
    total[person] += weight[i];
  }
  std::vector<double> sum(static_cast<std::size_t>(types), 0.0), people(sum.size(), 0.0);
  for (std::size_t person = 0; person < loss.size(); ++person) {
    const std::int64_t own = type.data_ptr<std::int64_t>()[person];
    if (own < 0 || !(total[person] > 0))
      continue;
    sum[static_cast<std::size_t>(own)] += loss[person] / total[person];
    people[static_cast<std::size_t>(own)] += 1;
  }
  for (std::size_t one = 0; one < sum.size(); ++one)
    sum[one] = people[one] > 0 ? sum[one] / people[one] : std::numeric_limits<double>::quiet_NaN();
  return sum;
}

class MaxMinTypes final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "max_min_types"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "one model that serves the worst off of hidden types, found by hard assignment";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Chakraborty et al., MaxMin-RLHF, arXiv 2402.08925, ICML 2024, on reward models";
  }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& /*facts*/) const override {
    Settings hard = settings;
    hard["method.types.assignment"] = std::string("hard");
    const Stage search = type_search_stage(hard);
    Stage pooled;
    pooled.name = k_pooled;
    pooled.objective = "pooled";
    pooled.settings = settings_of_stage(settings, "pooled", {});
    Stage train;
    train.name = "train";
    train.objective = name();
    train.settings = settings;
    train.reads = {search.name, pooled.name};
    return {search, pooled, train};
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& earlier,
                                             const at::TensorOptions& options) const override {
    const FoundTypes found = found_types(earlier.at(k_type_search_stage).learned);
    return {{"type", types_of_people(found, facts).to(options.device())},
            {"share", found.share.to(options.device())},
            {"step_size", numbers_of(trials, "method.max_min_types.step_size", options)}};
  }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& /*facts*/,
                                             const ObjectiveConstants& constants,
                                             const at::TensorOptions& options) const override {
    return {{"q", even_weights(static_cast<std::int64_t>(trials.size()), constants.at("share").size(1), options)}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& state) const override {
    PackBatch by_type = batch;
    by_type.group = constants.at("type").gather(1, batch.user);
    const std::int64_t types = constants.at("share").size(1);
    state.at("q") = moved_weights(state.at("q"), group_mean_losses(by_type, types), constants.at("step_size"));
    return group_dro_loss(by_type, state.at("q"), types);
  }
  /// Both movements, always: what the worst off gain beside what it costs the best off.
  [[nodiscard]] std::map<std::string, double> notes(const Settings& /*settings*/, const TrainingFacts& facts,
                                                    const StageScores& earlier,
                                                    const at::Tensor& scores) const override {
    const ObjectiveState& learned = earlier.at(k_type_search_stage).learned;
    std::map<std::string, double> notes = search_notes(learned, facts);
    const FoundTypes found = found_types(learned);
    const at::Tensor type = types_of_people(found, facts).select(0, 0).cpu().contiguous();
    const std::int64_t types = found.share.size(1);
    const std::vector<double> now = losses_by_type(scores, facts, type, types);
    const std::vector<double> pooled = losses_by_type(earlier.at(k_pooled).validation.select(0, 0), facts, type, types);
    std::size_t worst = now.size(), best = now.size();
    for (std::size_t one = 0; one < now.size(); ++one) {
      if (std::isnan(pooled[one]))
        continue;
      const std::string who = "type " + std::to_string(one + 1);
      notes[who + " log loss pooled"] = pooled[one];
      notes[who + " log loss"] = now[one];
      worst = worst == now.size() || pooled[one] > pooled[worst] ? one : worst;
      best = best == now.size() || pooled[one] < pooled[best] ? one : best;
    }
    if (worst < now.size()) {
      notes["worst type's log loss against pooled"] = now[worst] - pooled[worst];
      notes["best type's log loss against pooled"] = now[best] - pooled[best];
    }
    return notes;
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_max_min_types() { return std::make_unique<MaxMinTypes>(); }

}  // namespace fairsweep
