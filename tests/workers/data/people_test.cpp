// Groups and splits together: what resolve_people makes of data and settings.
#include "workers/data/people/resolve_people.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/people_text.hpp"
#include "tests/workers/data/planted_people.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/groups/group_precision.hpp"
#include "workers/data/groups/people_by_label.hpp"
#include "workers/data/people/group_counts.hpp"

namespace fairsweep {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::planted_people;

GroupSettings by_attribute(const std::string& name) {
  GroupSettings settings;
  settings.attribute = name;
  return settings;
}

SplitSettings split_by(const std::string& by) {
  SplitSettings settings;
  settings.by = by;
  return settings;
}

std::string refused(PreferenceData data, const GroupSettings& groups, const SplitSettings& split,
                    std::uint64_t seed = 1) {
  return testing_support::refusal(ExitCode::configuration, [&] { (void)resolve_people(data, groups, split, seed); });
}

/// Planted people with two more attributes and a stance that changes from task to task.
PreferenceData people_with_stances(unsigned seed) {
  PreferenceData data = planted_people({.people = {40, 30}, .contexts = 40, .answers = 12, .seed = seed}).data;
  std::mt19937 random(seed);
  auto& sex = data.user_attributes["sex"];
  auto& age = data.user_attributes["age"];
  sex.labels = {"women", "men"};
  age.labels = {"18-30", "31-60", "61-"};
  for (std::size_t user = 0; user < data.user_names.size(); ++user) {
    sex.codes.push_back(static_cast<std::int32_t>(random() % 2));
    age.codes.push_back(random() % 10 == 0 ? -1 : static_cast<std::int32_t>(user < 3 ? 2 : random() % 2));
  }
  auto& stance = data.comparison_attributes["stance"];
  stance.labels = {"same", "opposite"};
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row)
    stance.codes.push_back(static_cast<std::int32_t>(random() % 3) - 1);
  return data;
}

TEST(People, ByAttributeAreTheLabels) {
  PreferenceData data = people_with_stances(1);
  const PreferenceData before = data;
  const People people = resolve_people(data, by_attribute("block"), split_by("user"), 4);
  EXPECT_EQ(data, before) << "users stay users";
  EXPECT_THAT(people.groups, ElementsAre("block 0", "block 1"));
  EXPECT_EQ(people.group, data.user_attributes.at("block").codes);
  EXPECT_EQ(people.names, data.user_names);
  EXPECT_TRUE(people.person.empty());
  EXPECT_TRUE(people.membership.empty());
}

TEST(People, CombinationsAreGroupsOfAMinimumSize) {
  PreferenceData data = people_with_stances(2);
  GroupSettings settings;
  settings.by = "combination";
  settings.attributes = {"sex", "age"};
  settings.minimum_size = 4;
  const People people = resolve_people(data, settings, split_by("comparison"), 4);
  EXPECT_THAT(people.groups, ElementsAre("women, 18-30", "women, 31-60", "men, 18-30", "men, 31-60"));
  const auto& sex = data.user_attributes.at("sex").codes;
  const auto& age = data.user_attributes.at("age").codes;
  for (std::size_t user = 0; user < sex.size(); ++user)
    EXPECT_EQ(people.group[user], age[user] < 0 || age[user] == 2 ? -1 : 2 * sex[user] + age[user]) << user;
  EXPECT_EQ(people.how.at("people in groups below minimum_size"), "3");

  settings.minimum_size = 71;
  EXPECT_THAT(refused(data, settings, split_by("comparison")), HasSubstr("no group has data.groups.minimum_size = 71"));
  settings.attributes = {"sex"};
  EXPECT_THAT(refused(data, settings, split_by("comparison")), HasSubstr("name at least two"));
  settings.attributes = {"sex", "stanc"};
  EXPECT_THAT(refused(data, settings, split_by("user")), HasSubstr("did you mean \"stance\""));
}

TEST(People, WhoAnswersUnderTwoLabelsIsTwoPeopleKeptTogether) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    const PreferenceData before = people_with_stances(seed);
    PreferenceData data = before;
    const People people = resolve_people(data, by_attribute("stance"), split_by("user"), seed);
    EXPECT_THAT(problems_of(data), testing::IsEmpty());
    EXPECT_THAT(people.groups, ElementsAre("same", "opposite"));
    ASSERT_EQ(people.person, data.comparison_user);
    std::map<std::int64_t, std::set<Split>> parts;
    for (std::size_t row = 0; row < people.person.size(); ++row) {
      const auto person = static_cast<std::size_t>(people.person[row]);
      EXPECT_EQ(people.user[person], before.comparison_user[row]);
      const std::int32_t code = before.comparison_attributes.at("stance").codes[row];
      EXPECT_EQ(people.group[person], code);
      const std::string& name = before.user_names[static_cast<std::size_t>(people.user[person])];
      EXPECT_EQ(people.names[person], code < 0 ? name : name + (code == 0 ? " [same]" : " [opposite]"));
      EXPECT_EQ(data.user_attributes.at("block").codes[person],
                before.user_attributes.at("block").codes[static_cast<std::size_t>(people.user[person])]);
      parts[people.user[person]].insert(people.split[row]);
    }
    for (const auto& [user, in] : parts)
      EXPECT_EQ(in.size(), 1U) << "user " << user << " is on two sides, seed " << seed;
  }
}

