#include "objectives/training/teacher_scales.hpp"

#include "core/diagnostics/errors.hpp"
#include "objectives/training/fair_weights.hpp"
#include "objectives/training/margin_supervision.hpp"
#include "objectives/training/score_scale.hpp"
#include "objectives/training/teacher_stages.hpp"

namespace fairsweep {

StageSaid said_by(const StageScores& earlier, const std::string& stage, std::size_t k) {
  const auto found = earlier.find(stage);
  check(found != earlier.end(), "a method reads the scores of stage \"" + stage + "\" without saying so");
  const auto row = [k](const at::Tensor& stacked) {
    return stacked.defined() ? stacked.select(0, static_cast<std::int64_t>(k)) : at::Tensor();
  };
  const StageOutput& output = found->second;
  return {row(output.training), row(output.validation), row(output.training_contexts), row(output.validation_contexts)};
}

std::vector<StageSaid> said_by_teachers(const StageScores& earlier, const TrainingFacts& facts, std::size_t k) {
  std::vector<StageSaid> teachers;
  for (const std::string& group : facts.groups)
    teachers.push_back(said_by(earlier, teacher_stage(group), k));
  return teachers;
}

std::vector<double> teacher_scales(const TrainingFacts& facts, const std::vector<StageSaid>& teachers,
                                   bool by_temperature) {
  const ComparisonFacts& held_out = facts.validation;
  std::vector<double> scales;
  for (std::size_t g = 0; g < teachers.size(); ++g) {
    std::vector<double> only(teachers.size(), 0);
    only[g] = 1;
    const at::Tensor own = held_out.group.eq(static_cast<std::int64_t>(g));
    const at::Tensor weight = weights_by_group_and_user(held_out, own, only).to(held_out.group.device());
    const at::Tensor rows = own.nonzero().squeeze(1);
    const at::Tensor margins = margins_to_best(teachers[g].validation, held_out.present).index_select(0, rows);
    const at::Tensor present = held_out.present.index_select(0, rows);
    scales.push_back(by_temperature ? likeliest_scale(margins, present, weight.index_select(0, rows))
                                    : unit_scale(margins, present, weight.index_select(0, rows)));
  }
  return scales;
}

}  // namespace fairsweep
