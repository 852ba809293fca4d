#include "workers/data/features/text_features.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/data/features/dense_text_twin.hpp"
#include "tests/workers/data/features/text_samples.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/features/surface_features.hpp"
#include "workers/data/features/text_recipe.hpp"
#include "workers/data/features/tf_idf.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;
using testing_support::DenseTextTwin;
using testing_support::random_texts;
using testing_support::refusal;

constexpr TextFeatureOptions k_wide{.dimensions = 8, .buckets = 1 << 22, .surface = false};

TextFeatures::Result features_of(const std::vector<std::string>& texts, const std::vector<bool>& fitted,
                                 const TextFeatureOptions& options = k_wide) {
  TextFeatures maker(options);
  for (const std::string& text : texts) {
    maker.add(text, "of the law");
  }
  EXPECT_EQ(maker.rows(), static_cast<std::int64_t>(texts.size()));
  return maker.finish(fitted);
}

std::vector<bool> first_of(std::size_t fitted, std::size_t all) {
  std::vector<bool> which(all, false);
  std::fill_n(which.begin(), fitted, true);
  return which;
}

std::uint32_t bucket_of(const NgramHasher& hasher, const std::string& term) {
  const std::string ngram = term.substr(2);
  return term.starts_with("w:") ? hasher.word_bucket(ngram) : hasher.character_bucket(ngram);
}

class AgainstTheTwin : public testing::Test {
 protected:
  const std::vector<std::string> texts_ = random_texts(60, 11);
  const std::vector<bool> fitted_ = first_of(45, 60);
  const DenseTextTwin twin_{texts_, fitted_};
  NgramHasher hasher_{k_wide};
};

TEST_F(AgainstTheTwin, TermWeightsAreThoseOfTheTextbook) {
  std::map<std::uint32_t, Eigen::Index> column_of_bucket;
  for (std::size_t term = 0; term < twin_.terms.size(); ++term) {
    column_of_bucket[bucket_of(hasher_, twin_.terms[term])] = static_cast<Eigen::Index>(term);
  }
  ASSERT_EQ(column_of_bucket.size(), twin_.terms.size()) << "terms collide; take more buckets";
  std::vector<NgramCounts> counts;
  for (const std::string& text : texts_) {
    counts.push_back(hasher_.count(text));
  }
  const TfIdf fitted = fit_tf_idf(counts, fitted_, k_wide.buckets, 1);
  ASSERT_EQ(fitted.buckets.size(), twin_.terms.size());
  const TfIdfWeights weights(fitted, k_wide.buckets);
  SparseRow row;
  for (std::size_t text = 0; text < texts_.size(); ++text) {
    weights.weigh(counts[text], row);
    Eigen::VectorXd dense = Eigen::VectorXd::Zero(twin_.weights.cols());
    for (std::size_t entry = 0; entry < row.columns.size(); ++entry) {
      const std::uint32_t bucket = fitted.buckets[static_cast<std::size_t>(row.columns[entry])];
      dense[column_of_bucket.at(bucket)] = row.values[entry];
    }
    EXPECT_LT((dense.transpose() - twin_.weights.row(static_cast<Eigen::Index>(text))).norm(), 1e-6) << texts_[text];
  }
}

TEST_F(AgainstTheTwin, ColumnsAreTheLeadingDirections) {
  const TextFeatures::Result result = features_of(texts_, fitted_);
  ASSERT_EQ(result.dimensions, 8);
  const Eigen::MatrixXd expected = twin_.weights * twin_.basis.leftCols(8);
  for (Eigen::Index column = 0; column < 8; ++column) {
    EXPECT_NEAR(result.model.arrays.at("singular_values").values[static_cast<std::size_t>(column)],
                twin_.singular_values[column], 1e-4);
  }
  // Signs are free in the twin, and close singular values turn their directions: products of rows are compared.
  Eigen::MatrixXd found(60, 8);
  for (Eigen::Index row = 0; row < 60; ++row) {
    for (Eigen::Index column = 0; column < 8; ++column) {
      found(row, column) = result.features[static_cast<std::size_t>(row * 8 + column)];
    }
  }
  EXPECT_LT((found * found.transpose() - expected * expected.transpose()).cwiseAbs().maxCoeff(), 1e-3);
}

TEST(TextFeaturesTest, RowsThatAreNotFittedDoNotChangeTheFit) {
  std::vector<std::string> texts = random_texts(50, 3);
  const TextFeatures::Result before = features_of(texts, first_of(30, 50));
  for (std::size_t row = 30; row < 50; ++row) {
    texts[row] = "something else entirely " + std::to_string(row);
  }
  const TextFeatures::Result after = features_of(texts, first_of(30, 50));
  EXPECT_EQ(before.model, after.model);
  EXPECT_TRUE(std::equal(before.features.begin(), before.features.begin() + 30 * 8, after.features.begin()));
  EXPECT_FALSE(before.features == after.features);
}

