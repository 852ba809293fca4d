#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// How comparisons are dealt out; see SplitSettings in the configuration for the meaning of each.
struct SplitRecipe {
  std::string by;  ///< user, context, comparison
  double train = 0, validation = 0, test = 0;
  std::int64_t history = 0;
  std::uint64_t seed = 0;
};

/// The part each comparison plays: [comparisons]. Depends on the data and the recipe only, never on who computes it.
/// Repeats of one comparison always play the same part. Splits by user are stratified by `group_codes` ([users], may
/// be empty), so that every group has users in every part where it has at least three.
/// @throws UserError (configuration) where a part would be empty.
[[nodiscard]] std::vector<Split> deal_comparisons(const PreferenceData& data, const SplitRecipe& recipe,
                                                  const std::vector<std::int32_t>& group_codes);

}  // namespace fairsweep
