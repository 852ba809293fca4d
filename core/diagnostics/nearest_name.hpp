#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fairsweep {

/// The candidate most like `name`, if one is near enough to have been meant (case-insensitive edit distance with
/// transpositions, at most a third of the longer length, at least 1). Ties go to the earlier candidate.
/// Cost: O(sum of lengths x name length).
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates);

/// "; did you mean \"x\"?" or an empty string.
[[nodiscard]] std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

}  // namespace fairsweep
