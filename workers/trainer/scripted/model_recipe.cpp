#include "workers/trainer/scripted/model_recipe.hpp"

#include "workers/data/people/resolve_people.hpp"

namespace fairsweep {
namespace {

std::vector<std::string> labels_that_split_users(const PreferenceData& data, const GroupSettings& groups) {
  std::vector<std::string> names;
  if (!groups.known_before_split()) {
    return names;
  }
  const std::vector<std::string> asked =
      groups.by == "attribute" ? std::vector<std::string>{groups.attribute} : groups.attributes;
  for (const std::string& name : asked) {
    if (!data.user_attributes.contains(name) && data.comparison_attributes.contains(name)) {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace

ModelRecipe make_model_recipe(const TrainerSetup& setup) {
  PreferenceData data = read_data_file(setup.data_file);
  ModelRecipe recipe;
  recipe.people_by = labels_that_split_users(data, setup.grouping);
  const People people = resolve_people(data, setup.grouping, setup.split, setup.seed, setup.groups, setup.labels);
  recipe.sweep = setup.sweep;
  recipe.data_digest = setup.data_digest;
  recipe.seed = setup.seed;
  recipe.feature_names = data.feature_names;
  recipe.user_feature_names = data.user_feature_names;
  recipe.scales = feature_scales(data, people, setup.labels.keeps_ties());
  recipe.people = people.names;
  recipe.groups = people.groups;
  recipe.text_recipe = data.feature_model.recipe;
  return recipe;
}

}  // namespace fairsweep
