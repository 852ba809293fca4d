#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/domain/people.hpp"
#include "core/domain/people_settings.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Who is in which group and what each comparison is for. The one place where this is decided: the coordinator and
/// every trainer call it and get the same. docs/groups.md and docs/splits.md say what each setting does.
///
/// In order: users become persons where the groups are labels of comparisons (which changes `data`: its users are the
/// persons afterwards); groups that the data name; the split; groups that are found in what may be read, which is
/// training and history; the imbalance; what becomes of inconsistent answers (docs/labels.md); and whether anything
/// leaks, a group lacks a part, or is too small.
/// @param wanted names of groups in the order wanted; people of other groups have none. Empty: all, in their own order
/// @throws UserError (configuration) with what to set instead.
[[nodiscard]] People resolve_people(PreferenceData& data, const GroupSettings& groups, const SplitSettings& split,
                                    std::uint64_t seed, const std::vector<std::string>& wanted = {},
                                    const LabelSettings& labels = {});

/// Rows of a part. Ties, which say that nothing was preferred, are left out unless they are asked for: groups,
/// histories, label policies and most losses and metrics can make nothing of them.
[[nodiscard]] std::vector<std::int64_t> rows_of_part(const PreferenceData& data, const std::vector<Split>& split,
                                                     Split part, bool with_ties = false);

}  // namespace fairsweep
