#include "workers/trainer/scripted/keep_models.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostics/durable_file.hpp"
#include "workers/trainer/scripted/scripted_model.hpp"

namespace fairsweep {
namespace {

/// [people, Z], those of several members side by side.
at::Tensor embeddings(const std::map<std::string, at::Tensor>& parameters) {
  const std::string name = "user_embedding";
  if (const auto single = parameters.find(name); single != parameters.end()) {
    return single->second;
  }
  std::vector<at::Tensor> tables;
  const auto next = [&] { return parameters.find("member." + std::to_string(tables.size()) + "." + name); };
  for (auto own = next(); own != parameters.end(); own = next()) {
    tables.push_back(own->second);
  }
  return at::cat(tables, 1);
}

/// What the model sees of each person, and in the last row of anybody else: the mean of those it was trained on, or
/// a history of nothing.
at::Tensor user_table(const ModelSettings& model, const TrainingSet& data,
                      const std::map<std::string, at::Tensor>& parameters) {
  if (model.user == UserInput::history) {
    const at::Tensor known = data.user_history.cpu();
    return at::cat({known, at::zeros({1, known.size(1)}, known.options())});
  }
  if (model.user != UserInput::embedding) {
    return {};
  }
  const at::Tensor known = embeddings(parameters);
  std::vector<std::int64_t> trained;
  for (std::size_t person = 0; person < data.user_trained.size(); ++person) {
    if (data.user_trained[person]) {
      trained.push_back(static_cast<std::int64_t>(person));
    }
  }
  const at::Tensor mean = known.index_select(0, at::tensor(trained, at::kLong)).to(at::kDouble).mean(0, true);
  return at::cat({known, mean.to(known.scalar_type())});
}

}  // namespace

ModelKeeper keep_models_in(const std::filesystem::path& folder) {
  const auto recipe = std::make_shared<std::optional<ModelRecipe>>();
  return [folder, recipe](const TrainerSetup& setup, const TrainingSet& data, const TrialOrder& order,
                          const TrialOutcome& outcome) {
    if (!*recipe) {
      *recipe = make_model_recipe(setup);
    }
    TrainedModel model;
    model.name = "trial " + std::to_string(order.trial.value);
    model.settings = order.settings;
    model.model = model_settings(order.settings);
    model.parameters = outcome.parameters;
    model.user_table = user_table(model.model, data, outcome.parameters);
    const std::string stem = "trial-" + std::to_string(order.trial.value);
    replace_file(folder / (stem + ".json"), recipe_json(model, **recipe) + "\n");
    save_scripted_model(folder / (stem + ".pt"), model, **recipe);
  };
}

}  // namespace fairsweep
