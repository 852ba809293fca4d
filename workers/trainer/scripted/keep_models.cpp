#include "workers/trainer/scripted/keep_models.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostics/durable_file.hpp"
#include "workers/trainer/scripted/scripted_model.hpp"

namespace fairsweep {
namespace {

/// Parameters of this name, those of several members side by side: [..., Z].
at::Tensor of_members(const std::map<std::string, at::Tensor>& parameters, const std::string& name) {
  if (const auto single = parameters.find(name); single != parameters.end()) {
    return single->second;
  }
  std::vector<at::Tensor> parts;
  const auto next = [&] { return parameters.find("member." + std::to_string(parts.size()) + "." + name); };
  for (auto own = next(); own != parameters.end(); own = next()) {
    parts.push_back(own->second);
  }
  return at::cat(parts, -1);
}

/// Numbers of each person [people, Z], and in the last row their mean over the people the model was trained on.
at::Tensor with_anybody(const at::Tensor& known, const TrainingSet& data) {
  std::vector<std::int64_t> trained;
  for (std::size_t person = 0; person < data.user_trained.size(); ++person) {
    if (data.user_trained[person]) {
      trained.push_back(static_cast<std::int64_t>(person));
    }
  }
  const at::Tensor mean = known.index_select(0, at::tensor(trained, at::kLong)).to(at::kDouble).mean(0, true);
  return at::cat({known, mean.to(known.scalar_type())});
}

/// What the model sees of each person, and in the last row of anybody else: the generic person, the mean of those it
/// was trained on, or a history of nothing.
at::Tensor user_table(const ModelSettings& model, const TrainingSet& data,
                      const std::map<std::string, at::Tensor>& parameters) {
  if (model.user == UserInput::history) {
    const at::Tensor known = data.user_history.cpu();
    return at::cat({known, at::zeros({1, known.size(1)}, known.options())});
  }
  if (own_numbers(model) == 0) {
    return {};
  }
  const at::Tensor known = of_members(parameters, "user_embedding");
  if (model.user == UserInput::offset || model.user == UserInput::linked) {
    return at::cat({known, of_members(parameters, "generic_embedding").unsqueeze(0)});
  }
  return with_anybody(known, data);
}

/// Numbers of people of whom everybody has a mean of the members' parameters: `table` [people + 1, L * P] gives
/// [people + 1, P]. @param weight [people + 1, L]
at::Tensor mean_table(const at::Tensor& table, const at::Tensor& weight) {
  const at::Tensor of_members = table.unflatten(1, {weight.size(1), table.size(1) / weight.size(1)});
  const at::Tensor share = weight.to(table.scalar_type());
  at::Tensor mean = of_members.select(1, 0) * share.select(1, 0).unsqueeze(1);
  for (std::int64_t member = 1; member < share.size(1); ++member)
    mean.add_(of_members.select(1, member) * share.select(1, member).unsqueeze(1));
  return mean;
}

/// Members' weights of each person, and of anybody else; undefined where all weigh them alike.
at::Tensor person_weight(const TrainingSet& data, const std::map<std::string, at::Tensor>& parameters) {
  const auto weight = parameters.find("member_weight");
  return weight == parameters.end() || weight->second.dim() == 1 ? at::Tensor() : with_anybody(weight->second, data);
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
    model.join = outcome.join;
    model.person_weight = person_weight(data, outcome.parameters);
    model.user_table = user_table(model.model, data, outcome.parameters);
    if (model.join == MemberJoin::mean_of_parameters && own_numbers(model.model) > 0)
      model.user_table = mean_table(model.user_table, model.person_weight);
    const std::string stem = "trial-" + std::to_string(order.trial.value);
    replace_file(folder / (stem + ".json"), recipe_json(model, **recipe) + "\n");
    save_scripted_model(folder / (stem + ".pt"), model, **recipe);
  };
}

}  // namespace fairsweep
