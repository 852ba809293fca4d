#include <map>
#include <string>

#include "core/protocol/json_writer.hpp"
#include "workers/trainer/likelihoods/likelihood.hpp"
#include "workers/trainer/scripted/scripted_model.hpp"

namespace fairsweep {
namespace {

void write_texts(JsonWriter& json, const char* key, const std::vector<std::string>& texts) {
  json.key(key);
  json.begin_list(texts.size());
  for (const std::string& text : texts) {
    json.text(text);
  }
  json.end_list();
}

void write_columns(JsonWriter& json, const char* key, const std::vector<std::string>& names,
                   const ColumnScale& scales) {
  json.key(key);
  json.begin_list(names.size());
  for (std::size_t column = 0; column < scales.mean.size(); ++column) {
    json.begin_record();
    json.key("name");
    json.text(names[column]);
    json.key("mean");
    json.real(scales.mean[column]);
    json.key("scale");
    json.real(scales.scale[column]);
    json.end_record();
  }
  json.end_list();
}

void write_settings(JsonWriter& json, const Settings& settings) {
  json.begin_map(settings.size());
  for (const auto& [path, value] : settings) {
    json.key(path);
    if (const auto* truth = std::get_if<bool>(&value)) {
      json.boolean(*truth);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      json.integer(*integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
      json.real(*real);
    } else {
      json.text(std::get<std::string>(value));
    }
  }
  json.end_map();
}

/// How answers follow from the scores, with what it has learned; of several members each.
void write_likelihood(JsonWriter& json, const TrainedModel& model) {
  json.key("likelihood");
  json.text(std::string(likelihood_of(model.model.likelihood).name()));
  std::map<std::string, double> learned;
  for (const auto& [name, values] : model.parameters) {
    const auto place = name.find("likelihood.");
    if (place != std::string::npos)
      learned[name.substr(0, place) + name.substr(place + 11)] = values.item<double>();
  }
  json.key("likelihood_numbers");
  json.begin_map(learned.size());
  for (const auto& [name, value] : learned) {
    json.key(name);
    json.real(value);
  }
  json.end_map();
}

}  // namespace

std::string recipe_json(const TrainedModel& model, const ModelRecipe& recipe) {
  JsonWriter json;
  json.begin_record();
  json.key("format");
  json.text("fairsweep-model");
  json.key("format_version");
  json.integer(1);
  json.key("sweep");
  json.text(recipe.sweep);
  json.key("model");
  json.text(model.name);
  json.key("head");
  json.text(model.model.head == Head::linear ? "linear" : "mlp");
  json.key("user");
  json.text(to_text(model.model.user));
  std::int64_t count = 0;
  for (const auto& [name, values] : model.parameters) {
    count += values.numel();
  }
  if (const auto weight = model.parameters.find("member_weight"); weight != model.parameters.end()) {
    json.key("members");
    json.integer(weight->second.size(-1));
    json.key("join");
    json.text(std::string(to_text(model.join)));
    json.key("weights_by");
    json.text(model.person_weight.defined() ? "person" : "all");
  }
  json.key("parameters");
  json.integer(count);
  write_likelihood(json, model);
  json.key("seed");
  json.unsigned_integer(recipe.seed);
  json.key("data_digest");
  json.text(recipe.data_digest);
  write_texts(json, "groups", recipe.groups);
  write_columns(json, "features", recipe.feature_names, recipe.scales.features);
  if (model.model.user == UserInput::features) {
    write_columns(json, "user_features", recipe.user_feature_names, recipe.scales.user_features);
  }
  json.key("text_recipe");
  json.text(recipe.text_recipe);
  json.key("settings");
  write_settings(json, model.settings);
  json.end_record();
  return json.take();
}

}  // namespace fairsweep
