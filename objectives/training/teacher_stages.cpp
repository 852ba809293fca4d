#include "objectives/training/teacher_stages.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/stage_settings.hpp"

namespace fairsweep {
namespace {

/// What pooled model and teachers train with.
Settings teacher_settings(const Settings& settings) {
  static constexpr std::array<OwnSetting, 4> k_own = {
      {{"method.pafo.teacher.epochs", "training.epochs"},
       {"method.pafo.teacher.learning_rate", "training.learning_rate"},
       {"method.pafo.teacher.weight_decay", "training.weight_decay"},
       {"method.pafo.teacher.patience", "training.early_stopping.patience"}}};
  return settings_of_stage(settings, "pooled", k_own);
}

/// How every teacher begins: a copy of the pooled stage that says so.
Stage teacher_of(const Stage& pooled, const Settings& settings) {
  Stage teacher = pooled;
  if (word_is(settings, "method.pafo.teacher.start", "scratch", "pooled"))
    return teacher;
  teacher.warm_start = pooled.name;
  if (word_is(settings, "method.pafo.teacher.update", "low_rank", "dense"))
    teacher.low_rank = static_cast<std::int64_t>(number_of(settings, "method.pafo.teacher.rank"));
  return teacher;
}

}  // namespace

std::string teacher_stage(const std::string& group) { return "teacher " + group; }

std::vector<Stage> teacher_and_student_stages(std::string_view method, const Settings& settings,
                                              const TrainingFacts& facts) {
  require_groups(method, facts);
  Stage pooled;
  pooled.name = k_pooled_stage;
  pooled.objective = "pooled";
  pooled.settings = teacher_settings(settings);
  Stage student;
  student.name = "train";
  student.objective = method;
  student.settings = settings;
  student.warm_start = pooled.name;
  student.reads = {pooled.name};
  std::vector<Stage> stages = {pooled};
  const Stage any_teacher = teacher_of(pooled, settings);
  for (std::size_t g = 0; g < facts.groups.size(); ++g) {
    Stage teacher = any_teacher;
    teacher.name = teacher_stage(facts.groups[g]);
    teacher.only_group = static_cast<std::int64_t>(g);
    student.reads.push_back(teacher.name);
    stages.push_back(std::move(teacher));
  }
  stages.push_back(std::move(student));
  return stages;
}

}  // namespace fairsweep
