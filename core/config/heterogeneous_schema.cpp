#include "core/config/heterogeneous_schema.hpp"

#include "core/config/field_builders.hpp"

namespace fairsweep {

void add_heterogeneous_options(std::vector<Field>& schema) {
  const Condition first_order = where("method.name", {"first_order"});
  const Condition latent = where("method.name", {"joint_likelihood", "first_order"});
  const Condition with_shares =
      where("method.name", {"joint_likelihood", "first_order", "average", "max_min", "min_max_regret"});
  schema.push_back(
      word_setting("method.typewise_average.weights", {"people", "groups"},
                   "How the groups' models are averaged: by their shares of the training people, or equally.",
                   where("method.name", {"typewise_average"})));
  schema.push_back(count_setting("method.joint_likelihood.types", 3, {.low = 1, .high = 64}, "types",
                                 "How many latent types of people there are.", latent));
  schema.push_back(number_setting("method.joint_likelihood.weight_learning_rate", 0.01, {.low = 0, .high = 1}, "1/step",
                                  "Step size at which the shares of the latent types are learned.", with_shares));
  schema.push_back(number_setting("method.first_order.alpha", 1.0, {.low = 0, .high = 10}, "",
                                  "How much of the first-order correction is taken; 0 is plain training.",
                                  first_order));
  schema.push_back(number_setting("method.first_order.clip", 0.1, {.low = 0, .high = 1}, "probability",
                                  "The correction is cut to this size before it is multiplied by alpha.", first_order));
  schema.push_back(number_setting("method.first_order.warmup", 0.8, {.low = 0, .high = 1}, "share of steps",
                                  "First steps, which are plain training.", first_order));
  schema.push_back(
      word_setting("method.first_order.variance", {"joint_likelihood", "groups"},
                   "Whose disagreement is corrected for: of latent types, which need several comparisons of a "
                   "person, or of a model for each group.",
                   first_order));
  schema.push_back(
      count_setting("method.first_order.types.epochs", 30, {.low = 1, .high = 100000}, "epochs",
                    "Like training.epochs, of the models of the types, which trials share where these three "
                    "are equal.",
                    first_order));
  schema.push_back(number_setting("method.first_order.types.learning_rate", 0.01,
                                  {.low = 0, .high = 10, .low_open = true}, "1/step",
                                  "Like training.learning_rate, of the models of the types.", first_order));
  schema.push_back(number_setting("method.first_order.types.weight_decay", 0.0, {.low = 0, .high = 10}, "1/step",
                                  "Like training.weight_decay, of the models of the types.", first_order));
}

}  // namespace fairsweep
