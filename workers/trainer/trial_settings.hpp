#pragma once

#include <cstdint>
#include <string>

#include "core/domain/value.hpp"

namespace fairsweep {

enum class Head { linear, mlp };
/// What the model knows about the user.
enum class UserInput { none, features, embedding, history };
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
  std::int64_t embedding_size = 0;  ///< user = embedding only
};

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

/// All settings, a line each, types told apart: equal text means equal settings.
[[nodiscard]] std::string canonical_text(const Settings& settings);

}  // namespace fairsweep
