#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/value.hpp"

namespace fairsweep {

enum class Head { linear, mlp };
/// What the model knows about the user. From reward_features on they are models of users (user_models).
enum class UserInput {
  none,
  features,
  embedding,
  history,
  reward_features,
  low_rank,
  personas,
  ideal_point,
  offset,
  variational,
  linked,
};
/// What people have whom the model was not trained on: the mean of the others' numbers, or numbers fitted to what is
/// known of them.
enum class Adaptation { mean, fit };
/// How answers follow from scores (workers/trainer/likelihoods).
enum class LikelihoodKind { plackett_luce, davidson, rao_kupper, averaged_log_normal, averaged_gamma, mean_variance };
/// When the learning rate falls, after the warm-up.
enum class Schedule { constant, linear, cosine };
/// Whose validation loss early stopping watches.
enum class Watch { users, groups, worst_group };

/// model.* of a trial.
struct ModelSettings {
  Head head = Head::linear;
  std::int64_t width = 0;  ///< units of a hidden layer; mlp only
  std::int64_t depth = 0;  ///< hidden layers; mlp only
  UserInput user = UserInput::none;
  std::int64_t embedding_size = 0;           ///< user = embedding, offset, variational and linked only
  std::int64_t head_size = 0;                ///< of user models that see features phi F: how many; rank of low_rank;
                                             ///< hidden units of the encoder of variational
  std::int64_t parts = 0;                    ///< personas, prototypes of ideal points, or comparisons an encoder reads
  bool attends = false;                      ///< does an encoder weigh the comparisons it reads?
  bool anneals = false;                      ///< does the weight of its divergence come and go?
  Adaptation adaptation = Adaptation::mean;  ///< where people have numbers of their own
  LikelihoodKind likelihood = LikelihoodKind::plackett_luce;
};

/// The word of model.user.
[[nodiscard]] std::string_view to_text(UserInput user);
/// Every one there is, in the order of the words.
[[nodiscard]] const std::vector<UserInput>& all_user_inputs();

/// training.* of a trial.
struct TrainingSettings {
  std::int64_t epochs = 1;
  std::int64_t batch = 1;  ///< comparisons a step
  double learning_rate = 0;
  double weight_decay = 0;  ///< decoupled, times the learning rate
  Schedule schedule = Schedule::constant;
  double warmup = 0;          ///< share of all steps
  double clip_norm = 0;       ///< of the trial's whole gradient; 0: no clipping
  std::int64_t patience = 0;  ///< epochs without a better validation loss before stopping; 0: never
  Watch watch = Watch::users;
};

/// @throws UserError (configuration) naming the path where a setting is missing, of the wrong type or out of range.
[[nodiscard]] ModelSettings model_settings(const Settings& settings);
[[nodiscard]] TrainingSettings training_settings(const Settings& settings);
/// method.name. @throws UserError (configuration) where it is missing.
[[nodiscard]] std::string method_name(const Settings& settings);

/// What trials of one stack must share, as text: all settings but the numbers that are [K] tensors. Those are
/// learning_rate, weight_decay, warmup and clip_norm, and every real number of a method.
[[nodiscard]] std::string stack_key(const Settings& settings);

/// All settings, a line each, types told apart: equal text means equal settings. plackett_luce, which is what settings
/// that name no likelihood mean, is left out.
[[nodiscard]] std::string canonical_text(const Settings& settings);

}  // namespace fairsweep
