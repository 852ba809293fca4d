#include "workers/data/features/ngrams.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/protocol/utf8.hpp"
#include "workers/data/features/characters.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using Characters = std::vector<std::uint32_t>;

Characters decoded(std::string_view text) {
  Characters characters;
  decode(text, characters);
  return characters;
}

std::vector<std::string> words_of(std::string_view text) {
  Words words;
  find_words(decoded(text), words);
  std::vector<std::string> found;
  for (std::size_t index = 0; index < words.count(); ++index) {
    const auto word = words.word(index);
    found.emplace_back(word.begin(), word.end());
  }
  return found;
}

TEST(Characters, AreDecodedOrReplaced) {
  EXPECT_THAT(decoded("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), ElementsAre('a', 0xE9, 0x20AC, 0x1F600));
  EXPECT_THAT(decoded("\xC0\x80\xED\xA0\x80\xF5"), testing::Each(k_no_character));  // overlong, surrogate, too large
  EXPECT_THAT(decoded("\xE2\x82"), ElementsAre(k_no_character, k_no_character));
}

// A twin: what is well-formed here is what the protocol's checker takes, for every pair and many longer strings.
TEST(Characters, AgreeWithTheCheckerOfWellFormedness) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      for (const std::string tail : {"", "\x80", "\x80\x80", "\xBF\xBF"}) {
        const std::string text = std::string{static_cast<char>(first), static_cast<char>(second)} + tail;
        const Characters characters = decoded(text);
        const bool damaged = std::find(characters.begin(), characters.end(), k_no_character) != characters.end();
        ASSERT_EQ(is_utf8(text), !damaged || text.starts_with("\xEF\xBF\xBD")) << first << " " << second;
      }
    }
  }
}

TEST(Characters, LowerCase) {
  const std::map<std::uint32_t, std::uint32_t> pairs{
      {'A', 'a'},     {'Z', 'z'},     {'[', '['},       {0xC9, 0xE9},   {0xD7, 0xD7},   {0x100, 0x101},
      {0x101, 0x101}, {0x139, 0x13A}, {0x178, 0xFF},    {0x17D, 0x17E}, {0x3A9, 0x3C9}, {0x410, 0x430},
      {0x401, 0x451}, {0x531, 0x561}, {0x4E00, 0x4E00}, {0x130, 0x130}, {0xDF, 0xDF}};
  for (const auto& [upper, lower] : pairs) {
    EXPECT_EQ(lower_case(upper), lower) << upper;
  }
  for (std::uint32_t character = 0; character < 0x3000; ++character) {
    ASSERT_EQ(lower_case(lower_case(character)), lower_case(character)) << character;
  }
}

TEST(Words, AreRunsOfLettersAndDigits) {
  EXPECT_THAT(words_of("Don't STOP, 2nd-hand 'quoted' x'"), ElementsAre("don't", "stop", "2nd", "hand", "quoted", "x"));
  EXPECT_THAT(words_of(""), ElementsAre());
  EXPECT_THAT(words_of("''' ... !"), ElementsAre());
  EXPECT_EQ(words_of("a\xC2\xA0z\xE2\x80\x94q\xEF\xBC\x81r").size(), 4U);  // no-break space, dash, full-width !
  EXPECT_EQ(words_of("\xE4\xBD\xA0\xE5\xA5\xBD\xE3\x80\x82\xE5\xA5\xBD").size(), 2U);
}

TEST(Ngrams, ArePreciselyThose) {
  TextFeatureOptions options;
  options.buckets = 1 << 22;
  options.word_ngrams = {1, 2};
  options.character_ngrams = {3, 4};
  NgramHasher hasher(options);
  std::map<std::uint32_t, std::uint32_t> expected;
  for (const char* ngram : {"a", "cat", "a", "a cat", "cat a"}) {
    ++expected[hasher.word_bucket(ngram)];
  }
  for (const char* ngram : {" a ", " ca", "cat", "at ", " cat", "cat ", " a "}) {
    ++expected[hasher.character_bucket(ngram)];
  }
  const NgramCounts counts = hasher.count("A cat, a");
  std::map<std::uint32_t, std::uint32_t> found;
  for (std::size_t entry = 0; entry < counts.size(); ++entry) {
    EXPECT_TRUE(entry == 0 || counts.bucket(entry - 1) < counts.bucket(entry));
    found[counts.bucket(entry)] = counts.count(entry);
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(found.size(), 10U);
  EXPECT_EQ(hasher.count("").size(), 0U);
}

TEST(Ngrams, CountsEndAtTheirLimit) {
  std::vector<std::uint32_t> occurrences(5000, 7);
  occurrences.push_back(3);
  const NgramCounts counts(occurrences);
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts.count(0), 1U);
  EXPECT_EQ(counts.bucket(1), 7U);
  EXPECT_EQ(counts.count(1), NgramCounts::k_most);
}

// Stored models depend on these numbers, which a few lines of Python gave, too.
TEST(Ngrams, HashesAreFrozen) {
  const NgramHasher hasher({.buckets = 1 << 22});
  EXPECT_EQ(hash_of("fair"), 0xAF09D647298231BAU);
  EXPECT_EQ(hasher.word_bucket("fair"), 2072099U);
  EXPECT_EQ(hasher.word_bucket("fair sweep"), 403969U);
  EXPECT_EQ(hasher.character_bucket(" fai"), 2016126U);
}

}  // namespace
}  // namespace fairsweep
