#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/workers/data/judgements.hpp"
#include "tests/workers/data/sample_data.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/description/describe_data.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;
using testing_support::full_sample_data;
using testing_support::judged;
using testing_support::refusal;
using testing_support::sample_data;
using testing_support::say;

/// Four people of two groups, who judge the pairs of three contexts.
PreferenceData judged_by_both() {
  PreferenceData data = judged(4, {2, 2, 2});
  data.user_attributes["side"] = {{"left", "right"}, {0, 0, 1, 1}};
  const auto prefer = [&](int user, int context, bool first) {
    say(data, user,
        first ? std::vector<std::int64_t>{2 * context, 2 * context + 1}
              : std::vector<std::int64_t>{2 * context + 1, 2 * context});
  };
  prefer(0, 0, true);  // context 0: left for the first, right for the second: opposite
  prefer(2, 0, false);
  prefer(3, 0, false);
  prefer(0, 1, true);  // context 1: both for the first; user 0 is asked three times
  prefer(0, 1, true);
  prefer(0, 1, false);
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
  EXPECT_EQ(d.ties, 0);
  EXPECT_TRUE(d.weighted);
  EXPECT_EQ(d.consistency.repeat_pairs, 1);
  EXPECT_EQ(d.consistency.repeat_agreements, 0);
  EXPECT_EQ(d.classes.people[static_cast<std::size_t>(LabelClass::unknown)], 3) << "one repeat judges nobody";
  EXPECT_EQ(d.votes.pairs, 1 + 6);
  EXPECT_EQ(d.votes.answers, 1 + 2 + 6 + 1 + 1);
  EXPECT_EQ(d.votes.by_two, 3) << "2 and 4, 3 and 4, 2 and 5; 0 and 1 are asked twice, but of one person";
  EXPECT_EQ(d.votes.unanimous, 2);
  EXPECT_EQ(d.flips.judged_whole, 1);
  EXPECT_NEAR(d.flips.median, 0.125, 1e-4) << "4 against 5, by way of 2";
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
  EXPECT_EQ(d.consistency.repeat_pairs, 3);
  EXPECT_EQ(d.consistency.repeat_agreements, 1);
  EXPECT_EQ(d.attributes[0].ceiling.pairs, 3);
  // Context 0: 1/2; context 1: (2/3 + 1) / 2; context 2: (1 + 1/2) / 2.
  EXPECT_DOUBLE_EQ(d.attributes[0].ceiling.plug_in, (0.5 + 5.0 / 6 + 0.75) / 3);
  EXPECT_EQ(d.attributes[0].groups[0].support.users, 2);
  const std::string text = describe_text(d);
  EXPECT_THAT(text, HasSubstr("conflict of left and right: 50.0 % opposite majorities (1 of 2 pairs judged by both)"));
  EXPECT_THAT(text,
              HasSubstr("3 pairs of answers to the same question, 33.3 % alike (stable share 0.0 %, noise 50.0 %)"));
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
  const auto groups = describe_data(data, {.attribute = "side"}).attributes.at(0).groups;
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
comparisons    5 (3 pairs, 1 choice, 1 ranking, 0 ties); weighted in training, not here
per person     1 least, 1 median, 3 most
features       2: length, tone
user features  1: age
judged         7 pairs of candidates, votes a pair: 1 least, 1 median, 2 most; 3 by two or more
unanimous      2 of the 3 pairs that two or more people put in order (66.7 %)
disagreement   two people order 50.0 % of what both judged oppositely, on average (2 pairs of people); 33.3 %
               of all pairs of answers are opposite
one model      at best 66.7 % (leave-one-out, too low) to 83.3 % (plug-in, too high) right; 3 pairs, 6 votes
               personalisation can gain 16.7 % to 33.3 % over one model
support        least 0.00, quartiles 0.33 0.67 0.83, most 1.00 of the others agree (3 people)
top answer     1 of 1 contexts of three or more have every pair judged; other shares of opponents flip 1 of 1
               (100.0 %); median distance 0.125 over these, least 0.125
hidden types   at most 1 (median 1 ordered answers a person; K types need 2 K - 1)
               warning: at least half of the people answered fewer than two questions: how people differ
               cannot be learned from these answers, only from what else is known of them
consistency    1 pair of answers to the same question, 0.0 % alike (stable share 0.0 %, noise 50.0 %)
               too little to judge a single person by: nobody has 4 such pairs
attribute region
    north                  1 person         3 comparisons  support 0.000
    south                  1 person         1 comparison   support 1.000
    not known: 1 person, 1 comparison
    conflict of north and south: not measurable: no pair judged by both with a clear majority
attribute taste
    a                      1 person         1 comparison   ceiling 0.7500  support 0.667
    b                      2 people         4 comparisons  ceiling 0.9000  support 0.500
    conflict of a and b: 33.3 % opposite majorities (1 of 3 pairs judged by both)
    one model, groups weighing the same: at best 66.7 % (leave-one-out, too low) to 83.3 % (plug-in, too high) right; 3 pairs, 6 votes
licence        CC0-1.0
name           sample
recipe         written by hand ...
digest         d5abfcd3209457ba8d3a0ebc48e6f5a6a64219e11c2498bfb953b8209c9491a0
)");
}