TEST(PeopleByLabel, NobodyIsLostAndSilentUsersStay) {
  PreferenceData data = people_with_stances(3);
  data.user_names.emplace_back("silent");
  for (auto& [name, attribute] : data.user_attributes)
    attribute.codes.push_back(0);
  const auto user_of = make_people_of_labels(data, {"stance"});
  EXPECT_EQ(user_of.back(), 70);
  EXPECT_EQ(data.user_names.back(), "silent");
  EXPECT_TRUE(std::is_sorted(user_of.begin(), user_of.end()));
  EXPECT_EQ(std::set<std::int64_t>(user_of.begin(), user_of.end()).size(), 71U);
  EXPECT_EQ(std::set<std::string>(data.user_names.begin(), data.user_names.end()).size(), data.user_names.size());
  EXPECT_EQ(data.user_attributes.at("stance").codes.back(), -1);
}

TEST(PeopleByLabel, EverybodyThatAUserBecameListensToEverybodyThatTheOtherBecame) {
  PreferenceData data = people_with_stances(3);
  data.user_links = {{0, 2}, {1, 0}, {0.5F, 2}};
  const auto user_of = make_people_of_labels(data, {"stance"});
  std::set<std::pair<std::int64_t, std::int64_t>> links;
  std::map<std::int64_t, std::int64_t> persons;
  for (const std::int64_t user : user_of)
    ++persons[user];
  for (std::size_t row = 0; row < data.user_links.from.size(); ++row) {
    const auto from = user_of[static_cast<std::size_t>(data.user_links.from[row])];
    const auto to = user_of[static_cast<std::size_t>(data.user_links.to[row])];
    EXPECT_EQ(std::pair(from, to),
              from == 0 ? std::pair(std::int64_t{0}, std::int64_t{1}) : std::pair(std::int64_t{2}, std::int64_t{0}));
    EXPECT_EQ(data.user_links.weight[row], from == 0 ? 0.5F : 2.0F);
    links.emplace(data.user_links.from[row], data.user_links.to[row]);
  }
  EXPECT_EQ(static_cast<std::int64_t>(links.size()), persons[0] * persons[1] + persons[2] * persons[0]);
  EXPECT_GT(links.size(), 2U) << "somebody answered as more than one";
}

TEST(People, ThresholdsOfTheSupportRate) {
  PreferenceData data = planted_people({.people = {60, 20}, .contexts = 40, .answers = 30, .seed = 7}).data;
  GroupSettings settings;
  settings.by = "support_rate";
  settings.threshold = "two_means";
  settings.membership = "soft";
  const People people = resolve_people(data, settings, split_by("comparison"), 3);
  EXPECT_THAT(people.groups, ElementsAre("majority", "minority"));
  EXPECT_GE(testing_support::purity(people.group, data.user_attributes.at("block").codes), 0.95);
  double mean = 0, squares = 0;
  for (const double rate : people.support)
    mean += rate / 80;
  for (const double rate : people.support)
    squares += (rate - mean) * (rate - mean) / 80;
  const double threshold = std::stod(people.how.at("threshold of the support rate"));
  for (std::size_t user = 0; user < 80; ++user) {
    EXPECT_EQ(people.group[user], people.support[user] <= threshold ? 1 : 0);
    const double minority = 1 / (1 + std::exp((people.support[user] - threshold) / (0.25 * std::sqrt(squares))));
    EXPECT_NEAR(people.membership[2 * user + 1], minority, 1e-12);
    EXPECT_NEAR(people.membership[2 * user], 1 - minority, 1e-12);
  }
  settings.threshold = "absolute";
  settings.absolute = threshold;
  EXPECT_EQ(resolve_people(data, settings, split_by("comparison"), 3).group, people.group);
  settings.absolute = 0.99;
  EXPECT_THAT(refused(data, settings, split_by("comparison")), HasSubstr("leaves nobody in the majority"));
  settings.absolute = 0.01;
  EXPECT_THAT(refused(data, settings, split_by("comparison")), HasSubstr("leaves nobody in the minority"));
}

