#include "tests/workers/trainer/typed_people.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/protocol/messages.hpp"

namespace fairsweep::testing {

TrainingSet typed_people(const TypedPeopleRecipe& recipe) {
  TypedPeopleSample sample = generate_typed_people(recipe);
  TrainerSetup setup;
  setup.grouping.by = "attribute";
  setup.grouping.attribute = "type";
  setup.split.by = "user";
  setup.split.train = 0.6;
  setup.split.validation = 0.2;
  setup.split.test = 0.2;
  setup.split.history = std::max<std::int64_t>(0, recipe.comparisons_per_user - 4);
  setup.seed = recipe.seed;
  return make_training_set(std::move(sample.data), setup, at::kCPU);
}

Settings types_settings(std::int64_t types) {
  return {{"model.head", std::string("linear")},
          {"model.user", std::string("none")},
          {"method.name", std::string("types")},
          {"method.types.number", types},
          {"method.types.assignment", std::string("soft")},
          {"method.types.search.start", std::string("tastes")},
          {"method.types.search.restarts", std::int64_t{3}},
          {"method.types.search.rounds", std::int64_t{6}},
          {"method.types.search.round_epochs", std::int64_t{8}},
          {"method.types.search.evidence", std::string("held_out")},
          {"method.types.search.learning_rate", 0.05},
          {"method.types.search.weight_decay", 0.0},
          {"training.epochs", std::int64_t{10}},
          {"training.batch", std::int64_t{64}},
          {"training.learning_rate", 0.05},
          {"training.weight_decay", 0.0},
          {"training.schedule", std::string("constant")},
          {"training.warmup", 0.0},
          {"training.clip_norm", 0.0},
          {"training.early_stopping.patience", std::int64_t{0}},
          {"training.early_stopping.watch", std::string("users")}};
}

}  // namespace fairsweep::testing
