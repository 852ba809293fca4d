#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Makes groups as unequal in training as a sweep wants them: of the groups named, as many training people are kept as
/// the proportions allow when nobody is added, so that the group that is scarcest for its number keeps everybody; the
/// training comparisons of the others become `unused`. Who is kept is drawn from a counter-based stream. Validation and
/// test, history, groups that are not named and people of no group stay as they are.
///
/// A group with n training people and number r keeps floor(r min(n / r over the groups)), at least 1.
/// @param proportions "group=number", at least two @param group [users] codes
/// @return [groups] training people left out of each. @throws UserError (configuration) for a group that there is not,
///         named twice, or without training people. O(users + comparisons).
std::vector<std::int64_t> make_imbalance(const PreferenceData& data, const std::vector<std::string>& proportions,
                                         const std::vector<std::string>& groups, const std::vector<std::int32_t>& group,
                                         std::uint64_t seed, std::vector<Split>& split);

}  // namespace fairsweep
