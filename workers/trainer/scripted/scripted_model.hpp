#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "objectives/training/member_mix.hpp"
#include "workers/trainer/scripted/model_recipe.hpp"
#include "workers/trainer/trial_settings.hpp"
#include "workers/trainer/user_models/user_head.hpp"

namespace fairsweep {

/// A trained model, ready to be written.
struct TrainedModel {
  std::string name;   ///< "trial 12"
  Settings settings;  ///< of the trial
  ModelSettings model;
  std::map<std::string, at::Tensor> parameters;  ///< as named_members gives them
  MemberJoin join = MemberJoin::mean_of_scores;  ///< of several members
  /// [people + 1, L] where every person weighs the members differently, last of one the model does not know; else
  /// undefined, and the weights are among the parameters.
  at::Tensor person_weight;
  at::Tensor user_table;  ///< [people + 1, Z] what the model sees of each person, last of one it does not know;
                          ///< undefined but for history and where people have numbers of their own. Those of L > 1
                          ///< members lie side by side, Z = L * P, but for a mean of parameters
};

/// The recipe and the settings as one JSON object, for people and for programs that do not load the model.
[[nodiscard]] std::string recipe_json(const TrainedModel& model, const ModelRecipe& recipe);

/// Writes a TorchScript module (replaced whole). Features go in as data.h5 holds them: standardising is built in.
///
///   user = none                 forward(features [N, D]) -> scores [N]
///   user = features             forward(features, user_features [N or 1, F])
///   any other                   forward(features, person [N] int64), -1: a person the model does not know
///   score(features, shown [N or 1, Z]) takes what the model sees of a user directly;
///   history(chosen [M, D], others [M, D], weight [M]) -> [D] makes it of a new person's comparisons
///
/// A trial of several members scores as their weighted mean; member_scores(features[, shown]) has each, [N, L]. Where
/// every person has weights of their own, forward takes the person as its last argument, whatever it sees of them, and
/// score the weights [N or 1, L]; weights(person [N]) gives them.
///
/// A mixture of probabilities has no scores but within a choice: forward gives those of each member, [N, L], and
/// choice(as forward, rows are the candidates of one choice) -> [n] the joined ones, whose differences are log-odds.
///
/// A mean of parameters has a model for each person: score takes one person's weights, [L], and forward makes one
/// person's model after another; member_scores is not there, and the user table has the means of the members' numbers.
/// Attributes: user, join, weights_by, feature_names, user_feature_names, people, people_by, data_digest, recipe
/// (JSON).
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
  [[nodiscard]] MemberJoin join() const { return join_; }
  /// Whether scores depend on who is asked: what it sees of them, or how they weigh the members.
  [[nodiscard]] bool knows_people() const {
    return (user_ != UserInput::none && user_ != UserInput::features) || weights_by_person_;
  }
  [[nodiscard]] const std::vector<std::string>& feature_names() const { return feature_names_; }
  [[nodiscard]] const std::vector<std::string>& user_feature_names() const { return user_feature_names_; }
  [[nodiscard]] const std::vector<std::string>& people() const { return people_; }
  [[nodiscard]] const std::vector<std::string>& people_by() const { return people_by_; }
  [[nodiscard]] const std::string& data_digest() const { return data_digest_; }

  /// Scores [N] of the candidates of several choices, in the order of the choices.
  /// @param user_features [N or 1, F] for models that see them    @param person [N] int64 for models that know people
  /// @param ends  after the last candidate of each choice, ascending; the last is N
  [[nodiscard]] at::Tensor scores(const at::Tensor& features, const at::Tensor& user_features, const at::Tensor& person,
                                  const std::vector<std::int64_t>& ends) const;

 private:
  /// Of members [N, L] that are a mixture of probabilities, [N].
  [[nodiscard]] at::Tensor joined(const at::Tensor& of_members, const at::Tensor& person,
                                  const std::vector<std::int64_t>& ends) const;

  struct Module;
  std::filesystem::path file_;
  std::unique_ptr<Module> module_;
  UserInput user_ = UserInput::none;
  MemberJoin join_ = MemberJoin::mean_of_scores;
  bool weights_by_person_ = false;
  std::vector<std::string> feature_names_, user_feature_names_, people_, people_by_;
  std::string data_digest_;
};

}  // namespace fairsweep
