#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "workers/trainer/scripted/model_recipe.hpp"
#include "workers/trainer/trial_settings.hpp"

namespace fairsweep {

/// A trained model, ready to be written.
struct TrainedModel {
  std::string name;   ///< "trial 12"
  Settings settings;  ///< of the trial
  ModelSettings model;
  std::map<std::string, at::Tensor> parameters;  ///< as named_members gives them
  at::Tensor user_table;  ///< [people + 1, Z] what the model sees of each person, last of one it does not know;
                          ///< undefined but for embedding and history. Embeddings of L > 1 members lie side by side,
                          ///< Z = L * embedding_size
};

/// The recipe and the settings as one JSON object, for people and for programs that do not load the model.
[[nodiscard]] std::string recipe_json(const TrainedModel& model, const ModelRecipe& recipe);

/// Writes a TorchScript module (replaced whole). Features go in as data.h5 holds them: standardising is built in.
///
///   user = none                 forward(features [N, D]) -> scores [N]
///   user = features             forward(features, user_features [N or 1, F])
///   user = embedding, history   forward(features, person [N] int64), -1: a person the model does not know
///   score(features, shown [N or 1, Z]) takes what the model sees of a user directly;
///   history(chosen [M, D], others [M, D], weight [M]) -> [D] makes it of a new person's comparisons
///
/// A trial of several members scores as their weighted mean; member_scores(features[, shown]) has each, [N, L].
/// Attributes: user, feature_names, user_feature_names, people, people_by, data_digest, recipe (JSON).
/// @throws UserError (environment) where the file cannot be written.
void save_scripted_model(const std::filesystem::path& file, const TrainedModel& model, const ModelRecipe& recipe);

/// A model that save_scripted_model wrote, on the CPU.
class ScriptedModel {
 public:
  /// @throws UserError (file) where the file is no such model.
  explicit ScriptedModel(const std::filesystem::path& file);
  ~ScriptedModel();
  ScriptedModel(const ScriptedModel&) = delete;
  ScriptedModel& operator=(const ScriptedModel&) = delete;

  [[nodiscard]] UserInput user() const { return user_; }
  [[nodiscard]] const std::vector<std::string>& feature_names() const { return feature_names_; }
  [[nodiscard]] const std::vector<std::string>& user_feature_names() const { return user_feature_names_; }
  [[nodiscard]] const std::vector<std::string>& people() const { return people_; }
  [[nodiscard]] const std::vector<std::string>& people_by() const { return people_by_; }
  [[nodiscard]] const std::string& data_digest() const { return data_digest_; }

  /// Scores [N]. @param user  as forward takes it; undefined for none
  [[nodiscard]] at::Tensor scores(const at::Tensor& features, const at::Tensor& user) const;

 private:
  struct Module;
  std::filesystem::path file_;
  std::unique_ptr<Module> module_;
  UserInput user_ = UserInput::none;
  std::vector<std::string> feature_names_, user_feature_names_, people_, people_by_;
  std::string data_digest_;
};

}  // namespace fairsweep
