#include "core/config/user_model_schema.hpp"

#include <string>

#include "core/config/field_builders.hpp"

namespace fairsweep {

void add_user_model_options(std::vector<Field>& schema) {
  schema.push_back({.path = "model.user",
                    .kind = FieldKind::enumeration,
                    .fallback = Value(std::string("none")),
                    .words =
                        {
                            "none",
                            "features",
                            "embedding",
                            "history",
                            "reward_features",
                            "low_rank",
                            "personas",
                            "ideal_point",
                            "offset",
                            "variational",
                            "linked",
                        },
                    .help = "What the model knows about the user: nothing, the user's features in the data, a learned "
                            "vector, the mean of chosen minus rejected features, or a model of users; "
                            "docs/methods/user_models.md has one section for each.",
                    .tunable = true});
  schema.push_back(count_setting("model.embedding_size", 8, {.low = 1, .high = 4096}, "numbers",
                                 "Length of each user's learned vector.",
                                 where("model.user", {"embedding", "offset", "linked"})));
  schema.push_back(count_setting("model.reward_features.size", 8, {.low = 1, .high = 4096}, "features",
                                 "Features of rewards that everybody shares and every user weighs.",
                                 where("model.user", {"reward_features"})));
  schema.push_back(count_setting("model.low_rank.rank", 4, {.low = 1, .high = 4096}, "rewards",
                                 "Rewards of which every user's is a mean.", where("model.user", {"low_rank"})));
  const Condition personas = where("model.user", {"personas"});
  schema.push_back(count_setting("model.personas.count", 4, {.low = 1, .high = 64}, "personas",
                                 "Personas of each user; 1 is reward_features.", personas));
  schema.push_back(count_setting("model.personas.size", 8, {.low = 1, .high = 1024}, "numbers",
                                 "Length of a persona, and of what it sees of a candidate.", personas));
  const Condition ideal = where("model.user", {"ideal_point"});
  schema.push_back(count_setting("model.ideal_point.prototypes", 2, {.low = 1, .high = 1024}, "prototypes",
                                 "Points of which every user's ideal point is a mean.", ideal));
  schema.push_back(count_setting("model.ideal_point.size", 8, {.low = 1, .high = 4096}, "numbers",
                                 "Dimensions of the space of ideal points.", ideal));
  schema.push_back(number_setting("model.offset.personal_share", 0.5, {.low = 0, .high = 1}, "share",
                                  "Share of the loss that is of each user's own model; the rest is of the generic "
                                  "user's, who gave all answers.",
                                  where("model.user", {"offset"})));
  const Condition variational = where("model.user", {"variational"});
  schema.push_back(count_setting("model.variational.size", 8, {.low = 1, .high = 1024}, "numbers",
                                 "Length of each user's latent vector.", variational));
  schema.push_back(count_setting("model.variational.hidden", 32, {.low = 1, .high = 4096}, "units",
                                 "Hidden units of the encoder that reads a user off his comparisons.", variational));
  schema.push_back(count_setting("model.variational.comparisons", 8, {.low = 1, .high = 256}, "comparisons",
                                 "How many other comparisons of the user the encoder reads in a step of training; to "
                                 "score it reads all of them.",
                                 variational));
  schema.push_back(word_setting("model.variational.pooling", {"attention", "mean"},
                                "How the encoder joins the comparisons it reads.", variational));
  schema.push_back(number_setting("model.variational.divergence", 0.003, {.low = 0, .high = 10}, "weight",
                                  "Weight of the divergence of each comparison's user from the prior; large, all users "
                                  "become one.",
                                  variational));
  schema.push_back(word_setting("model.variational.annealing", {"cyclic", "constant"},
                                "Whether that weight grows from 0 four times over the training, or stands.",
                                variational));
  schema.push_back(word_setting(
      "model.adaptation", {"fit", "mean"},
      "What a user has whom the model was not trained on: numbers fitted to the comparisons that data.split.history "
      "sets aside, everything shared frozen, or the mean of the users trained on; without such comparisons the mean.",
      where("model.user", {"embedding", "reward_features", "low_rank", "personas", "ideal_point", "offset"})));
}

}  // namespace fairsweep