TEST(TextFeaturesTest, OrderOfRowsDoesNotMatter) {
  std::vector<std::string> texts = random_texts(40, 4);
  TextFeatureOptions options = k_wide;
  options.dimensions = 40;  // every direction fits in the range, so the result is exact
  const TextFeatures::Result forward = features_of(texts, first_of(40, 40), options);
  std::reverse(texts.begin(), texts.end());
  const TextFeatures::Result backward = features_of(texts, first_of(40, 40), options);
  ASSERT_EQ(forward.dimensions, backward.dimensions);
  EXPECT_EQ(forward.model.arrays.at("buckets"), backward.model.arrays.at("buckets"));
  EXPECT_EQ(forward.model.arrays.at("idf"), backward.model.arrays.at("idf"));
  const auto width = static_cast<std::size_t>(forward.dimensions);
  for (std::size_t row = 0; row < 40; ++row) {
    double forward_size = 0;
    double backward_size = 0;
    for (std::size_t column = 0; column < width; ++column) {
      forward_size += std::pow(forward.features[row * width + column], 2);
      backward_size += std::pow(backward.features[(39 - row) * width + column], 2);
    }
    EXPECT_NEAR(forward_size, 1, 1e-5);  // nothing is lost of a row of length 1
    EXPECT_NEAR(backward_size, 1, 1e-5);
  }
}

TEST(TextFeaturesTest, SameTextsSameBits) {
  const std::vector<std::string> texts = random_texts(50, 5);
  const TextFeatureOptions options{.dimensions = 16, .buckets = 1024, .seed = 9};  // with collisions
  const TextFeatures::Result first = features_of(texts, first_of(40, 50), options);
  const TextFeatures::Result second = features_of(texts, first_of(40, 50), options);
  EXPECT_EQ(first.features, second.features);
  EXPECT_EQ(first.model, second.model);
}

TEST(TextFeaturesTest, AStoredModelGivesTheSameBits) {
  std::vector<std::string> texts = random_texts(50, 6);
  texts[3] = "\xC3\x89t\xC3\xA9! don't \xFF";
  texts[4] = "";
  texts[45] = "words that nobody fitted";
  for (const bool surface : {true, false}) {
    for (const std::int64_t dimensions : {16, 0}) {
      const TextFeatureOptions options{.dimensions = dimensions, .buckets = 4096, .surface = surface};
      if (dimensions == 0 && !surface) {
        continue;
      }
      const TextFeatures::Result result = features_of(texts, first_of(40, 50), options);
      std::vector<TextAndQuestion> again;
      for (const std::string& text : texts) {
        again.push_back({text, "of the law"});
      }
      const std::vector<float> applied = apply_text_features(result.model, again);
      EXPECT_EQ(applied, result.features);
      EXPECT_EQ(apply_text_features(result.model, std::span(again).subspan(7, 1)),
                std::vector<float>(applied.begin() + 7 * result.dimensions, applied.begin() + 8 * result.dimensions));
    }
  }
}

TEST(TextFeaturesTest, NamesAndRecipeSayWhatCameOut) {
  const TextFeatureOptions options{.dimensions = 3, .seed = 7};
  const TextFeatures::Result result = features_of(random_texts(20, 7), first_of(15, 20), options);
  EXPECT_EQ(result.dimensions, 28);
  EXPECT_EQ(result.names.size(), 28U);
  EXPECT_EQ(result.names[0], "surface_log_characters");
  EXPECT_EQ(result.names[25], "text_0");
  EXPECT_EQ(result.names[27], "text_2");
  EXPECT_EQ(std::set<std::string>(result.names.begin(), result.names.end()).size(), 28U);
  EXPECT_EQ(result.features.size(), 20U * 28U);
  const auto recipe = nlohmann::json::parse(result.model.recipe);
  EXPECT_EQ(recipe.dump(), result.model.recipe) << "not canonical";
  EXPECT_EQ(recipe.at("version"), 1);
  EXPECT_EQ(recipe.at("seed"), 7);
  EXPECT_EQ(recipe.at("fitted_texts"), 15);
  EXPECT_EQ(recipe.at("columns"), 3);
  EXPECT_EQ(recipe.at("arrays_sha256").get<std::string>().size(), 64U);
  EXPECT_EQ(read_text_model(result.model).options, options);
}

TEST(TextFeaturesTest, DegenerateTexts) {
  const std::vector<std::string> equal(5, "the same text");
  const TextFeatures::Result same = features_of(equal, first_of(4, 5));
  EXPECT_EQ(same.dimensions, 1);
  EXPECT_THAT(same.features, testing::Each(testing::FloatNear(1, 1e-6F)));
  const TextFeatures::Result one = features_of({"one row"}, {true});
  EXPECT_EQ(one.dimensions, 1);
  EXPECT_NEAR(one.features[0], 1, 1e-6);
  const TextFeatureOptions with_surface{.dimensions = 8};
  const TextFeatures::Result empty = features_of({"", " ", "?!"}, {true, true, false}, with_surface);
  EXPECT_EQ(empty.dimensions, 25);
  EXPECT_TRUE(empty.model.arrays.empty());
  EXPECT_TRUE(std::all_of(empty.features.begin(), empty.features.end(), [](float v) { return std::isfinite(v); }));
  // A text without a fitted term is 0 in every column.
  const TextFeatures::Result unknown = features_of({"sun moon", "sun", "zzzz"}, first_of(2, 3));
  ASSERT_EQ(unknown.dimensions, 2);
  EXPECT_EQ(unknown.features[4], 0);
  EXPECT_EQ(unknown.features[5], 0);
}