TEST(Describe, LeavesOutWhatIsEmpty) {
  PreferenceData data = sample_data();
  data.about["option items"] = "";
  data.about["option spaces"] = "one";
  const std::string text = describe_text(describe_data(data));
  EXPECT_THAT(text, testing::Not(HasSubstr("option items")));
  EXPECT_THAT(text, HasSubstr("option spaces  one"));
}

TEST(Describe, JsonSaysTheSame) {
  const auto json = nlohmann::json::parse(describe_json(describe_data(sample_data(), {.attribute = "taste"})));
  EXPECT_EQ(json["users"], 3);
  EXPECT_EQ(json["rankings"], 1);
  EXPECT_EQ(json["attributes"].size(), 1U);
  EXPECT_EQ(json["attributes"][0]["groups"][1]["ceiling"], 0.9);
  EXPECT_EQ(json["attributes"][0]["conflicts"][0]["shared"], 3);
  EXPECT_EQ(json["attributes"][0]["conflicts"][0]["opposite"], 1);
  EXPECT_EQ(json["about"]["recipe"], "written by hand\nin two lines");
}

/// Every path of an object, "a.b[].c", whatever the entries of arrays are.
void paths_of(const nlohmann::json& json, const std::string& prefix, std::set<std::string>& paths) {
  for (const auto& [key, value] : json.items()) {
    const std::string path = json.is_array() ? prefix + "[]" : prefix + (prefix.empty() ? "" : ".") + key;
    if (value.is_structured()) {
      paths_of(value, path, paths);
    } else {
      paths.insert(path);
    }
  }
}

TEST(Describe, EveryKeyIsDocumented) {
  std::set<std::string> paths;
  paths_of(nlohmann::json::parse(describe_json(describe_data(full_sample_data()))), "", paths);
  std::ifstream page(FAIRSWEEP_SOURCE_DIR "/docs/describing_data.md");
  std::ostringstream whole;
  whole << page.rdbuf();
  const std::string text = whole.str();
  ASSERT_FALSE(text.empty());
  EXPECT_GT(paths.size(), 60U);
  for (const std::string& path : paths) {
    const std::size_t dot = path.rfind('.');
    std::string key = path.substr(dot == std::string::npos ? 0 : dot + 1);
    if (const std::size_t bracket = key.find('['); bracket != std::string::npos) {
      key.resize(bracket);
    }
    const bool free = path.starts_with("about.");
    EXPECT_TRUE(free || text.find('`' + key + '`') != std::string::npos) << path;
  }
}

TEST(Describe, ComparisonAttributesHaveGroupsToo) {
  const DataDescription d = describe_data(full_sample_data(), {.attribute = "stance"});
  ASSERT_EQ(d.attributes.size(), 1U);
  const AttributeDescription& stance = d.attributes[0];
  EXPECT_TRUE(stance.of_comparisons);
  EXPECT_EQ(stance.unknown_comparisons, 1);
  ASSERT_EQ(stance.groups.size(), 2U);
  EXPECT_EQ(stance.groups[0].comparisons, 2);
  EXPECT_EQ(stance.groups[0].users, 1) << "both are of one person";
  EXPECT_EQ(stance.groups[1].users, 2);
  EXPECT_THAT(describe_text(d), HasSubstr("attribute stance (of single comparisons)"));
  EXPECT_THAT(describe_text(d), HasSubstr("not known: 1 comparison\n"));
}

/// Every number of a description is finite or null, and both forms can be made.
void expect_sound(const PreferenceData& data) {
  const DataDescription d = describe_data(data);
  EXPECT_FALSE(describe_text(d).empty());
  EXPECT_EQ(describe_text(d).find(" nan"), std::string::npos) << describe_text(d);
  EXPECT_EQ(nlohmann::json::parse(describe_json(d))["comparisons"], data.comparison_count());
}

TEST(Describe, OneComparisonOfOnePerson) {
  PreferenceData data = judged(1, {2});
  say(data, 0, {1, 0});
  data.user_attributes["side"] = {{"left"}, {0}};
  expect_sound(data);
  const std::string text = describe_text(describe_data(data));
  EXPECT_THAT(text, HasSubstr("one model      not measurable: no pair has 2 votes that say an order"));
  EXPECT_THAT(text, HasSubstr("consistency    cannot be known: nobody put the same two candidates in order twice"));
  EXPECT_THAT(text, HasSubstr("top answer     nothing to flip: no context has three candidates"));
  EXPECT_THAT(text, HasSubstr("hidden types   at most 1"));
}

