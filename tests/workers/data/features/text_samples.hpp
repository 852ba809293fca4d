#pragma once

#include <random>
#include <string>
#include <vector>

namespace fairsweep::testing_support {

/// Texts of a small language, without punctuation: what a dense twin can hold.
inline std::vector<std::string> random_texts(std::size_t count, std::uint64_t seed) {
  const std::vector<std::string> k_words{"sun", "moon", "rain", "tax", "law", "a", "of", "cat", "dog", "free"};
  std::mt19937_64 random(seed);
  std::vector<std::string> texts(count);
  for (std::string& text : texts) {
    const std::size_t words = 2 + random() % 12;
    for (std::size_t word = 0; word < words; ++word) {
      text += (text.empty() ? "" : " ") + k_words[random() % k_words.size()];
    }
  }
  return texts;
}

}  // namespace fairsweep::testing_support
