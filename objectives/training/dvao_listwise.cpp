#include "objectives/training/dvao_listwise.hpp"

#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/combine_rule.hpp"
#include "objectives/training/context_advantages.hpp"
#include "objectives/training/context_columns.hpp"
#include "objectives/training/distillation_mix.hpp"
#include "objectives/training/group_membership.hpp"
#include "objectives/training/teacher_scales.hpp"
#include "objectives/training/teacher_stages.hpp"

namespace fairsweep {

at::Tensor negative_expected_advantage(const at::Tensor& scores, const at::Tensor& advantage,
                                       const at::Tensor& temperature, const at::Tensor& absent) {
  at::Tensor logits = scores / temperature.view({-1, 1, 1});
  if (absent.defined())
    logits = logits.masked_fill(absent, -HUGE_VAL);
  const at::Tensor policy = (logits - at::logsumexp(logits, 1, true)).exp();
  return (policy * advantage).sum(1).neg();
}

namespace {

constexpr std::string_view k_options = "method.dvao_listwise";

/// Advantages of one trial in the order of the steps' columns, [n + e, M] double.
at::Tensor advantages_of(const Settings& settings, const TrainingFacts& facts, const StageScores& earlier,
                         std::size_t k, const ContextColumns& columns) {
  const std::vector<StageSaid> teachers = said_by_teachers(earlier, facts, k);
  std::vector<at::Tensor> scores;
  scores.reserve(teachers.size());
  for (const StageSaid& teacher : teachers)
    scores.push_back(teacher.training_contexts);
  const at::Tensor rewards = context_rewards(facts.training, scores, teacher_scales(facts, teachers, true));
  const at::Tensor advantage =
      context_advantages(combine_rule_named(word_of(settings, "method.dvao_listwise.rule")), facts.training, rewards,
                         group_membership(k_options, settings, facts, facts.training));
  return (advantage.gather(1, columns.place) * columns.real).transpose(0, 1).contiguous();
}

class DvaoListwise final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "dvao_listwise"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "a policy over each context's candidates that follows DVAO's advantages of the teachers (PAFO-style, "
           "reconstructed; our adaptation)";
  }
  [[nodiscard]] Reads reads() const override { return Reads::scores; }
  [[nodiscard]] std::string_view source() const override {
    return "the objective of Jiang et al., DVAO, arXiv 2605.25604, with all candidates enumerated and the teachers of "
           "PAFO-style training, reconstructed from the abstract of arXiv 2606.07988, for rewards";
  }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    std::vector<Stage> stages = teacher_and_student_stages(name(), settings, facts);
    stages.back().reads_contexts = true;
    stages.back().trains_on_contexts = true;
    (void)group_membership(k_options, settings, facts, facts.validation);  // refuses before training
    return stages;
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& earlier,
                                             const at::TensorOptions& options) const override {
    const ComparisonFacts& training = facts.training;
    const ContextColumns columns = context_columns(training.present, training.context_place, training.context_size);
    const auto count = static_cast<std::int64_t>(trials.size());
    std::vector<at::Tensor> advantages;
    advantages.reserve(trials.size());
    for (std::size_t k = 0; k < trials.size(); ++k)
      advantages.push_back(advantages_of(trials[k], facts, earlier, k, columns));
    const at::Tensor everybody = at::ones({facts.comparisons}, at::kBool);
    ObjectiveConstants constants =
        mix_constants(trials, facts, std::vector<at::Tensor>(trials.size(), everybody), options);
    constants["advantage"] =
        at::stack(advantages).to(options.device(), c10::typeMetaToScalarType(options.dtype()));  // [K, n + e, M]
    constants["temperature"] = numbers_of(trials, "method.dvao_listwise.temperature", options);
    const at::Tensor absent = columns.real.logical_not().transpose(0, 1).contiguous();
    if (absent.any().item<bool>())
      constants["absent"] = absent.unsqueeze(0).expand({count, -1, -1});  // [K, n + e, M]
    return constants;
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& /*state*/) const override {
    const auto absent = constants.find("absent");
    return mixed_loss(
        batch, constants,
        negative_expected_advantage(batch.scores.transpose(1, 2), at_comparisons(constants.at("advantage"), batch),
                                    constants.at("temperature"),
                                    absent == constants.end() ? at::Tensor() : at_comparisons(absent->second, batch)));
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_dvao_listwise() { return std::make_unique<DvaoListwise>(); }

}  // namespace fairsweep
