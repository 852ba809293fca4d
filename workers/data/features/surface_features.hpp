#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairsweep {

/// Names of the surface features, in order: "surface_log_words", ... Frozen: a change of what one means is a new
/// version of the recipe (text_recipe.hpp).
[[nodiscard]] const std::vector<std::string>& surface_feature_names();

/// What can be seen of a text without understanding it: how long it is, how it is punctuated, how it is laid out, how
/// much of the question it takes up, a few kinds of words. Counts are log(1 + n), everything else a share (0 to 1) or
/// a mean; each is finite for every byte string, 0 where there is nothing to take a share of. Words of a kind (first
/// person, negation, reasons) are English. docs/features.md lists them.
/// @param question  what the text answers; may be empty
/// @param features  [surface_feature_names()] receives the values
/// Cost: O(length).
void surface_features(std::string_view text, std::string_view question, std::span<float> features);

}  // namespace fairsweep
