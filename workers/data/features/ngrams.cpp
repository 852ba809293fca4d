#include "workers/data/features/ngrams.hpp"

#include <algorithm>

#include "workers/data/features/characters.hpp"

namespace fairsweep {

namespace {

// Start values, so that "of" as a word and as two characters are different terms. Frozen.
constexpr std::uint64_t k_word_start = 0x776F726473;
constexpr std::uint64_t k_character_start = 0x6368617273;

std::uint64_t extended(std::uint64_t hash, std::uint64_t part) { return mixed(hash * 3 + part); }

}  // namespace

NgramCounts::NgramCounts(std::vector<std::uint32_t>& occurrences) {
  std::sort(occurrences.begin(), occurrences.end());
  std::size_t different = 0;
  for (std::size_t at = 0; at < occurrences.size(); ++at) {
    different += at == 0 || occurrences[at] != occurrences[at - 1] ? 1 : 0;
  }
  entries_.reserve(different);
  for (std::size_t at = 0; at < occurrences.size();) {
    const std::uint32_t bucket = occurrences[at];
    std::uint32_t count = 0;
    for (; at < occurrences.size() && occurrences[at] == bucket; ++at) {
      count += count < k_most ? 1 : 0;
    }
    entries_.push_back((bucket << k_count_bits) | count);
  }
}

NgramHasher::NgramHasher(const TextFeatureOptions& options)
    : word_range_(options.word_ngrams),
      character_range_(options.character_ngrams),
      mask_(static_cast<std::uint64_t>(options.buckets) - 1) {}

void NgramHasher::add_words() {
  hashes_.clear();
  hashes_.reserve(words_.count());
  for (std::size_t index = 0; index < words_.count(); ++index) {
    hashes_.push_back(hash_of(words_.word(index)));
  }
  const auto longest = static_cast<std::size_t>(word_range_.longest);
  const auto shortest = static_cast<std::size_t>(word_range_.shortest);
  for (std::size_t first = 0; first < hashes_.size(); ++first) {
    std::uint64_t hash = k_word_start;
    for (std::size_t length = 1; length <= longest && first + length <= hashes_.size(); ++length) {
      hash = extended(hash, hashes_[first + length - 1]);
      if (length >= shortest) {
        occurrences_.push_back(static_cast<std::uint32_t>(hash & mask_));
      }
    }
  }
}

void NgramHasher::add_characters() {
  const auto longest = static_cast<std::size_t>(character_range_.longest);
  const auto shortest = static_cast<std::size_t>(character_range_.shortest);
  for (std::size_t index = 0; index < words_.count(); ++index) {
    const auto word = words_.word(index);
    const std::size_t size = word.size() + 2;
    for (std::size_t first = 0; first < size; ++first) {
      std::uint64_t hash = k_character_start;
      for (std::size_t length = 1; length <= longest && first + length <= size; ++length) {
        const std::size_t at = first + length - 1;
        hash = extended(hash, at == 0 || at == size - 1 ? std::uint32_t{' '} : word[at - 1]);
        if (length >= shortest) {
          occurrences_.push_back(static_cast<std::uint32_t>(hash & mask_));
        }
      }
    }
  }
}

NgramCounts NgramHasher::count(std::string_view text) {
  decode(text, characters_);
  find_words(characters_, words_);
  occurrences_.clear();
  add_words();
  add_characters();
  return NgramCounts(occurrences_);
}

std::uint32_t NgramHasher::word_bucket(std::string_view ngram) const {
  std::uint64_t hash = k_word_start;
  while (!ngram.empty()) {
    const std::size_t end = std::min(ngram.find(' '), ngram.size());
    hash = extended(hash, hash_of(ngram.substr(0, end)));
    ngram.remove_prefix(std::min(end + 1, ngram.size()));
  }
  return static_cast<std::uint32_t>(hash & mask_);
}

std::uint32_t NgramHasher::character_bucket(std::string_view ngram) const {
  std::uint64_t hash = k_character_start;
  for (const char character : ngram) {
    hash = extended(hash, static_cast<unsigned char>(character));
  }
  return static_cast<std::uint32_t>(hash & mask_);
}

}  // namespace fairsweep
