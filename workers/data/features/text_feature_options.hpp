#pragma once

#include <cstdint>
#include <string>

namespace fairsweep {

/// How long n-grams are: from `shortest` to `longest` words or characters.
struct NgramRange {
  std::int64_t shortest = 1;
  std::int64_t longest = 1;
  bool operator==(const NgramRange&) const = default;
};

/// How texts become features. The defaults were chosen on the training debates of UKPConvArg1 (docs/features.md).
struct TextFeatureOptions {
  std::int64_t dimensions = 64;                   ///< columns from n-grams, 0 to 4096; 0: surface features alone
  std::int64_t buckets = std::int64_t{1} << 17U;  ///< n-grams are hashed into so many; a power of 2, 2^10 to 2^22
  NgramRange word_ngrams{1, 2};                   ///< 1 to 8 words
  NgramRange character_ngrams{3, 5};              ///< 1 to 8 characters of a word and the spaces around it
  std::int64_t minimum_texts = 1;                 ///< n-grams that fewer fitted texts have are left out; at least 1
  std::int64_t decomposed_texts = 20'000;  ///< at most so many fitted texts, evenly spread, decide on the columns
  bool surface = true;                     ///< surface features before the columns from n-grams
  std::uint64_t seed = 0;                  ///< of the random range finder
  bool operator==(const TextFeatureOptions&) const = default;
};

/// @throws UserError (configuration) that names the option and its range.
void require_valid(const TextFeatureOptions& options);

}  // namespace fairsweep
