#include "workers/data/features/surface_features.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

namespace fairsweep {
namespace {

std::vector<float> values_of(std::string_view text, std::string_view question = "") {
  std::vector<float> values(surface_feature_names().size());
  surface_features(text, question, values);
  return values;
}

std::map<std::string, float> features_of(std::string_view text, std::string_view question = "") {
  const std::vector<float> values = values_of(text, question);
  std::map<std::string, float> named;
  for (std::size_t i = 0; i < values.size(); ++i) {
    named[surface_feature_names()[i].substr(std::string("surface_").size())] = values[i];
  }
  return named;
}

TEST(SurfaceFeatures, NamesAreDifferentAndHaveTheirPrefix) {
  const auto& names = surface_feature_names();
  EXPECT_EQ(names.size(), 25U);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  EXPECT_TRUE(std::all_of(names.begin(), names.end(), [](const auto& name) { return name.starts_with("surface_"); }));
}

// Counted by hand: 8 words in 2 sentences, 40 characters, 33 of them visible, 29 of these letters.
TEST(SurfaceFeatures, OfASentenceCountedByHand) {
  const auto found = features_of("We don't know 2 things, you see? Because", "Do you know things? Things!");
  EXPECT_FLOAT_EQ(found.at("log_characters"), std::log(1 + 40.0F));
  EXPECT_FLOAT_EQ(found.at("log_words"), std::log(1 + 8.0F));
  EXPECT_FLOAT_EQ(found.at("mean_word_length"), (2 + 5 + 4 + 1 + 6 + 3 + 3 + 7) / 8.0F);
  EXPECT_FLOAT_EQ(found.at("log_sentences"), std::log(3.0F));
  EXPECT_FLOAT_EQ(found.at("log_sentence_words"), std::log(5.0F));
  EXPECT_FLOAT_EQ(found.at("different_words"), 1);
  EXPECT_FLOAT_EQ(found.at("long_words"), 1 / 8.0F);
  EXPECT_FLOAT_EQ(found.at("question_share"), 3 / 4.0F);  // you, know, things of do, you, know, things
  EXPECT_FLOAT_EQ(found.at("first_person"), 1 / 8.0F);
  EXPECT_FLOAT_EQ(found.at("second_person"), 1 / 8.0F);
  EXPECT_FLOAT_EQ(found.at("negations"), 1 / 8.0F);
  EXPECT_FLOAT_EQ(found.at("reasons"), 1 / 8.0F);
  EXPECT_FLOAT_EQ(found.at("commas"), 1 / 33.0F);
  EXPECT_FLOAT_EQ(found.at("questions"), 1 / 33.0F);
  EXPECT_FLOAT_EQ(found.at("exclamations"), 0);
  EXPECT_FLOAT_EQ(found.at("digits"), 1 / 33.0F);
  EXPECT_FLOAT_EQ(found.at("upper_case"), 2 / 29.0F);  // 29 letters: the apostrophe and the digit are none
  EXPECT_FLOAT_EQ(found.at("begins_upper_case"), 1);
  EXPECT_FLOAT_EQ(found.at("ends_sentence"), 0);
}

TEST(SurfaceFeatures, OfALayout) {
  const auto found =
      features_of("Steps:\n- one\n  2) two\n3. three\n-none\n```\ncode\n```\n\nsee https://a.b \"now\"!  ");
  EXPECT_FLOAT_EQ(found.at("log_list_items"), std::log(4.0F));
  EXPECT_FLOAT_EQ(found.at("log_code_blocks"), std::log(2.0F));
  EXPECT_FLOAT_EQ(found.at("log_line_breaks"), std::log(10.0F));
  EXPECT_FLOAT_EQ(found.at("log_links"), std::log(2.0F));
  EXPECT_FLOAT_EQ(found.at("ends_sentence"), 1);
  EXPECT_GT(found.at("quotes"), 0);
  EXPECT_FLOAT_EQ(features_of("```\nnever closed").at("log_code_blocks"), std::log(2.0F));
}

TEST(SurfaceFeatures, KnowUtf8) {
  const auto found = features_of("\xC3\x89t\xC3\xA9 \xC3\xA0 la m\xC3\xA8re.", "\xC3\x89T\xC3\x89");  // Été à la mère.
  EXPECT_FLOAT_EQ(found.at("log_characters"), std::log(1 + 14.0F));
  EXPECT_FLOAT_EQ(found.at("log_words"), std::log(1 + 4.0F));
  EXPECT_FLOAT_EQ(found.at("mean_word_length"), (3 + 1 + 2 + 4) / 4.0F);
  EXPECT_FLOAT_EQ(found.at("question_share"), 1);
  EXPECT_FLOAT_EQ(found.at("begins_upper_case"), 1);
  // Typographic apostrophes are those of the keyboard.
  EXPECT_FLOAT_EQ(features_of("I\xE2\x80\x99m don\xE2\x80\x99t").at("negations"), 0.5F);
  EXPECT_FLOAT_EQ(features_of("I\xE2\x80\x99m don\xE2\x80\x99t").at("first_person"), 0.5F);
}

TEST(SurfaceFeatures, OfNothingAreZero) {
  for (const std::string_view text : {std::string_view(""), std::string_view("  \n "), std::string_view("\t")}) {
    for (const auto& [name, value] : features_of(text)) {
      const bool may_differ = name == "log_characters" || name == "log_line_breaks";
      EXPECT_TRUE(value == 0 || may_differ) << name;
    }
  }
}

TEST(SurfaceFeatures, AreFiniteForEveryByteString) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const std::string likely = "ab I?!.,\"'\n`-1 \xC3\xA9\xFF\xE2\x80";
    const auto bytes = [&] {
      std::string text(random() % 60, '\0');
      for (char& byte : text) {
        byte = static_cast<char>(random() % 3 == 0 ? random()
                                                   : static_cast<unsigned char>(likely[random() % likely.size()]));
      }
      return text;
    };
    const std::string text = bytes();
    for (const float value : values_of(text, bytes())) {
      ASSERT_TRUE(std::isfinite(value) && value >= 0 && value < 100) << value;
    }
  }
}

}  // namespace
}  // namespace fairsweep