TEST(People, TheSparseSupportRateNeedsNoSharedPairs) {
  const auto made = planted_people({.people = {60, 20}, .contexts = 1200, .answers = 30, .seed = 8, .own_pairs = true});
  PreferenceData data = made.data;
  GroupSettings settings;
  settings.by = "support_rate";
  settings.threshold = "two_means";
  EXPECT_THAT(refused(data, settings, split_by("comparison")), HasSubstr("set data.groups.similarity: clusters"));
  settings.similarity = "clusters";
  settings.support_clusters = 2;
  const People people = resolve_people(data, settings, split_by("comparison"), 3);
  EXPECT_GE(testing_support::purity(people.group, made.block), 0.95);
  EXPECT_EQ(std::count(people.group.begin(), people.group.end(), 1), 20) << "the scarce taste is the minority";
}

TEST(People, GroupsFoundDoNotLookAtWhatIsHeldOut) {
  const auto made = planted_people({.people = {30, 20}, .contexts = 30, .answers = 24, .seed = 9});
  for (const char* by : {"support_rate", "agreement"}) {
    GroupSettings settings;
    settings.by = by;
    PreferenceData data = made.data;
    const People before = resolve_people(data, settings, split_by("comparison"), 5);
    for (std::size_t row = 0; row < before.split.size(); ++row) {
      if (before.split[row] != Split::train)
        std::swap(data.comparison_candidate[2 * row], data.comparison_candidate[2 * row + 1]);
    }
    const People after = resolve_people(data, settings, split_by("comparison"), 5);
    EXPECT_EQ(before.group, after.group) << by;
    EXPECT_EQ(before.support, after.support) << by;
  }
}

TEST(People, WantedGroupsComeInTheOrderWanted) {
  PreferenceData data = people_with_stances(4);
  GroupSettings settings;
  settings.by = "agreement";
  settings.membership = "soft";
  const People own = resolve_people(data, settings, split_by("comparison"), 5);
  const People turned = resolve_people(data, settings, split_by("comparison"), 5, {"cluster_2", "cluster_1"});
  for (std::size_t user = 0; user < own.group.size(); ++user) {
    EXPECT_EQ(turned.group[user], 1 - own.group[user]);
    EXPECT_EQ(turned.membership[2 * user], own.membership[2 * user + 1]);
  }
  EXPECT_EQ(turned.split, own.split);
}

TEST(People, DependOnTheSeedAlone) {
  for (const char* by : {"agreement", "support_rate"}) {
    GroupSettings settings;
    settings.by = by;
    SplitSettings split = split_by("comparison");
    split.unseen_users = 0;
    PreferenceData data = people_with_stances(5);
    const People one = resolve_people(data, settings, split, 5);
    EXPECT_EQ(people_text(one), people_text(resolve_people(data, settings, split, 5)));
    EXPECT_NE(one.split, resolve_people(data, settings, split, 6).split);
  }
}

TEST(GroupPrecision, IsTheBoundOfTheDesignEffect) {
  const GroupPrecision found = precision_of(std::vector<std::int64_t>(12, 20));
  EXPECT_EQ(found.users, 12);
  EXPECT_EQ(found.comparisons, 240);
  EXPECT_NEAR(found.half_width, 1.96 * std::sqrt(0.25 * (0.2 + 0.8 / 20) / 12), 1e-12);  // 0.139
  EXPECT_EQ(users_needed(found, 0.05), 93);                                              // 1.96^2 * 0.06 / 0.0025
  EXPECT_EQ(
      testing_support::refusal(ExitCode::configuration, [&] { require_precision("x", found, 0.05); }),
      "group \"x\" has 12 test users (240 comparisons); its accuracy would be known to +- 0.14; the sweep asks for "
      "0.05 (data.groups.precision), which needs about 93 test users");
  EXPECT_NO_THROW(require_precision("x", precision_of(std::vector<std::int64_t>(93, 20)), 0.05));
  EXPECT_NO_THROW(require_precision("x", precision_of({1}), 1)) << "1 asks for nothing";
  EXPECT_EQ(precision_of({0, 3, 0}).users, 1);
}

