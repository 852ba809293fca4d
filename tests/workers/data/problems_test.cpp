#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tests/workers/data/sample_data.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {
namespace {

using testing_support::full_sample_data;

struct Broken {
  std::string sentence;  ///< the only problem that the change makes
  std::function<void(PreferenceData&)> change;
};

const std::vector<Broken>& broken_rules() {
  constexpr float k_nan = std::numeric_limits<float>::quiet_NaN();
  constexpr float k_infinity = std::numeric_limits<float>::infinity();
  static const std::vector<Broken> rules{
      {"/candidates/features: has 11 values; it must have 12, candidates times features",
       [](auto& d) { d.features.pop_back(); }},
      {"/candidates/features, row 1, column 1: is not a finite number", [](auto& d) { d.features[3] = k_nan; }},
      {"/candidates/features, row 0, column 0: is not a finite number (and 1 more value)",
       [](auto& d) { d.features[0] = d.features[5] = k_infinity; }},
      {"/candidates/feature_names: has 1 values; it must have 2, one for each feature",
       [](auto& d) { d.feature_names.pop_back(); }},
      {"/candidates/feature_names, row 1: \"length\" is there twice; names must differ",
       [](auto& d) { d.feature_names[1] = "length"; }},
      {"/candidates/feature_names, row 0: is empty; every name needs at least one character",
       [](auto& d) { d.feature_names[0] = ""; }},
      {"/candidates/features: is 6 x 0; there must be at least one feature", [](auto& d) { d.feature_count = 0; }},
      {"/contexts/offset: is empty; it starts with 0", [](auto& d) { d.context_offset.clear(); }},
      {"/contexts/offset, row 0: is 1; the first offset is 0", [](auto& d) { d.context_offset[0] = 1; }},
      {"/contexts/offset, row 2: is 5; the last offset must be 6", [](auto& d) { d.context_offset[2] = 5; }},
      {"/contexts/offset, row 0: goes from 0 to 0; it must grow by at least 1",
       [](auto& d) { d.context_offset[1] = 0; }},
      {"/users/names, row 2: \"ann\" is there twice; names must differ", [](auto& d) { d.user_names[2] = "ann"; }},
      {"/users/names, row 1: is not UTF-8", [](auto& d) { d.user_names[1] = "b\xFF"; }},
      {"/users/features: has 2 values; it must have 3, users times user features",
       [](auto& d) { d.user_features.pop_back(); }},
      {"/users/features, row 2, column 0: is not a finite number", [](auto& d) { d.user_features[2] = -k_infinity; }},
      {"/users/feature_names: has 0 values; it must have 1, one for each user feature",
       [](auto& d) { d.user_feature_names.clear(); }},
      {"/users/attributes/region/codes: has 2 values; it must have 3, one for each user",
       [](auto& d) { d.user_attributes["region"].codes.pop_back(); }},
      {"/users/attributes/region/codes, row 1: is 2; it must be -1 (not known) or one of the 2 labels, from 0",
       [](auto& d) { d.user_attributes["region"].codes[1] = 2; }},
      {"/users/attributes/region/labels, row 1: \"north\" is there twice; names must differ",
       [](auto& d) { d.user_attributes["region"].labels[1] = "north"; }},
      {"/users/attributes/none/labels: is empty; an attribute has at least one label",
       [](auto& d) { d.user_attributes["none"] = {{}, {-1, -1, -1}}; }},
      {"/users/attributes/a/b: an attribute's name is UTF-8, not empty, not \".\" and without \"/\"",
       [](auto& d) { d.user_attributes["a/b"] = d.user_attributes["taste"]; }},
      {"/users/links/to: has 2 values; it must have 3, as many as /users/links/from",
       [](auto& d) { d.user_links.to.pop_back(); }},
      {"/users/links/weight: has 2 values; it must have 3, one for each link, or be left out",
       [](auto& d) { d.user_links.weight.pop_back(); }},
      {"/users/links, row 1: links user 3; there are 3 users, from 0", [](auto& d) { d.user_links.from[1] = 3; }},
      {"/users/links, row 0: links user -1; there are 3 users, from 0", [](auto& d) { d.user_links.to[0] = -1; }},
      {"/users/links, row 2: links user 2 to himself", [](auto& d) { d.user_links.to[2] = 2; }},
      {"/users/links, row 2: links user 2 to user 0, which a row before does", [](auto& d) { d.user_links.to[2] = 0; }},
      {"/users/links/weight, row 1: must be finite and above 0 (and 1 more row)",
       [](auto& d) {
         d.user_links.weight[1] = 0;
         d.user_links.weight[2] = k_infinity;
       }},
      {"/comparisons/user: is empty; there must be at least one comparison",
       [](auto& d) {
         d.comparison_user.clear();
         d.comparison_context.clear();
         d.comparison_offset = {0};
         d.comparison_candidate.clear();
         d.comparison_ranked.clear();
         d.comparison_weight.clear();
         d.comparison_repeat.clear();
       }},
      {"/comparisons/user, row 1: is 3; there are 3 users, from 0", [](auto& d) { d.comparison_user[1] = 3; }},
      {"/comparisons/context: has 4 values; it must have 5, one for each comparison",
       [](auto& d) { d.comparison_context.pop_back(); }},
      {"/comparisons/context, row 4: is -1; there are 2 contexts, from 0",
       [](auto& d) { d.comparison_context[4] = -1; }},
      {"/comparisons/offset, row 5: is 14; the last offset must be 13", [](auto& d) { d.comparison_offset[5] = 14; }},
      {"/comparisons/candidate, row 0: candidate 2 is not one of context 0",
       [](auto& d) { d.comparison_candidate[1] = 2; }},
      {"/comparisons/candidate, row 2: a candidate is there twice", [](auto& d) { d.comparison_candidate[5] = 4; }},
      {"/comparisons/ranked, row 2: is 4; of 4 candidates 0 (a tie) to 3 can be ranked",
       [](auto& d) { d.comparison_ranked[2] = 4; }},
      {"/comparisons/ranked, row 0: is -1; of 2 candidates 0 (a tie) to 1 can be ranked",
       [](auto& d) { d.comparison_ranked[0] = -1; }},
      {"/comparisons/time: has 4 values; it must have 5, one for each comparison, or be left out",
       [](auto& d) { d.comparison_time.pop_back(); }},
      {"/comparisons/position: has 12 values; it must have 13, as many as /comparisons/candidate, or be left out",
       [](auto& d) { d.comparison_position.pop_back(); }},
      {"/comparisons/position, row 1: the places of its candidates must be 0 to 2, each once",
       [](auto& d) { d.comparison_position[3] = 2; }},
      {"/comparisons/attributes/stance/codes: has 4 values; it must have 5, one for each comparison",
       [](auto& d) { d.comparison_attributes["stance"].codes.pop_back(); }},
      {"/comparisons/attributes/stance/codes, row 0: is 2; it must be -1 (not known) or one of the 2 labels, from 0",
       [](auto& d) { d.comparison_attributes["stance"].codes[0] = 2; }},
      {"/candidates/text: has 5 values; it must have 6, one for each candidate, or be left out",
       [](auto& d) { d.candidate_text.pop_back(); }},
      {"/candidates/names, row 1: two candidates of context 1 are called \"c\"",
       [](auto& d) { d.candidate_names[5] = "c"; }},
      {"/candidates/names, row 0: candidate 0 has a name that is empty or not UTF-8",
       [](auto& d) { d.candidate_names[0] = ""; }},
      {"/contexts/names, row 1: \"first\" is there twice; names must differ",
       [](auto& d) { d.context_names[1] = "first"; }},
      {"/contexts/text: has 1 values; it must have 2, one for each context, or be left out",
       [](auto& d) { d.context_text.pop_back(); }},
      {"/contexts/fitted, row 0: must be 1 (the features were fitted on it) or 0",
       [](auto& d) { d.context_fitted[0] = 2; }},
      {"/contexts/wording, row 0: is -2; it must be -1 (none) or an id from 0",
       [](auto& d) { d.context_wording[0] = -2; }},
      {"/contexts/wording, row 1: shares its id with a context of 2 candidates, but has 4",
       [](auto& d) { d.context_wording[0] = 4; }},
      {"/feature_model: has arrays but no attribute \"recipe\"", [](auto& d) { d.feature_model.recipe.clear(); }},
      {"/feature_model/idf: has 3 values; it must have 4, the product of its shape",
       [](auto& d) { d.feature_model.arrays["idf"].shape = {4}; }},
      {"/feature_model/basis, row 1: is not a finite number",
       [](auto& d) { d.feature_model.arrays["basis"].values[1] = k_nan; }},
      {"/comparisons/weight, row 1: must be finite and above 0", [](auto& d) { d.comparison_weight[1] = 0; }},
      {"/comparisons/weight, row 1: must be finite and above 0", [](auto& d) { d.comparison_weight[1] = k_nan; }},
      {"/comparisons/repeat, row 1: is -2; it must be -1 (none) or an id from 0",
       [](auto& d) { d.comparison_repeat[1] = -2; }},
      {"/comparisons/repeat, row 4: repeats row 0, but has another user, context or candidates",
       [](auto& d) { d.comparison_repeat[4] = 7; }},
      {"/ceilings/region: there is no user attribute of this name",
       [](auto& d) {
         d.user_attributes.erase("region");
         d.ceilings = {{"region", {0.5, 0.5}}};
       }},
      {"/ceilings/taste: has 1 values; it must have 2, one for each label",
       [](auto& d) { d.ceilings[0].accuracy.pop_back(); }},
      {"/ceilings/taste, row 1: is not an accuracy from 0 to 1", [](auto& d) { d.ceilings[0].accuracy[1] = 1.5; }},
      {"/ceilings/taste: ceilings are sorted by attribute, one for each",
       [](auto& d) { d.ceilings.push_back(d.ceilings[0]); }},
      {"/about, \"\": names and values are UTF-8, and names are not empty", [](auto& d) { d.about[""] = "x"; }},
  };
  return rules;
}

TEST(ProblemsOf, FindsNoneInGoodData) { EXPECT_THAT(problems_of(full_sample_data()), testing::IsEmpty()); }

TEST(ProblemsOf, NamesArrayAndRowOfEveryBrokenRule) {
  for (const Broken& rule : broken_rules()) {
    PreferenceData data = full_sample_data();
    rule.change(data);
    EXPECT_THAT(problems_of(data), testing::Contains(rule.sentence)) << testing::PrintToString(problems_of(data));
  }
}

std::vector<std::size_t> sizes_of(const PreferenceData& data) {
  std::vector<std::size_t> sizes{
      data.features.size(),        data.feature_names.size(),       data.context_offset.size(),
      data.user_names.size(),      data.user_features.size(),       data.user_feature_names.size(),
      data.comparison_user.size(), data.comparison_context.size(),  data.user_attributes.size(),
      data.ceilings.size(),        data.candidate_text.size(),      data.context_text.size(),
      data.comparison_time.size(), data.comparison_position.size(), data.user_links.from.size(),
      data.user_links.to.size(),   data.user_links.weight.size()};
  for (const auto& [name, attribute] : data.user_attributes) {
    sizes.push_back(attribute.codes.size());
  }
  for (const Ceiling& ceiling : data.ceilings) {
    sizes.push_back(ceiling.accuracy.size());
  }
  return sizes;
}

TEST(ProblemsOf, CopesWithTwoBrokenRulesAtOnce) {
  for (const Broken& first : broken_rules()) {
    for (const Broken& second : broken_rules()) {
      PreferenceData data = full_sample_data();
      first.change(data);
      if (sizes_of(data) == sizes_of(full_sample_data())) {  // changes index into the arrays of the sample
        second.change(data);
      }
      EXPECT_THAT(problems_of(data), testing::Not(testing::IsEmpty()));
    }
  }
}

TEST(DigestOf, ChangesWithEveryArray) {
  const std::string digest = digest_of(full_sample_data());
  EXPECT_EQ(digest.size(), 64U);
  EXPECT_EQ(digest_of(full_sample_data()), digest);
  for (const Broken& rule : broken_rules()) {
    PreferenceData data = full_sample_data();
    rule.change(data);
    if (data.feature_count == 2) {  // a count alone is not an array
      EXPECT_NE(digest_of(data), digest) << rule.sentence;
    }
  }
}

TEST(DigestOf, IsPinned) {
  // Frozen: files and run records name data by this digest.
  EXPECT_EQ(digest_of(testing_support::sample_data()),
            "d5abfcd3209457ba8d3a0ebc48e6f5a6a64219e11c2498bfb953b8209c9491a0");
}

}  // namespace
}  // namespace fairsweep
