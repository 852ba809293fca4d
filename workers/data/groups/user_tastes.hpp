#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// What each user likes, as a direction in the space of features: the mean over the user's comparisons of the best
/// candidate's features minus the mean of the others', features scaled to deviation 1 over the candidates of training
/// comparisons, shrunk towards the mean over all training comparisons as if the user had answered like everybody
/// `k_shrinking_answers` more times. It is the first step of a logistic regression of the user's answers from 0.
/// @param shown rows of the comparisons that may be read of anybody: training and history
/// @param training rows of the training comparisons, at least one
/// @return [users, features]; zeros for users of whom nothing is shown. Weights count. O(comparisons x features).
[[nodiscard]] std::vector<double> user_tastes(const PreferenceData& data, std::span<const std::int64_t> shown,
                                              std::span<const std::int64_t> training);

inline constexpr double k_shrinking_answers = 4;

/// How common each user's taste is where hardly anybody answered the same pair: tastes of the users with something
/// shown are clustered by k_means, those of training users making the centres; the rate is the share of the other
/// training users in the user's cluster (handbook of PAFO, 1.3 (1), sparse data).
/// @return [users], NaN where nothing is shown or there is no other training user.
[[nodiscard]] std::vector<double> support_by_clusters(const PreferenceData& data, std::span<const std::int64_t> shown,
                                                      std::span<const std::int64_t> training, std::size_t clusters,
                                                      std::uint64_t seed);

}  // namespace fairsweep
