#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

#include "tests/workers/data/sample_data.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/description/describe_data.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;
using testing_support::refusal;
using testing_support::sample_data;

/// Four people of two groups, who judge the pairs of three contexts.
PreferenceData judged_by_both() {
  PreferenceData data;
  data.candidate_count = 6;
  data.feature_count = 1;
  data.feature_names = {"x"};
  data.features.assign(6, 0.0F);
  data.context_offset = {0, 2, 4, 6};
  data.user_names = {"a", "b", "c", "d"};
  data.user_attributes["side"] = {{"left", "right"}, {0, 0, 1, 1}};
  data.comparison_offset = {0};
  const auto prefer = [&](int user, int context, bool first, int repeat = -1) {
    data.comparison_user.push_back(user);
    data.comparison_context.push_back(context);
    data.comparison_candidate.push_back(2 * context + (first ? 0 : 1));
    data.comparison_candidate.push_back(2 * context + (first ? 1 : 0));
    data.comparison_offset.push_back(std::ssize(data.comparison_candidate));
    data.comparison_ranked.push_back(1);
    data.comparison_weight.push_back(1);
    data.comparison_repeat.push_back(repeat);
  };
  prefer(0, 0, true);  // context 0: left for the first, right for the second: opposite
  prefer(2, 0, false);
  prefer(3, 0, false);
  prefer(0, 1, true, 4);  // context 1: both for the first; a asks himself three times
  prefer(0, 1, true, 4);
  prefer(0, 1, false, 4);
  prefer(3, 1, true);
  prefer(1, 2, true);  // context 2: right is undecided
  prefer(2, 2, true);
  prefer(3, 2, false);
  return data;
}

TEST(Describe, CountsEverything) {
  const DataDescription d = describe_data(sample_data());
  EXPECT_EQ(d.users, 3);
  EXPECT_EQ(d.contexts, 2);
  EXPECT_EQ(d.candidates, 6);
  EXPECT_EQ(d.comparisons, 5);
  EXPECT_EQ(d.pairs, 3);
  EXPECT_EQ(d.choices, 1);
  EXPECT_EQ(d.rankings, 1);
  EXPECT_EQ(d.least_per_user, 1);
  EXPECT_EQ(d.median_per_user, 1);
  EXPECT_EQ(d.most_per_user, 3);
  EXPECT_EQ(d.repeated, 1);
  EXPECT_EQ(d.repeat_pairs, 1);
  EXPECT_EQ(d.consistent_pairs, 0);
  ASSERT_EQ(d.attributes.size(), 2U);
  EXPECT_EQ(d.attributes[0].name, "region");
  EXPECT_EQ(d.attributes[0].unknown_users, 1);
  EXPECT_EQ(d.attributes[1].groups[1].users, 2);
  EXPECT_EQ(d.attributes[1].groups[1].comparisons, 4);
  EXPECT_EQ(d.attributes[1].groups[1].ceiling, 0.9);
  EXPECT_EQ(d.digest, digest_of(sample_data()));
}

TEST(Describe, MeasuresConflictWhereBothGroupsJudged) {
  const DataDescription d = describe_data(judged_by_both());
  ASSERT_EQ(d.attributes.size(), 1U);
  ASSERT_EQ(d.attributes[0].conflicts.size(), 1U);
  EXPECT_EQ(d.attributes[0].conflicts[0].shared, 2);
  EXPECT_EQ(d.attributes[0].conflicts[0].opposite, 1);
  EXPECT_EQ(d.repeat_pairs, 3);
  EXPECT_EQ(d.consistent_pairs, 1);
  const std::string text = describe_text(d);
  EXPECT_THAT(text,
              HasSubstr("conflict of left and right: 50.0 % opposite majorities (1 of 2 questions judged by both)"));
  EXPECT_THAT(text, HasSubstr("1 questions asked again, 33.3 % of the answers the same"));
  PreferenceData apart = judged_by_both();
  apart.user_attributes["side"].codes = {0, 0, -1, -1};
  EXPECT_THAT(describe_text(describe_data(apart)),
              HasSubstr("not measurable: no pair judged by both with a clear majority"));
}

TEST(Describe, GivesChoiceSharesWhereAlternativesAreNamed) {
  PreferenceData data = judged_by_both();
  data.feature_count = 2;
  data.feature_names = {"alternative=train", "alternative=car"};
  data.features = {1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1};
  const auto groups = describe_data(data, "side").attributes.at(0).groups;
  EXPECT_THAT(groups[0].choice_shares,
              testing::ElementsAre(testing::Pair("train", 4.0 / 5), testing::Pair("car", 1.0 / 5)));
  EXPECT_THAT(groups[1].choice_shares,
              testing::ElementsAre(testing::Pair("train", 2.0 / 5), testing::Pair("car", 3.0 / 5)));
}

TEST(Describe, PrintsThePage) {
  EXPECT_EQ(describe_text(describe_data(sample_data())),
            R"(people         3
contexts       2
candidates     6
comparisons    5 (3 pairs, 1 choices, 1 rankings)
per person     1 least, 1 median, 3 most
features       2: length, tone
user features  1: age
repeats        1 questions asked again, 0.0 % of the answers the same
attribute region
    north                  1 people         3 comparisons
    south                  1 people         1 comparisons
    not known: 1 people
    conflict of north and south: not measurable: no pair judged by both with a clear majority
attribute taste
    a                      1 people         1 comparisons  ceiling 0.7500
    b                      2 people         4 comparisons  ceiling 0.9000
    conflict of a and b: not measurable: no pair judged by both with a clear majority
licence        CC0-1.0
name           sample
recipe         written by hand ...
digest         d5abfcd3209457ba8d3a0ebc48e6f5a6a64219e11c2498bfb953b8209c9491a0
)");
}

TEST(Describe, JsonSaysTheSame) {
  const auto json = nlohmann::json::parse(describe_json(describe_data(sample_data(), "taste")));
  EXPECT_EQ(json["users"], 3);
  EXPECT_EQ(json["rankings"], 1);
  EXPECT_EQ(json["attributes"].size(), 1U);
  EXPECT_EQ(json["attributes"][0]["groups"][1]["ceiling"], 0.9);
  EXPECT_EQ(json["attributes"][0]["conflicts"][0]["shared"], 0);
  EXPECT_EQ(json["about"]["recipe"], "written by hand\nin two lines");
}

TEST(Describe, NamesAnAttributeThatIsNotThere) {
  EXPECT_EQ(refusal(ExitCode::configuration, [] { (void)describe_data(sample_data(), "regoin"); }),
            "there is no user attribute \"regoin\"; did you mean \"region\"?; the file has region, taste");
}

}  // namespace
}  // namespace fairsweep
