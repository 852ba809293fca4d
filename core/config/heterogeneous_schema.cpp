#include "core/config/heterogeneous_schema.hpp"

#include <cstdint>
#include <string>

namespace fairsweep {

void add_heterogeneous_options(std::vector<Field>& schema) {
  const Condition first_order{"method.name", {std::string("first_order")}};
  const Condition latent{"method.name", {std::string("joint_likelihood"), std::string("first_order")}};
  const auto number = [&](const char* path, double fallback, Range range, const char* unit, const char* help,
                          const Condition& only_with) {
    schema.push_back({.path = path,
                      .kind = FieldKind::real,
                      .fallback = fallback,
                      .range = range,
                      .unit = unit,
                      .help = help,
                      .tunable = true,
                      .stackable = true,
                      .only_with = only_with});
  };
  schema.push_back({.path = "method.typewise_average.weights",
                    .kind = FieldKind::enumeration,
                    .fallback = std::string("people"),
                    .words = {"people", "groups"},
                    .help = "How the groups' models are averaged: by their shares of the training people, or equally.",
                    .tunable = true,
                    .only_with = Condition{"method.name", {std::string("typewise_average")}}});
  schema.push_back({.path = "method.joint_likelihood.types",
                    .kind = FieldKind::integer,
                    .fallback = std::int64_t{3},
                    .range = {.low = 1, .high = 64},
                    .unit = "types",
                    .help = "How many latent types of people there are.",
                    .tunable = true,
                    .only_with = latent});
  number("method.joint_likelihood.weight_learning_rate", 0.01, {.low = 0, .high = 1}, "1/step",
         "Step size at which the shares of the latent types are learned.", latent);
  number("method.first_order.alpha", 1.0, {.low = 0, .high = 10}, "",
         "How much of the first-order correction is taken; 0 is plain training.", first_order);
  number("method.first_order.clip", 0.1, {.low = 0, .high = 1}, "probability",
         "The correction is cut to this size before it is multiplied by alpha.", first_order);
  number("method.first_order.warmup", 0.8, {.low = 0, .high = 1}, "share of steps",
         "First steps, which are plain training.", first_order);
  schema.push_back({.path = "method.first_order.variance",
                    .kind = FieldKind::enumeration,
                    .fallback = std::string("joint_likelihood"),
                    .words = {"joint_likelihood", "groups"},
                    .help = "Whose disagreement is corrected for: of latent types, which need several comparisons of a "
                            "person, or of a model for each group.",
                    .tunable = true,
                    .only_with = first_order});
  schema.push_back({.path = "method.first_order.types.epochs",
                    .kind = FieldKind::integer,
                    .fallback = std::int64_t{30},
                    .range = {.low = 1, .high = 100000},
                    .unit = "epochs",
                    .help = "Like training.epochs, of the models of the types, which trials share where these three "
                            "are equal.",
                    .tunable = true,
                    .only_with = first_order});
  number("method.first_order.types.learning_rate", 0.01, {.low = 0, .high = 10, .low_open = true}, "1/step",
         "Like training.learning_rate, of the models of the types.", first_order);
  number("method.first_order.types.weight_decay", 0.0, {.low = 0, .high = 10}, "1/step",
         "Like training.weight_decay, of the models of the types.", first_order);
}

}  // namespace fairsweep
