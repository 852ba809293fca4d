#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <string>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

// Hidden types as a stage of whatever trains on them.

inline constexpr const char* k_type_search_stage = "type search";
/// One model for each type, trained on everybody's answers by how much the person is of the type.
inline constexpr const char* k_types_stage = "types";

/// The search with the trial's `method.types` settings; trials whose search is the same share it.
/// @throws UserError (configuration) where a setting is missing.
[[nodiscard]] Stage type_search_stage(const Settings& settings);

/// What a search found: of each trial the restart under which held-out answers were likeliest, its types by their
/// shares, the largest first.
struct FoundTypes {
  at::Tensor posterior;  ///< [K, L, U] of whom nothing was known: the shares
  at::Tensor share;      ///< [K, L] double
  at::Tensor held_out;   ///< [K] double: log-likelihood a training comparison, of people's halves that were held out
  at::Tensor error;      ///< [K] double: its standard error over people
  at::Tensor moved;      ///< [K] double: share of the people whose likeliest type changed in the last round
  at::Tensor restart;    ///< [K] int64: which was taken
};
/// @param learned  of the search, [K, ...] each
[[nodiscard]] FoundTypes found_types(const ObjectiveState& learned);

/// Type of each person with training comparisons, or with history where the search knew of it: [K, U] int64, -1 of the
/// others.
[[nodiscard]] at::Tensor types_of_people(const FoundTypes& found, const TrainingFacts& facts);

/// What a search says about itself, by name: shares of the types, held-out log-likelihood, movement, and, where the
/// data have groups, the share of people whose type is their group's under the best matching of types and groups.
/// @param learned  of the search, K = 1
[[nodiscard]] std::map<std::string, double> search_notes(const ObjectiveState& learned, const TrainingFacts& facts);

}  // namespace fairsweep
