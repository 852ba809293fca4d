#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "workers/data/features/text_feature_options.hpp"
#include "workers/data/features/words.hpp"

namespace fairsweep {

/// How often the buckets of a text's n-grams occur in it: one number each, in the order of the buckets. 4 bytes an
/// entry, because a corpus has hundreds of them a text.
class NgramCounts {
 public:
  static constexpr std::uint32_t k_most = 1023;  ///< a higher count is kept as this

  NgramCounts() = default;
  /// Of buckets (below 2^22) in any order, as often as they occur; sorts them.
  explicit NgramCounts(std::vector<std::uint32_t>& occurrences);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::uint32_t bucket(std::size_t entry) const { return entries_[entry] >> k_count_bits; }
  [[nodiscard]] std::uint32_t count(std::size_t entry) const { return entries_[entry] & k_most; }

 private:
  static constexpr unsigned k_count_bits = 10;
  std::vector<std::uint32_t> entries_;
};

/// Hashes the n-grams of texts into buckets: runs of words, and runs of characters of each word with a space before and
/// after it. Words and characters share the buckets.
///
/// Counts are added without a sign. A random sign would make collisions cancel in the mean (Weinberger et al., ICML
/// 2009), but it would also cancel counts, and the logarithm of a count and the number of texts with a bucket need
/// counts that stand for something: unsigned, a bucket is simply one term, "any of these n-grams".
class NgramHasher {
 public:
  explicit NgramHasher(const TextFeatureOptions& options);
  /// Cost: O(length), and sorting.
  [[nodiscard]] NgramCounts count(std::string_view text);
  /// Bucket of one n-gram of words, which have a space between them, and of one of characters. For tests.
  [[nodiscard]] std::uint32_t word_bucket(std::string_view ngram) const;
  [[nodiscard]] std::uint32_t character_bucket(std::string_view ngram) const;

 private:
  void add_words();
  void add_characters();

  NgramRange word_range_;
  NgramRange character_range_;
  std::uint64_t mask_;
  std::vector<std::uint32_t> characters_;
  Words words_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> occurrences_;
};

}  // namespace fairsweep
