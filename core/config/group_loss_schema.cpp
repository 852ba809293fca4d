#include "core/config/group_loss_schema.hpp"

namespace fairsweep {
namespace {

Field number(const char* path, const char* method, double fallback, Range range, const char* unit, const char* help) {
  return {.path = path,
          .kind = FieldKind::real,
          .fallback = fallback,
          .range = range,
          .unit = unit,
          .help = help,
          .tunable = true,
          .stackable = true,
          .only_with = Condition{"method.name", {method}}};
}

}  // namespace

void add_group_loss_options(std::vector<Field>& schema) {
  const Range share = {.low = 0, .high = 1};
  schema.push_back(number("method.linear.minority_weight", "linear", 0.5, share, "share",
                          "Weight of the loss of the group with the fewest users; the others have equal parts of the "
                          "rest."));
  schema.push_back(number("method.smooth_tchebycheff.minority_weight", "smooth_tchebycheff", 0.5, share, "share",
                          "Like method.linear.minority_weight, of the losses among which the largest counts."));
  schema.push_back(number("method.smooth_tchebycheff.smoothness", "smooth_tchebycheff", 0.1,
                          {.low = 0, .high = 100, .low_open = true}, "nats",
                          "How far below the largest weighted loss another still counts."));
  schema.push_back(number("method.famo.step_size", "famo", 0.025, {.low = 0, .high = 10, .low_open = true}, "1/step",
                          "Step size of the weights' own optimiser."));
  schema.push_back(number("method.famo.decay", "famo", 0.01, {.low = 0, .high = 10}, "",
                          "Pulls the weights' logits towards each other."));
  schema.push_back(
      {.path = "method.mgda.normalise",
       .kind = FieldKind::enumeration,
       .fallback = Value(std::string("length")),
       .words = {"length", "none"},
       .help = "Whether the groups' gradients are taken at unit length; as they are, the shortest decides.",
       .tunable = true,
       .only_with = Condition{"method.name", {"mgda"}}});
  schema.push_back(number("method.cagrad.radius", "cagrad", 0.5, {.low = 0, .high = 100}, "mean gradients",
                          "How far the step may be from the mean gradient: 0 is the mean, from 1 on no group is "
                          "harmed."));
  schema.push_back(number("method.nash_mtl.length", "nash_mtl", 1.0, {.low = 0, .high = 1e9, .low_open = true}, "",
                          "Greatest length of the combined gradient; the bargain itself has the square root of the "
                          "number of groups."));
  schema.push_back(number("method.epo.minority_weight", "epo", 0.5,
                          {.low = 0, .high = 1, .low_open = true, .high_open = true}, "share",
                          "The ray: losses are driven to be inversely proportional to these weights, the group with "
                          "the fewest users having this one and the others equal parts of the rest."));
}

}  // namespace fairsweep
