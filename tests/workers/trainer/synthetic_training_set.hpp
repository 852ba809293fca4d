#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/protocol/messages.hpp"
#include "workers/trainer/pack_training.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep::testing {

/// Simulated preferences: users of groups choose by a linear utility of their group, with Gumbel noise.
struct SyntheticRecipe {
  std::int64_t users = 12;
  std::int64_t training = 45;
  std::int64_t validation = 20;
  std::int64_t test = 11;
  std::int64_t features = 33;
  std::int64_t candidates = 3;
  bool mixed = false;       ///< every other comparison has one candidate fewer
  std::int64_t ranked = 1;  ///< how many candidates are in order where there are enough
  std::int64_t groups = 2;
  std::int64_t user_features = 3;
  std::uint32_t seed = 1;
  double noise = 1;  ///< scale of the Gumbel noise
  at::ScalarType type = at::kFloat;
  bool weighted = true;          ///< weights differ
  bool unasked = false;          ///< contexts may have candidates that the comparison is not about
  std::int64_t history = 0;      ///< comparisons of all users, of which those who are not trained on can be known
  bool newcomers_alone = false;  ///< the history is of the last two users alone
  bool ties = false;             ///< every third answer of every split is a tie
  std::int64_t asked = 1;  ///< so many comparisons after each other, of different people, are about the same candidates
};

struct Synthetic {
  TrainingSet set;
  at::Tensor utilities;  ///< [groups, features] what the users of each group really want
};

/// The last two users have validation, test and history comparisons only, the last user has no group.
[[nodiscard]] Synthetic make_synthetic(const SyntheticRecipe& recipe);

/// Settings a trial may train with as they are.
[[nodiscard]] Settings plain_settings();
[[nodiscard]] Settings with(Settings settings, const Settings& changes);

/// Trials 0, 1, ... and as many configurations with these settings.
[[nodiscard]] std::vector<TrialOrder> trials_of(const std::vector<Settings>& settings);

/// Trials 0 .. count - 1 of one shape whose stackable numbers all differ.
[[nodiscard]] std::vector<TrialOrder> varied_trials(const Settings& settings, std::uint32_t count);

/// Options with nothing but a seed.
[[nodiscard]] PackTrainingOptions seeded(std::uint64_t seed);

/// Runs train_pack and returns the outcomes by trial number; fails the test where a trial has none or two.
[[nodiscard]] std::vector<TrialOutcome> outcomes_of(const std::vector<TrialOrder>& trials, const TrainingSet& data,
                                                    PackTrainingOptions options);

/// Every number of the two outcomes has the same bits (times are left out).
void expect_same_bits(const TrialOutcome& left, const TrialOutcome& right, const std::string& where);

}  // namespace fairsweep::testing
