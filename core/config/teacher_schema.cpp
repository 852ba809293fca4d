#include "core/config/teacher_schema.hpp"

#include "core/config/field_builders.hpp"

namespace fairsweep {
namespace {

/// How much the student follows its teachers, and what their margins become.
void add_student(std::vector<Field>& schema) {
  const Condition any = where("method.name", {"pafo", "pafo_dvao", "dvao_listwise"});
  const Condition margins = where("method.name", {"pafo", "pafo_dvao"});
  schema.push_back(number_setting("method.pafo.distillation", 0.7, {.low = 0, .high = 1}, "share",
                                  "Weight of the teachers' margins in the student's loss; the labels have the rest.",
                                  any));
  schema.push_back(
      number_setting("method.pafo.minority_share", 0.5, {.low = 0, .high = 1}, "share",
                     "Share of the teachers' weight for the group with the fewest users; the other groups have "
                     "equal parts of the rest.",
                     any));
  schema.push_back(
      word_setting("method.pafo.condition", {"group_and_correct", "group", "agreement", "soft_membership", "average"},
                   "Which margins are followed: of the teacher of the user's group where it is right, or "
                   "everywhere. For pafo alone: the mean where the teachers agree and else the own group's, "
                   "both by preference support rate, or the mean of all.",
                   margins));
  schema.push_back(
      number_setting("method.pafo.gate", 0.0, {.low = -1000, .high = 1000}, "log-odds",
                     "A teacher is right where it puts the answer that was chosen more than this above the others.",
                     where("method.pafo.condition", {"group_and_correct"})));
  schema.push_back(
      number_setting("method.pafo.softness", 0.05, {.low = 0, .high = 10, .low_open = true}, "support rate",
                     "Over how much of the preference support rate membership passes from one group to the other.",
                     where("method.pafo.condition", {"soft_membership"})));
  schema.push_back(
      word_setting("method.pafo.form", {"soft_label", "hard_label", "smooth_l1"},
                   "Distance of the student to its teacher: cross entropy to the teacher's choice as it is sure of "
                   "it, or to the choice alone (label-only distillation), or of margins.",
                   margins));
  schema.push_back(number_setting("method.pafo.temperature", 1.0, {.low = 0, .high = 100, .low_open = true}, "",
                                  "Margins of both are divided by it in the cross entropy.",
                                  where("method.pafo.form", {"soft_label"})));
}

void add_teachers(std::vector<Field>& schema) {
  const Condition any = where("method.name", {"pafo", "pafo_dvao", "dvao_listwise"});
  schema.push_back(
      count_setting("method.pafo.teacher.epochs", 30, {.low = 1, .high = 100000}, "epochs",
                    "Like training.epochs, of the pooled model and the teachers, which trials share where these "
                    "four are equal.",
                    any));
  schema.push_back(number_setting("method.pafo.teacher.learning_rate", 0.01, {.low = 0, .high = 10, .low_open = true},
                                  "1/step", "Like training.learning_rate, of the pooled model and the teachers.", any));
  schema.push_back(number_setting("method.pafo.teacher.weight_decay", 0.0, {.low = 0, .high = 10}, "1/step",
                                  "Like training.weight_decay, of the pooled model and the teachers.", any));
  schema.push_back(count_setting("method.pafo.teacher.patience", 5, {.low = 0, .high = 100000}, "epochs",
                                 "Like training.early_stopping.patience, of the pooled model and the teachers.", any));
  schema.push_back(word_setting("method.pafo.teacher.start", {"pooled", "scratch"},
                                "What a teacher starts from: the pooled model, or numbers drawn for it.", any));
  schema.push_back(word_setting("method.pafo.teacher.update", {"dense", "low_rank"},
                                "What a teacher may change of the pooled model: everything, or each weight matrix by a "
                                "product of small rank.",
                                where("method.pafo.teacher.start", {"pooled"})));
  schema.push_back(count_setting("method.pafo.teacher.rank", 4, {.low = 1, .high = 4096}, "",
                                 "Rank of that product; a matrix with a side no longer than it is trained as it is.",
                                 where("method.pafo.teacher.update", {"low_rank"})));
  schema.push_back(
      word_setting("method.pafo.scale", {"temperature", "root_mean_square"},
                   "How margins of different teachers are made comparable, on validation comparisons of their "
                   "group.",
                   where("method.name", {"pafo"})));
}

/// Whose teachers count for whom, under `method`.
void add_membership(std::vector<Field>& schema, const std::string& method, const Condition& only_with) {
  const std::string membership = method + ".membership";
  const std::string softness = method + ".softness";
  const std::string minority_weight = method + ".minority_weight";
  schema.push_back(
      word_setting(membership.c_str(), {"own_group", "soft", "of_groups", "shared"},
                   "Whose teachers a user follows: the own group's, both by preference support rate, each by "
                   "the soft membership of data.groups, or all alike.",
                   only_with));
  schema.push_back(
      number_setting(softness.c_str(), 0.05, {.low = 0, .high = 10, .low_open = true}, "support rate",
                     "Over how much of the preference support rate membership passes from one group to the other.",
                     where(membership.c_str(), {"soft"})));
  schema.push_back(
      number_setting(minority_weight.c_str(), 0.5, {.low = 0, .high = 1}, "share",
                     "Weight of the smallest group's teacher for everybody; the others have equal parts of the "
                     "rest.",
                     where(membership.c_str(), {"shared"})));
}

void add_dvao(std::vector<Field>& schema) {
  const Words rules = {"dvao", "reward_combination", "advantage_combination", "gdpo"};
  const char* const about_rules = "How the teachers' rewards of a context's candidates become one.";
  const Condition margins = where("method.name", {"pafo_dvao"});
  schema.push_back(
      word_setting("method.pafo_dvao.scale_over", {"context", "batch"},
                   "Over what a teacher's spread is taken: all candidates of a context, or the comparisons seen "
                   "so far (for contexts of two candidates).",
                   margins));
  schema.push_back(
      word_setting("method.pafo_dvao.rule", rules, about_rules, where("method.pafo_dvao.scale_over", {"context"})));
  add_membership(schema, "method.pafo_dvao", margins);
  const Condition listwise = where("method.name", {"dvao_listwise"});
  schema.push_back(word_setting("method.dvao_listwise.rule", rules, about_rules, listwise));
  add_membership(schema, "method.dvao_listwise", listwise);
  schema.push_back(number_setting(
      "method.dvao_listwise.temperature", 1.0, {.low = 0, .high = 100, .low_open = true}, "",
      "Scores are divided by it where they are taken for a policy over a context's candidates.", listwise));
  const Condition weighted = where("method.name", {"dvao_weighted"});
  schema.push_back(
      number_setting("method.dvao_weighted.minority_share", 0.5, {.low = 0, .high = 1}, "share",
                     "Share of the loss for the group with the fewest users, before it is multiplied by the "
                     "group's spread; the other groups have equal parts of the rest.",
                     weighted));
  schema.push_back(
      word_setting("method.dvao_weighted.utility", {"probability", "correct"},
                   "Whose spread within a group weighs it: of the probability that the answer beats its nearest "
                   "rival, or of whether it does.",
                   weighted));
  schema.push_back(
      number_setting("method.dvao_gradient.minority_weight", 0.5, {.low = 0, .high = 1}, "share",
                     "Weight of the gradient of the group with the fewest users; the others have equal parts of "
                     "the rest.",
                     where("method.name", {"dvao_gradient"})));
}

}  // namespace

void add_teacher_options(std::vector<Field>& schema) {
  add_student(schema);
  add_teachers(schema);
  add_dvao(schema);
}

}  // namespace fairsweep