// The interval covers: accuracies of users who spread as much as is taken for granted, mean 0.6.
TEST(GroupPrecision, CoversSimulatedGroups) {
  std::mt19937 random(17);
  std::gamma_distribution<double> left(0.6 * 4, 1), right(0.4 * 4, 1);  // a beta of ICC 1 / (1 + 4) = 0.2
  int inside = 0;
  constexpr int k_rounds = 4000;
  for (int round = 0; round < k_rounds; ++round) {
    std::vector<std::int64_t> counts;
    double sum = 0;
    for (int user = 0; user < 25; ++user) {
      const double a = left(random), b = right(random);
      const int m = 1 + static_cast<int>(random() % 20);
      counts.push_back(m);
      sum += static_cast<double>(std::binomial_distribution<int>(m, a / (a + b))(random)) / m;
    }
    inside += std::abs(sum / 25 - 0.6) <= precision_of(counts).half_width ? 1 : 0;
  }
  EXPECT_GE(inside, 0.94 * k_rounds);
  EXPECT_LE(inside, 0.975 * k_rounds) << "the bound is not far off where accuracy is near one half";
}

TEST(People, AGroupTooSmallForThePrecisionIsRefused) {
  const PreferenceData data = people_with_stances(6);
  GroupSettings settings = by_attribute("block");
  settings.precision = 0.01;
  EXPECT_THAT(refused(data, settings, split_by("user")), HasSubstr("the sweep asks for 0.01 (data.groups.precision)"));
}

TEST(People, AGroupThatNoShareCanPutInEveryPartIsToBeLeftOut) {
  const PreferenceData data = planted_people({.people = {30, 2}, .contexts = 40, .answers = 12, .seed = 3}).data;
  EXPECT_THAT(
      refused(data, by_attribute("block"), split_by("user")),
      AllOf(HasSubstr("group \"block 1\" has no "), HasSubstr("(2 of 32 users are in the group, 2 of whom made 24 "),
            HasSubstr("leave so small a group out (data.groups.minimum_size)")));
}

TEST(GroupCounts, CountPeopleAndComparisons) {
  PreferenceData data = people_with_stances(7);
  data.user_attributes["block"].codes[0] = -1;
  SplitSettings split = split_by("comparison");
  split.unseen_users = 0.3;
  const People people = resolve_people(data, by_attribute("block"), split, 2);
  const auto counts = counts_of_groups(data, people);
  ASSERT_EQ(counts.size(), 3U);
  EXPECT_EQ(counts[0].people, 39);
  EXPECT_EQ(counts[1].people, 30);
  EXPECT_EQ(counts[2].people, 1);
  std::int64_t all = 0;
  for (const GroupCounts& group : counts) {
    for (const auto& part : group.part)
      all += part.comparisons;
    std::int64_t unseen = 0;
    for (std::size_t row = 0; row < people.split.size(); ++row) {
      const auto user = static_cast<std::size_t>(data.comparison_user[row]);
      const bool own = people.group[user] < 0
                           ? group.name.empty()
                           : people.groups[static_cast<std::size_t>(people.group[user])] == group.name;
      unseen += own && people.split[row] == Split::test && people.in_training[user] == 0 ? 1 : 0;
    }
    EXPECT_EQ(group.test_of_unseen, unseen);
  }
  EXPECT_EQ(all, data.comparison_count());
}

TEST(PeopleText, ReadsBackAndRefusesWhatItIsNot) {
  PreferenceData data = people_with_stances(8);
  GroupSettings settings;
  settings.by = "agreement";
  settings.membership = "soft";
  SplitSettings split = split_by("user");
  split.history = 4;
  People people = resolve_people(data, settings, split, 2);
  people.support[0] = 0.25;
  People back = read_people_text(people_text(people), "people.json");
  for (std::vector<double>* values : {&people.support, &people.membership, &back.support, &back.membership})
    std::replace_if(values->begin(), values->end(), [](double value) { return std::isnan(value); }, -1.0);
  EXPECT_EQ(back, people);
  EXPECT_EQ(people_digest(back), people_digest(people));
  EXPECT_THAT(people_text(back), testing::Not(HasSubstr("\"weight\":"))) << "as before there were any";
  back.weight.assign(back.split.size(), 0.1F);
  EXPECT_EQ(read_people_text(people_text(back), "people.json"), back);
  EXPECT_EQ(people_digest(back), people_digest(people)) << "who is in which group is the same";
  back.weight.pop_back();
  EXPECT_THROW((void)read_people_text(people_text(back), "people.json"), UserError);
  back.weight.clear();
  back.split[0] = Split::unused;
  EXPECT_NE(people_digest(back), people_digest(people));
  for (const std::string& wrong : {std::string("{"), std::string("{}"), std::string("[1]"),
                                   std::string(R"({"format": "fairsweep-people", "format_version": 2})")}) {
    EXPECT_THAT(testing_support::refusal(ExitCode::file, [&] { (void)read_people_text(wrong, "people.json"); }),
                HasSubstr("people.json: says who is in which group and cannot be read"));
  }
}

}  // namespace
}  // namespace fairsweep
