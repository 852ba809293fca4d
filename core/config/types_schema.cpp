#include "core/config/types_schema.hpp"

#include "core/config/field_builders.hpp"

namespace fairsweep {

void add_types_options(std::vector<Field>& schema) {
  const Condition here = where("method.name", {
                                                  "types",
                                                  "max_min_types",
                                                  "average",
                                                  "max_min",
                                                  "min_max_regret",
                                              });
  schema.push_back(count_setting("method.types.number", 2, {.low = 1, .high = 64}, "types",
                                 "How many hidden types of people there are.",
                                 where("method.name", {"types", "max_min_types"})));
  schema.push_back(word_setting("method.types.assignment", {"soft", "hard"},
                                "Whether a person is of several types by their posterior, or of the likeliest alone.",
                                where("method.name", {
                                                         "types",
                                                         "average",
                                                         "max_min",
                                                         "min_max_regret",
                                                     })));
  schema.push_back(
      word_setting("method.types.search.start", {"tastes", "agreement", "random"},
                   "What people are first told apart by: clusters of what they chose by its features, clusters of who "
                   "agrees with whom on pairs that both answered, or chance.",
                   here));
  schema.push_back(count_setting("method.types.search.restarts", 3, {.low = 1, .high = 16}, "restarts",
                                 "Searches beside each other; the one under which held-out answers are likeliest is "
                                 "taken.",
                                 here));
  schema.push_back(count_setting("method.types.search.rounds", 8, {.low = 2, .high = 1000}, "rounds",
                                 "How often the models are trained anew and people assigned anew.", here));
  schema.push_back(count_setting("method.types.search.round_epochs", 10, {.low = 1, .high = 100000}, "epochs",
                                 "Passes over the training comparisons in each round, of which half train.", here));
  schema.push_back(
      word_setting("method.types.search.evidence", {"held_out", "in_sample"},
                   "Whether people are assigned by answers that the round's models were not trained on. Models that "
                   "were trained on an answer speak for whoever gave it: in_sample is there to show that.",
                   here));
  schema.push_back(number_setting("method.types.search.learning_rate", 0.02, {.low = 0, .high = 10, .low_open = true},
                                  "1/step", "Like training.learning_rate, of the search.", here));
  schema.push_back(number_setting("method.types.search.weight_decay", 0.0, {.low = 0, .high = 10}, "1/step",
                                  "Like training.weight_decay, of the search.", here));
  schema.push_back(number_setting("method.max_min_types.step_size", 0.1, {.low = 0, .high = 10}, "1/step",
                                  "How fast weight moves to the type with the highest loss; at 0 all types weigh the "
                                  "same.",
                                  where("method.name", {"max_min_types"})));
}

}  // namespace fairsweep