TEST(Describe, NothingButTies) {
  PreferenceData data = judged(3, {3});
  for (std::int32_t user = 0; user < 3; ++user) {
    say(data, user, {0, 1, 2}, 0);
    say(data, user, {2, 1, 0}, 0);
  }
  data.user_attributes["side"] = {{"left", "right"}, {0, 1, -1}};
  expect_sound(data);
  const DataDescription d = describe_data(data);
  EXPECT_EQ(d.ties, 6);
  EXPECT_EQ(d.votes.pairs, 3);
  EXPECT_EQ(d.votes.ties, 18);
  EXPECT_EQ(d.votes.unanimous_with_ties, 3);
  EXPECT_EQ(d.ceiling.pairs, 0);
  EXPECT_EQ(d.flips.tied, 1);
  EXPECT_EQ(d.consistency.tied_pairs, 9);
  EXPECT_THAT(describe_text(d), HasSubstr("cannot be known"));
}

TEST(Describe, NobodySharesAPair) {
  PreferenceData data = judged(2, {3, 2});
  say(data, 0, {0, 1});
  say(data, 1, {3, 4});
  data.user_attributes["side"] = {{"left", "right"}, {0, 1}};
  expect_sound(data);
  EXPECT_THAT(describe_text(describe_data(data)), HasSubstr("0 of 1 contexts of three or more have every pair judged"));
}

TEST(Describe, ManyGroups) {
  for (const std::size_t labels : {4U, 5U, 33U}) {
    PreferenceData data = judged(40, {2});
    Attribute side;
    for (std::int32_t user = 0; user < 40; ++user) {
      say(data, user, user % 2 == 0 ? std::vector<std::int64_t>{0, 1} : std::vector<std::int64_t>{1, 0});
      side.codes.push_back(user % static_cast<std::int32_t>(labels));
    }
    for (std::size_t label = 0; label < labels; ++label) {
      side.labels.push_back("g" + std::to_string(label));
    }
    data.user_attributes["side"] = side;
    expect_sound(data);
    const DataDescription d = describe_data(data);
    EXPECT_EQ(d.attributes[0].conflicts.size(), labels <= k_most_conflict_groups ? labels * (labels - 1) / 2 : 0);
    EXPECT_THAT(describe_text(d),
                HasSubstr(labels == 4   ? "conflict of g0 and g1: 100.0 % opposite majorities (1 of 1 pairs"
                          : labels == 5 ? "conflict, per cent opposite majorities (pairs judged by both)"
                                        : "conflict: not worked out between 33 groups, at most 32"));
  }
}

TEST(Describe, SaysWhatPeopleAre) {
  PreferenceData data = judged(2, {2});
  for (int times = 0; times < 6; ++times) {
    say(data, 0, {0, 1});
    say(data, 1, times % 2 == 0 ? std::vector<std::int64_t>{0, 1} : std::vector<std::int64_t>{1, 0});
  }
  data.user_attributes["side"] = {{"left", "right"}, {0, 1}};
  const DataDescription d = describe_data(data);
  EXPECT_EQ(d.classes.people[static_cast<std::size_t>(LabelClass::stable)], 1);
  EXPECT_EQ(d.classes.people[static_cast<std::size_t>(LabelClass::non_attitude)], 1);
  EXPECT_EQ(d.attributes[0].groups[0].classes.comparisons[static_cast<std::size_t>(LabelClass::stable)], 6);
  EXPECT_THAT(describe_text(d),
              HasSubstr("people (and comparisons): stable 50.0 % (50.0 %), non-attitude 50.0 % (50.0 %)"));
  EXPECT_THAT(describe_text(d), HasSubstr("        answers: non-attitude 100.0 % (100.0 %)\n"));
  DescribeOptions strict;
  strict.rules.least_pairs = 100;
  EXPECT_THAT(describe_text(describe_data(data, strict)),
              HasSubstr("too little to judge a single person by: nobody has 100 such pairs"));
}

TEST(Describe, RefusesOptionsOutOfRange) {
  const auto words = [](const DescribeOptions& options) {
    return refusal(ExitCode::configuration, [&] { (void)describe_data(sample_data(), options); });
  };
  EXPECT_EQ(words({.minimum_votes = 1}), "the ceiling needs at least 2 votes a pair, not 1");
  EXPECT_EQ(words({.rules = {.least_pairs = 0}}), "a person is judged by at least 1 repeat, not 0");
  EXPECT_EQ(words({.rules = {.least_stable_share = 1.5}}), "the least stable share is a number from 0 to 1");
  EXPECT_EQ(words({.rules = {.shrinkage = -1}}), "the shrinkage is a finite number, 0 or more");
}

TEST(Describe, NamesAnAttributeThatIsNotThere) {
  EXPECT_EQ(refusal(ExitCode::configuration, [] { (void)describe_data(sample_data(), {.attribute = "regoin"}); }),
            "there is no attribute \"regoin\"; did you mean \"region\"?; the file has region, taste");
}

}  // namespace
}  // namespace fairsweep
