#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workers/data/features/ngrams.hpp"
#include "workers/data/features/text_feature_options.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Makes features of texts without an encoder: surface features, and n-grams of words and characters, hashed, weighed
/// by tf-idf and reduced by a truncated SVD ("latent semantic analysis"; Deerwester et al., JASIS 41, 1990). Texts are
/// handed in one by one and not kept. The same texts in the same order give the same bits.
class TextFeatures {
 public:
  struct Result {
    std::int64_t dimensions = 0;     ///< surface features and columns from n-grams
    std::vector<float> features;     ///< [rows, dimensions], finite
    std::vector<std::string> names;  ///< [dimensions]: "surface_...", "text_0", ...
    FeatureModel model;              ///< for apply_text_features(), and to be stored with the data
  };

  /// @throws UserError (configuration) for options out of range.
  explicit TextFeatures(const TextFeatureOptions& options);

  /// One candidate. Any bytes; what is no UTF-8 counts as signs. Cost: O(length); memory of 4 bytes for each
  /// different n-gram of the text, of which English has about eight a word.
  void add(std::string_view text, std::string_view question);
  [[nodiscard]] std::int64_t rows() const { return rows_; }

  /// @param fitted  [rows()] whether the candidate belongs to a training context. Term weights and columns are fitted
  ///                on these rows alone; all rows are transformed.
  /// Where the fitted rows have a lower rank than `dimensions`, fewer columns come out.
  /// @throws UserError (file) where no text is fitted, or none of them has a word and surface features are off.
  /// Cost: the decomposition of at most `decomposed_texts` rows (truncated_svd.hpp), and one pass over all.
  [[nodiscard]] Result finish(const std::vector<bool>& fitted);

 private:
  TextFeatureOptions options_;
  NgramHasher hasher_;
  std::int64_t rows_ = 0;
  std::vector<NgramCounts> counts_;  // [rows]; empty where there are no n-grams
  std::vector<float> surface_;       // [rows, surface features]
};

/// A text, and the question it answers.
struct TextAndQuestion {
  std::string_view text;
  std::string_view question;
};

/// The features of texts by a stored model: bit for bit what TextFeatures::finish() gave for the same texts.
/// @return [texts, features], in the order of the model's names
/// @throws UserError (file) where the model is none of this program's, or its arrays are not those it was made with.
[[nodiscard]] std::vector<float> apply_text_features(const FeatureModel& model, std::span<const TextAndQuestion> texts);

}  // namespace fairsweep
