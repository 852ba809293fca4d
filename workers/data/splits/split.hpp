#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// How comparisons are dealt out; see SplitSettings in the configuration for the meaning of each.
struct SplitRecipe {
  std::string by;  ///< user, context, comparison, time
  double train = 0, validation = 0, test = 0;
  std::int64_t history = 0;
  std::uint64_t seed = 0;
  bool same_text_together = false;  ///< by context: contexts that ask the same are dealt as one
  bool stratified = false;          ///< by context or comparison
  double unseen_users = 0;          ///< by context, comparison or time: share of users kept out of training
};

/// The part each comparison plays: [comparisons]. Depends on the data and the recipe only, never on who computes it.
/// Repeats of one comparison always play the same part.
///
/// by user     users are dealt, stratified by `group_codes`, so that every group has users in every part where it has
///             at least three; rows of `user_of_person` that are equal are one user
/// by context  contexts are dealt, those that features were fitted on to training before any other; stratified: within
///             the contexts that each group answered most
/// by comparison  comparisons are dealt; stratified: within each group
/// by time     in their order, the oldest to training; comparisons of one time stay together, repeats count as late as
///             the last of them
/// Users drawn by `unseen_users`, stratified by group, have no training comparisons: by comparison each is dealt whole
/// to validation or test, in proportion to these; by context and time their training comparisons are `unused`.
/// @param group_codes [users], may be empty
/// @param user_of_person [users of the data] see make_people_of_labels; empty: each is one
/// @throws UserError (configuration) where a part would be empty, or more contexts were fitted on than training holds.
[[nodiscard]] std::vector<Split> deal_comparisons(const PreferenceData& data, const SplitRecipe& recipe,
                                                  const std::vector<std::int32_t>& group_codes,
                                                  const std::vector<std::int64_t>& user_of_person = {});

}  // namespace fairsweep
