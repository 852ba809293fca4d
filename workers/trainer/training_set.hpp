#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/domain/people.hpp"
#include "core/domain/trial.hpp"
#include "core/protocol/messages.hpp"
#include "workers/data/preference_data.hpp"
#include "workers/trainer/link_tensors.hpp"
#include "workers/trainer/standardise.hpp"

namespace fairsweep {

/// Comparisons of one split as tensors on the training device. m comparisons, n candidates in the largest.
struct ComparisonTensors {
  at::Tensor candidates;  ///< [m, n] int64 row of TrainingSet::features, in the user's order; 0 in the padding
  at::Tensor present;     ///< [m, n] bool
  at::Tensor ranked;      ///< [m] int64: how many of the candidates are in order
  at::Tensor user;        ///< [m] int64
  at::Tensor group;       ///< [m] int64, -1: none
  at::Tensor weight;      ///< [m] float
  at::Tensor context_first, context_size;  ///< [m] int64 rows of features of the comparison's context
  /// Of comparisons that are in their users' history (train, history), to leave them out of it (OwnAnswers): [m, n] and
  /// [m], of the features' type. Undefined for the others.
  at::Tensor history_share, history_rest;
  /// Of training comparisons whose answers may be mistaken (ChoiceShape): [m] each, of the features' type. Undefined
  /// otherwise.
  at::Tensor noise_keep, noise_floor;
  std::vector<std::int64_t> source;  ///< row of PreferenceData's comparisons
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(source.size()); }
};

/// Data of a sweep, standardised, split and on the device; the same for every trial, made once a trainer.
struct TrainingSet {
  at::Tensor features;          ///< [candidates, D] float: mean 0, deviation 1 over candidates of training comparisons
  at::Tensor user_features;     ///< [users, F] float, standardised over training users; F may be 0
  at::Tensor user_history;      ///< [users, D] float: mean of chosen minus mean of rejected features over the user's
                                ///< training and history comparisons, 0 where there are none; for other comparisons
  at::Tensor user_history_sum;  ///< [users, D] float: the same not divided by the weights; for training comparisons,
                                ///< which must not read themselves there
  LinkTensors links;            ///< who listens to whom; empty where the data do not say
  std::int64_t users = 0;
  std::vector<std::string> groups;
  std::vector<std::int32_t> user_group;  ///< [users], -1: none
  std::vector<bool> user_trained;        ///< [users] has training comparisons
  std::vector<double> user_support;      ///< [users] preference support rate, NaN where not known; empty: of nobody
  std::vector<double> user_membership;   ///< [users, groups] soft membership, NaN where not known; empty: hard
  ComparisonTensors train, validation, test;
  ComparisonTensors history;  ///< set aside of people who are not trained on, to know them by; in the order of the data
};

/// What the features were standardised with.
struct FeatureScales {
  ColumnScale features;       ///< over the candidates of training comparisons
  ColumnScale user_features;  ///< over the people with training comparisons; empty where there are no features of users
};
/// @param data, people  as resolve_people left them    @param ties  are trained on. O(candidates x D + users x F).
[[nodiscard]] FeatureScales feature_scales(const PreferenceData& data, const People& people, bool ties = false);

/// Users are the persons of resolve_people.
/// @throws UserError where the data do not fit the setup (no such attribute, another digest, an empty part).
[[nodiscard]] TrainingSet make_training_set(PreferenceData data, const TrainerSetup& setup, at::Device device);

}  // namespace fairsweep
