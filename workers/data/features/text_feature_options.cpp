#include "workers/data/features/text_feature_options.hpp"

#include <bit>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

namespace {

void require(bool holds, const std::string& what) {
  if (!holds) {
    throw UserError(ExitCode::configuration, "text features: " + what);
  }
}

void require_range(const NgramRange& range, const std::string& of) {
  constexpr std::int64_t k_longest = 8;
  require(range.shortest >= 1 && range.shortest <= range.longest && range.longest <= k_longest,
          "n-grams of " + of + " go from " + std::to_string(range.shortest) + " to " + std::to_string(range.longest) +
              "; they must go from a number to one at least as large, within 1 to " + std::to_string(k_longest));
}

}  // namespace

void require_valid(const TextFeatureOptions& options) {
  constexpr std::int64_t k_most_dimensions = 4096;
  constexpr std::int64_t k_fewest_buckets = std::int64_t{1} << 10U;
  constexpr std::int64_t k_most_buckets = std::int64_t{1} << 22U;
  require(options.dimensions >= 0 && options.dimensions <= k_most_dimensions,
          std::to_string(options.dimensions) + " dimensions; there may be 0 to " + std::to_string(k_most_dimensions));
  require(options.dimensions > 0 || options.surface,
          "0 dimensions and no surface features leave no feature; ask for one of them");
  require(options.buckets >= k_fewest_buckets && options.buckets <= k_most_buckets &&
              std::has_single_bit(static_cast<std::uint64_t>(options.buckets)),
          std::to_string(options.buckets) + " buckets; their number must be a power of 2 from " +
              std::to_string(k_fewest_buckets) + " to " + std::to_string(k_most_buckets));
  require_range(options.word_ngrams, "words");
  require_range(options.character_ngrams, "characters");
  require(options.minimum_texts >= 1, "an n-gram cannot be asked for in fewer than 1 text");
  require(options.decomposed_texts >= 1, "at least 1 text must decide on the columns");
}

}  // namespace fairsweep
