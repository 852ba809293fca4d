#include "core/config/ensemble_schema.hpp"

#include "core/config/field_builders.hpp"

namespace fairsweep {
namespace {

void add_min_max_regret(std::vector<Field>& schema) {
  const Condition here = where("method.name", {"min_max_regret"});
  schema.push_back(number_setting(
      "method.min_max_regret.emphasis", 1.0, {.low = 0, .high = 1000}, "",
      "How many times the regret of one kind of people counts; that of the others counts once. The authors draw 1, 2, "
      "4 and 8.",
      here));
  schema.push_back(count_setting(
      "method.min_max_regret.emphasised", 1, {.low = 1, .high = 64}, "",
      "Which kind of people that is, counted from 1: groups in their order, hidden types by their share, the "
      "largest first.",
      here));
  schema.push_back(word_setting("method.min_max_regret.against", {"own", "best"},
                                "What a kind of people measures its regret against: the model made for it, as the "
                                "authors do, or the model that serves it best.",
                                here));
}

void add_soup(std::vector<Field>& schema) {
  const Condition here = where("method.name", {"soup"});
  schema.push_back(number_setting("method.soup.share", 0.5, {.low = 0, .high = 1}, "share",
                                  "Share of the model of the group with the fewest training people in the mean of the "
                                  "groups' models.",
                                  here));
  schema.push_back(number_setting("method.soup.second_share", 0.5, {.low = 0, .high = 1}, "share",
                                  "Of what that leaves, the share of the next smaller group's model; only with three "
                                  "groups or more.",
                                  here));
  schema.push_back(number_setting("method.soup.third_share", 0.5, {.low = 0, .high = 1}, "share",
                                  "Of what both leave, the share of the next; only with four groups or more. Further "
                                  "groups share the rest alike.",
                                  here));
  const Condition models = where("method.name", {"soup", "personal_soup"});
  schema.push_back(count_setting("method.soup.models.epochs", 30, {.low = 1, .high = 100000}, "epochs",
                                 "Like training.epochs, of the groups' models; training.epochs is of the pooled model "
                                 "they start from.",
                                 models));
  schema.push_back(number_setting("method.soup.models.learning_rate", 0.003, {.low = 0, .high = 10, .low_open = true},
                                  "1/step", "Like training.learning_rate, of the groups' models.", models));
  schema.push_back(number_setting("method.soup.models.weight_decay", 0.0, {.low = 0, .high = 10}, "1/step",
                                  "Like training.weight_decay, of the groups' models.", models));
  schema.push_back(
      number_setting("method.personal_soup.sharpness", 1.0, {.low = 0, .high = 1000}, "",
                     "How often each answer of a person counts where the weights of the groups' models are "
                     "chosen: 0 gives all people the groups' shares, 1 is Bayes' rule, and the more it is, the "
                     "nearer everybody comes to the model of one group.",
                     where("method.name", {"personal_soup"})));
}

}  // namespace

void add_ensemble_options(std::vector<Field>& schema) {
  const Condition ensembles = where("method.name", {"average", "max_min", "min_max_regret"});
  schema.push_back(
      word_setting("method.ensemble.of", {"groups", "types", "joint_likelihood"},
                   "Whose models are mixed: one of each group of the data, or one of each hidden type, found "
                   "as the method of that name finds them.",
                   ensembles));
  schema.push_back(count_setting("method.ensemble.types", 2, {.low = 1, .high = 64}, "types",
                                 "How many hidden types of people there are models of.",
                                 where("method.ensemble.of", {"types", "joint_likelihood"})));
  schema.push_back(word_setting("method.ensemble.join", {"probabilities", "scores"},
                                "What is averaged: the probabilities that the models give what a person does, or their "
                                "scores.",
                                ensembles));
  schema.push_back(word_setting("method.average.weights", {"people", "equal"},
                                "How the models are averaged: by the training people of each kind, or alike.",
                                where("method.name", {"average"})));
  add_min_max_regret(schema);
  add_soup(schema);
}

}  // namespace fairsweep