TEST(TextFeaturesTest, FewerTextsMayDecideOnTheColumns) {
  const std::vector<std::string> texts = random_texts(60, 8);
  TextFeatureOptions options = k_wide;
  options.decomposed_texts = 20;
  const TextFeatures::Result part = features_of(texts, first_of(60, 60), options);
  options.decomposed_texts = 60;
  const TextFeatures::Result whole = features_of(texts, first_of(60, 60), options);
  EXPECT_EQ(part.model.arrays.at("idf"), whole.model.arrays.at("idf"));  // all texts weigh terms
  EXPECT_FALSE(part.features == whole.features);
  // The texts that decide are 0, 3, 6, ...: the others do not.
  std::vector<std::string> others = texts;
  std::swap(others[1], others[2]);
  EXPECT_EQ(features_of(others, first_of(60, 60),
                        {.dimensions = 8, .buckets = 1 << 22, .decomposed_texts = 20, .surface = false})
                .model.arrays.at("basis"),
            part.model.arrays.at("basis"));
}

TEST(TextFeaturesTest, RareTermsMayBeLeftOut) {
  const std::vector<std::string> texts{"sun moon", "sun rain", "sun law"};
  TextFeatureOptions options = k_wide;
  options.minimum_texts = 2;
  const auto rare = features_of(texts, first_of(3, 3), options).model.arrays.at("buckets");
  // "sun", and the parts of " sun ": sun, " su", "un ", " sun", "sun ", " sun ".
  EXPECT_EQ(rare.values.size(), 7U);
}

TEST(TextFeaturesTest, WhatCannotBeFittedIsRefused) {
  EXPECT_THAT(refusal(ExitCode::file, [] { (void)features_of({"a", "b"}, {false, false}); }),
              HasSubstr("no text in a training context"));
  EXPECT_THAT(refusal(ExitCode::file, [] { (void)features_of({"", "b"}, {true, false}); }),
              HasSubstr("no text of a training context has a word"));
}

TEST(TextFeaturesTest, OptionsOutOfRangeAreRefused) {
  const auto message = [](const TextFeatureOptions& options) {
    return refusal(ExitCode::configuration, [&] { const TextFeatures maker(options); });
  };
  EXPECT_THAT(message({.dimensions = -1}), HasSubstr("-1 dimensions; there may be 0 to 4096"));
  EXPECT_THAT(message({.dimensions = 0, .surface = false}), HasSubstr("leave no feature"));
  EXPECT_THAT(message({.buckets = 1000}), HasSubstr("1000 buckets; their number must be a power of 2"));
  EXPECT_THAT(message({.buckets = 1 << 23}), HasSubstr("from 1024 to 4194304"));
  EXPECT_THAT(message({.word_ngrams = {2, 1}}), HasSubstr("n-grams of words go from 2 to 1"));
  EXPECT_THAT(message({.character_ngrams = {0, 5}}), HasSubstr("n-grams of characters go from 0 to 5"));
  EXPECT_THAT(message({.minimum_texts = 0}), HasSubstr("fewer than 1 text"));
  EXPECT_THAT(message({.decomposed_texts = 0}), HasSubstr("at least 1 text"));
}

TEST(TextFeaturesTest, ForeignModelsAreRefused) {
  const FeatureModel good = features_of(random_texts(20, 9), first_of(20, 20)).model;
  const auto message = [](const FeatureModel& model) {
    const std::vector<TextAndQuestion> texts{{"sun", ""}};
    return refusal(ExitCode::file, [&] { (void)apply_text_features(model, texts); });
  };
  EXPECT_THAT(message({}), HasSubstr("is empty: these features were not made from texts"));
  FeatureModel model = good;
  model.recipe = "{\"kind\":\"other\"}";
  EXPECT_THAT(message(model), HasSubstr("is of the kind \"other\""));
  model.recipe = "no json";
  EXPECT_THAT(message(model), HasSubstr("has a recipe that cannot be read"));
  const auto replaced = [&](const std::string& from, const std::string& to) {
    FeatureModel changed = good;
    changed.recipe.replace(changed.recipe.find(from), from.size(), to);
    return message(changed);
  };
  EXPECT_THAT(replaced("\"version\":1", "\"version\":2"), HasSubstr("has version 2; this program knows version 1"));
  EXPECT_THAT(replaced("\"columns\":8", "\"columns\":7"),
              HasSubstr("lacks its array \"basis\", or it has another shape"));
  EXPECT_THAT(replaced("\"columns\":8", "\"columns\":9"), HasSubstr("has sizes that no text gives"));
  model = good;
  model.arrays.at("basis").values[5] += 1e-6F;
  EXPECT_THAT(message(model), HasSubstr("has other arrays than its recipe was written for"));
  model = good;
  model.arrays.erase("idf");
  EXPECT_THAT(message(model), HasSubstr("has other arrays"));
}

}  // namespace
}  // namespace fairsweep
