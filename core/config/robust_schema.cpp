#include "core/config/robust_schema.hpp"

#include "core/config/field_builders.hpp"

namespace fairsweep {
namespace {

void add_oversampled(std::vector<Field>& schema) {
  const Condition here = where("method.name", {"oversampled"});
  schema.push_back(
      number_setting("method.oversampled.strength", 1.0, {.low = 0, .high = 1}, "",
                     "Comparisons are drawn as often as (1 / weight of their group) to this power: 0 draws all "
                     "alike, 1 every group alike.",
                     here));
  schema.push_back(word_setting("method.oversampled.by", {"group", "user"},
                                "Whose comparisons are drawn more often where there are few of them: groups' or single "
                                "people's.",
                                here));
}

void add_group_dro(std::vector<Field>& schema) {
  const Condition here = where("method.name", {"group_dro"});
  const char* rule = "method.group_dro.rule";
  schema.push_back(
      word_setting(rule, {"exponentiated_gradient", "worst_share"},
                   "How weights follow the groups' losses: step by step towards the worst group, or at once to "
                   "the worst groups that make up a share of the comparisons.",
                   here));
  schema.push_back(number_setting("method.group_dro.step_size", 0.01, {.low = 0, .high = 10, .low_open = true},
                                  "1/step", "How fast weight moves to the group with the highest loss.",
                                  where(rule, {"exponentiated_gradient"})));
  schema.push_back(
      number_setting("method.group_dro.worst_share", 0.2, {.low = 0, .high = 1, .low_open = true}, "share",
                     "Share of the training comparisons' weight that the worst groups make up; 1 is everybody.",
                     where(rule, {"worst_share"})));
  schema.push_back(number_setting("method.group_dro.averaging", 0.1, {.low = 0, .high = 1, .low_open = true}, "1/step",
                                  "Weight of the newest batch in the moving averages by which groups are ordered.",
                                  where(rule, {"worst_share"})));
  schema.push_back(
      number_setting("method.group_dro.size_adjustment", 0.0, {.low = 0, .high = 1000}, "",
                     "This over the square root of a group's comparisons is added to its loss before weights "
                     "follow it, for small groups generalise worse.",
                     here));
}

void add_reward_fairness(std::vector<Field>& schema) {
  const char* form = "method.reward_fairness.form";
  const Condition here = where("method.name", {"reward_fairness"});
  schema.push_back(word_setting(form, {"regularisation", "coefficient"},
                                "Whether the fairness of a batch is subtracted from the pooled loss or multiplies it.",
                                here));
  schema.push_back(
      number_setting("method.reward_fairness.beta", -1.0, {.low = -20, .high = 20}, "",
                     "Which fairness index is taken; -1 is Jain's. Not within 0.001 of 0 or 1, and below 1 in the "
                     "form coefficient.",
                     here));
  schema.push_back(number_setting("method.reward_fairness.weight", 0.1, {.low = 0, .high = 1000}, "",
                                  "Factor of the fairness that is subtracted.", where(form, {"regularisation"})));
  schema.push_back(number_setting("method.reward_fairness.exponent", 0.5, {.low = -10, .high = 10}, "",
                                  "Power of the fairness that multiplies; above 0, as published, evenness costs.",
                                  where(form, {"coefficient"})));
}

}  // namespace

void add_robust_options(std::vector<Field>& schema) {
  add_oversampled(schema);
  add_group_dro(schema);
  schema.push_back(
      number_setting("method.group_robust.step_size", 0.1, {.low = 0, .high = 10}, "1/step",
                     "How fast weight moves to the group with the highest loss; at 0 all groups weigh the same.",
                     where("method.name", {"group_robust"})));
  const Condition minimax = where("method.name", {"minimax_users"});
  schema.push_back(number_setting(
      "method.minimax_users.step_size", 0.01, {.low = 0, .high = 10}, "1/step",
      "How fast weight moves to the people with the highest loss; at 0 all people weigh the same.", minimax));
  schema.push_back(
      number_setting("method.minimax_users.worst_share", 0.0, {.low = 0, .high = 1}, "share",
                     "Nobody weighs more than in an even spread over this share of the people; 0 sets no limit, "
                     "1 weighs all alike.",
                     minimax));
  add_reward_fairness(schema);
}

}  // namespace fairsweep
