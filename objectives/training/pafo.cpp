#include "objectives/training/pafo.hpp"

#include <string>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/margin_supervision.hpp"
#include "objectives/training/pafo_targets.hpp"
#include "objectives/training/teacher_scales.hpp"
#include "objectives/training/teacher_stages.hpp"

namespace fairsweep {

namespace {

class Pafo final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "pafo"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "one student that follows the margins of a teacher for each group (PAFO-style, reconstructed)";
  }
  [[nodiscard]] Reads reads() const override { return Reads::scores; }
  [[nodiscard]] std::string_view source() const override {
    return "PAFO-style, reconstructed from the abstract of Zhao, Ni, Zhang, Zheng, Li, Feng, arXiv 2606.07988";
  }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    std::vector<Stage> stages = teacher_and_student_stages(name(), settings, facts);
    check_pafo_condition(settings, facts);
    return stages;
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& earlier,
                                             const at::TensorOptions& options) const override {
    std::vector<at::Tensor> targets;
    for (std::size_t k = 0; k < trials.size(); ++k) {
      const std::vector<StageSaid> teachers = said_by_teachers(earlier, facts, k);
      std::vector<at::Tensor> scores;
      for (const StageSaid& teacher : teachers)
        scores.push_back(teacher.training);
      targets.push_back(
          pafo_target_margins(trials[k], facts, facts.training, scores, scales_of(trials[k], facts, teachers)));
    }
    return supervision_constants(trials, facts, targets, options);
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& /*state*/) const override {
    return supervised_loss(batch, constants);
  }
  [[nodiscard]] std::map<std::string, double> notes(const Settings& settings, const TrainingFacts& facts,
                                                    const StageScores& earlier,
                                                    const at::Tensor& scores) const override {
    const at::Tensor& present = facts.validation.present;
    const std::vector<StageSaid> teachers = said_by_teachers(earlier, facts, 0);
    std::vector<at::Tensor> said;
    for (const StageSaid& teacher : teachers)
      said.push_back(teacher.validation);
    const at::Tensor target =
        pafo_target_margins(settings, facts, facts.validation, said, scales_of(settings, facts, teachers));
    const at::Tensor pooled = said_by(earlier, std::string(k_pooled_stage), 0).validation;
    return transfer_certificate(facts, target, margins_to_best(pooled, present), margins_to_best(scores, present));
  }

 private:
  [[nodiscard]] static std::vector<double> scales_of(const Settings& settings, const TrainingFacts& facts,
                                                     const std::vector<StageSaid>& teachers) {
    return teacher_scales(facts, teachers, word_is(settings, "method.pafo.scale", "temperature", "root_mean_square"));
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_pafo() { return std::make_unique<Pafo>(); }

}  // namespace fairsweep
