#include "core/config/group_loss_schema.hpp"

#include "core/config/field_builders.hpp"

namespace fairsweep {
void add_group_loss_options(std::vector<Field>& schema) {
  const Range share = {.low = 0, .high = 1};
  schema.push_back(
      number_setting("method.linear.minority_weight", 0.5, share, "share",
                     "Weight of the loss of the group with the fewest users; the others have equal parts of the "
                     "rest.",
                     where("method.name", {"linear"})));
  schema.push_back(number_setting("method.smooth_tchebycheff.minority_weight", 0.5, share, "share",
                                  "Like method.linear.minority_weight, of the losses among which the largest counts.",
                                  where("method.name", {"smooth_tchebycheff"})));
  schema.push_back(number_setting(
      "method.smooth_tchebycheff.smoothness", 0.1, {.low = 0, .high = 100, .low_open = true}, "nats",
      "How far below the largest weighted loss another still counts.", where("method.name", {"smooth_tchebycheff"})));
  schema.push_back(number_setting("method.famo.step_size", 0.025, {.low = 0, .high = 10, .low_open = true}, "1/step",
                                  "Step size of the weights' own optimiser.", where("method.name", {"famo"})));
  schema.push_back(number_setting("method.famo.decay", 0.01, {.low = 0, .high = 10}, "",
                                  "Pulls the weights' logits towards each other.", where("method.name", {"famo"})));
  schema.push_back(word_setting("method.mgda.normalise", {"length", "none"},
                                "Whether the groups' gradients are taken at unit length; as they are, the shortest "
                                "decides.",
                                where("method.name", {"mgda"})));
  schema.push_back(
      number_setting("method.cagrad.radius", 0.5, {.low = 0, .high = 100}, "mean gradients",
                     "How far the step may be from the mean gradient: 0 is the mean, from 1 on no group is "
                     "harmed.",
                     where("method.name", {"cagrad"})));
  schema.push_back(
      number_setting("method.nash_mtl.length", 1.0, {.low = 0, .high = 1e9, .low_open = true}, "",
                     "Greatest length of the combined gradient; the bargain itself has the square root of the "
                     "number of groups.",
                     where("method.name", {"nash_mtl"})));
  schema.push_back(number_setting(
      "method.epo.minority_weight", 0.5, {.low = 0, .high = 1, .low_open = true, .high_open = true}, "share",
      "The ray: losses are driven to be inversely proportional to these weights, the group with "
      "the fewest users having this one and the others equal parts of the rest.",
      where("method.name", {"epo"})));
}

}  // namespace fairsweep
