#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workers/data/features/text_feature_options.hpp"
#include "workers/data/features/tf_idf.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// What was fitted.
struct FittedText {
  TextFeatureOptions options;
  std::int64_t fitted_texts = 0;
  TfIdf tf_idf;                        ///< empty where there are no columns from n-grams
  std::int64_t columns = 0;            ///< from n-grams, at most options.dimensions
  std::vector<float> basis;            ///< [terms, columns]
  std::vector<float> singular_values;  ///< [columns]
};

/// Of the recipe. A change of any number that comes out is a new version.
inline constexpr std::int64_t k_text_recipe_version = 1;

/// The recipe as canonical JSON (keys in order, no white space) with the version, every option, what was fitted on how
/// many texts, and a SHA-256 over the arrays: "buckets", "idf", "basis", "singular_values".
[[nodiscard]] FeatureModel text_model(const FittedText& fitted);

/// The way back.
/// @throws UserError (file) for a recipe of another kind or version, arrays that are missing, have other shapes or
///         another digest.
[[nodiscard]] FittedText read_text_model(const FeatureModel& model);

/// "surface_...", "text_0", ...: the columns that come out.
[[nodiscard]] std::vector<std::string> text_feature_names(const FittedText& fitted);

}  // namespace fairsweep
