#include "workers/data/labels/consistency.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "tests/workers/data/judgements.hpp"
#include "workers/data/labels/label_classes.hpp"

namespace fairsweep {
namespace {

using testing_support::all_rows;
using testing_support::judged;
using testing_support::random_judgements;
using testing_support::say;

TEST(Consistency, RepeatsSwapsAndOtherWordsByHand) {
  PreferenceData data = judged(2, {3, 3, 3});
  data.context_wording = {5, -1, 5};  // contexts 0 and 2 put one question in other words
  const auto shown = [&data](const std::vector<std::int32_t>& places) {
    data.comparison_position.insert(data.comparison_position.end(), places.begin(), places.end());
  };
  say(data, 0, {0, 1});  // A
  shown({0, 1});
  say(data, 0, {0, 1});  // the same again, the same answer: a repeat, alike
  shown({0, 1});
  say(data, 0, {1, 0});  // the same shown (0 first), another answer: a repeat of each of the two, not alike
  shown({1, 0});
  say(data, 0, {0, 1});  // 1 shown first: a swap of each of the three, alike with two
  shown({1, 0});
  say(data, 0, {7, 6});  // other words, 7 is 1 and 6 is 0: a change of each of the four, alike with one
  shown({0, 1});
  say(data, 0, {3, 4});  // no other wording, asked once
  shown({0, 1});
  say(data, 1, {0, 1});  // another person
  shown({0, 1});
  const Consistency found = consistency_of(data);
  ASSERT_EQ(found.users.size(), 2U);
  const SelfConsistency& first = found.users[0];
  EXPECT_EQ(first.repeat_pairs, 3);
  EXPECT_EQ(first.repeat_agreements, 1);
  EXPECT_EQ(first.swapped_pairs, 3);
  EXPECT_EQ(first.swapped_agreements, 2);
  EXPECT_EQ(first.changed_pairs, 3 + 4);
  EXPECT_EQ(first.changed_agreements, 2 + 1);
  EXPECT_EQ(found.users[1], SelfConsistency());
  EXPECT_EQ(found.total(), first);
  EXPECT_TRUE(found.known());
  const std::vector<std::int64_t> training = {0, 3, 5, 6};
  const Consistency part = consistency_of(data, training);
  EXPECT_EQ(part.users[0].repeat_pairs, 0);
  EXPECT_EQ(part.users[0].swapped_pairs, 1);
  EXPECT_EQ(part.users[0].changed_agreements, 1);
  data.comparison_position.clear();
  const SelfConsistency unplaced = consistency_of(data).users[0];
  EXPECT_EQ(unplaced.repeat_pairs, 6) << "without positions every re-asking in one context is a repeat";
  EXPECT_EQ(unplaced.repeat_agreements, 3);
  EXPECT_EQ(unplaced.changed_pairs, 4);
}

TEST(Consistency, OfOverlappingRankingsAndChoices) {
  PreferenceData data = judged(1, {5});
  say(data, 0, {0, 1, 2, 3}, 3);
  say(data, 0, {4, 2, 1}, 2);  // shares 1 and 2 with the first, the other way round
  say(data, 0, {1, 3, 4});     // a choice: 1 before 3 as in the first, 1 before 4 against the second
  const SelfConsistency found = consistency_of(data).users[0];
  EXPECT_EQ(found.repeat_pairs, 3);
  EXPECT_EQ(found.repeat_agreements, 1);
}

TEST(Consistency, TiesAreLeftOutAndCounted) {
  PreferenceData data = judged(1, {2});
  say(data, 0, {0, 1});
  say(data, 0, {0, 1}, 0);
  say(data, 0, {1, 0}, 0);
  const Consistency found = consistency_of(data);
  EXPECT_EQ(found.users[0].repeat_pairs, 0);
  EXPECT_EQ(found.users[0].tied_pairs, 3);
  EXPECT_FALSE(found.known());
  EXPECT_TRUE(std::isnan(found.users[0].repeat_rate()));
}

TEST(Consistency, IsTheSlowOne) {
  std::int64_t repeats = 0, swaps = 0, changes = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    PreferenceData data = random_judgements(seed);
    std::mt19937_64 generator(seed + 1000);
    if (seed % 2 == 0) {
      for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
        std::vector<std::int32_t> places(
            static_cast<std::size_t>(data.comparison_offset[row + 1] - data.comparison_offset[row]));
        std::iota(places.begin(), places.end(), 0);
        std::shuffle(places.begin(), places.end(), generator);
        data.comparison_position.insert(data.comparison_position.end(), places.begin(), places.end());
      }
    }
    std::map<std::int64_t, std::int32_t> wording_of_size;  // contexts of one size are wordings of one question
    if (seed % 3 == 0) {
      for (std::int64_t context = 0; context < data.context_count(); ++context) {
        const std::int64_t size = data.context_offset[static_cast<std::size_t>(context) + 1] -
                                  data.context_offset[static_cast<std::size_t>(context)];
        data.context_wording.push_back(size == 4 ? -1 : static_cast<std::int32_t>(size));
      }
    }
    std::vector<std::int64_t> rows = all_rows(data);
    std::erase_if(rows, [&](std::int64_t) { return seed % 5 == 0 && generator() % 3 == 0; });

    // Every two comparisons of one user, every two candidates of the one and of the other.
    std::vector<SelfConsistency> expected(data.user_names.size());
    struct Entry {
      std::int64_t place, row, rank, shown;
    };
    const auto entries = [&](std::int64_t row) {
      std::vector<Entry> list;
      const auto at = static_cast<std::size_t>(row);
      for (std::int64_t i = data.comparison_offset[at]; i < data.comparison_offset[at + 1]; ++i) {
        const std::int64_t candidate = data.comparison_candidate[static_cast<std::size_t>(i)];
        const std::int64_t rank = i - data.comparison_offset[at];
        list.push_back({candidate - data.context_offset[static_cast<std::size_t>(data.comparison_context[at])],
                        candidate,
                        data.comparison_ranked[at] == 0 ? 0 : std::min<std::int64_t>(rank, data.comparison_ranked[at]),
                        data.comparison_position.empty() ? 0 : data.comparison_position[static_cast<std::size_t>(i)]});
      }
      return list;
    };
    const auto tie_of = [&](std::int64_t row) { return data.comparison_ranked[static_cast<std::size_t>(row)] == 0; };
    for (const std::int64_t one : rows) {
      for (const std::int64_t other : rows) {
        const auto a = static_cast<std::size_t>(one), b = static_cast<std::size_t>(other);
        if (one >= other || data.comparison_user[a] != data.comparison_user[b]) {
          continue;
        }
        const std::int32_t first_context = data.comparison_context[a], second_context = data.comparison_context[b];
        const bool same = first_context == second_context;
        const bool reworded = !same && !data.context_wording.empty() &&
                              data.context_wording[static_cast<std::size_t>(first_context)] >= 0 &&
                              data.context_wording[static_cast<std::size_t>(first_context)] ==
                                  data.context_wording[static_cast<std::size_t>(second_context)];
        if (!same && !reworded) {
          continue;
        }
        SelfConsistency& user = expected[static_cast<std::size_t>(data.comparison_user[a])];
        for (const Entry& x : entries(one)) {
          for (const Entry& y : entries(one)) {
            for (const Entry& v : entries(other)) {
              for (const Entry& w : entries(other)) {
                if (x.place >= y.place || v.place != x.place || w.place != y.place) {
                  continue;
                }
                const bool tied = tie_of(one) || tie_of(other);
                const bool says_first = tie_of(one) || x.rank != y.rank,
                           says_second = tie_of(other) || v.rank != w.rank;
                if (!says_first || !says_second) {
                  continue;
                }
                if (tied) {
                  ++user.tied_pairs;
                  continue;
                }
                const bool alike = (x.rank < y.rank) == (v.rank < w.rank);
                const bool swapped =
                    same && !data.comparison_position.empty() && (x.shown < y.shown) != (v.shown < w.shown);
                (swapped || reworded ? user.changed_pairs : user.repeat_pairs) += 1;
                (swapped || reworded ? user.changed_agreements : user.repeat_agreements) += alike ? 1 : 0;
                user.swapped_pairs += swapped ? 1 : 0;
                user.swapped_agreements += swapped && alike ? 1 : 0;
              }
            }
          }
        }
      }
    }
    const Consistency found = consistency_of(data, rows);
    EXPECT_EQ(found.users, expected);
    repeats += found.total().repeat_pairs;
    swaps += found.total().swapped_pairs;
    changes += found.total().changed_pairs - found.total().swapped_pairs;
  }
  EXPECT_GT(repeats, 1000);
  EXPECT_GT(swaps, 1000);
  EXPECT_GT(changes, 1000);
}

TEST(LabelClasses, StableShareAndNoiseInvertWhatMakesAgreement) {
  for (const double g : {0.0, 0.2, 0.9, 1.0}) {
    EXPECT_NEAR(stable_share(g + (1 - g) / 2), g, 1e-15);
  }
  for (const double e : {0.0, 0.05, 0.3, 0.5}) {
    EXPECT_NEAR(label_noise((1 - e) * (1 - e) + e * e), e, 1e-12);
  }
  EXPECT_EQ(stable_share(0.3), 0);
  EXPECT_EQ(label_noise(0.3), 0.5);
  EXPECT_TRUE(std::isnan(stable_share(std::nan(""))));
  EXPECT_TRUE(std::isnan(label_noise(std::nan(""))));
}

SelfConsistency asked(std::int64_t repeats, std::int64_t alike, std::int64_t changes, std::int64_t changes_alike) {
  SelfConsistency user;
  user.repeat_pairs = repeats;
  user.repeat_agreements = alike;
  user.changed_pairs = changes;
  user.changed_agreements = changes_alike;
  return user;
}

TEST(LabelClasses, EachByHand) {
  Consistency consistency;
  consistency.users = {asked(10, 9, 10, 9), asked(10, 9, 10, 5), asked(10, 5, 10, 9), asked(10, 9, 0, 0),
                       asked(0, 0, 10, 5),  asked(1, 1, 1, 1),   asked(0, 0, 10, 9)};
  ClassRules rules;
  rules.shrinkage = 0;
  const std::vector<UserLabels> labels = classify(consistency, rules);
  const std::vector<LabelClass> expected = {LabelClass::genuine, LabelClass::constructed, LabelClass::non_attitude,
                                            LabelClass::stable,  LabelClass::unstable,    LabelClass::unknown,
                                            LabelClass::genuine};
  for (std::size_t user = 0; user < expected.size(); ++user) {
    EXPECT_EQ(labels[user].label_class, expected[user]) << "user " << user << ": " << to_text(labels[user].label_class);
  }
  EXPECT_NEAR(labels[0].stable_share, 0.8, 1e-15);
  EXPECT_NEAR(labels[1].stable_share, 0.8, 1e-15) << "of the repeats, where these are known";
  EXPECT_EQ(labels[4].stable_share, 0) << "else of the changes";
  EXPECT_EQ(labels[2].noise, 0.5);
  EXPECT_TRUE(std::isnan(labels[5].noise));
  EXPECT_TRUE(std::isnan(labels[3].changed_agreement));
}

TEST(LabelClasses, ShrinkTowardsEverybody) {
  Consistency consistency;
  consistency.users = {asked(4, 4, 0, 0), asked(16, 8, 0, 0)};  // everybody: 12 of 20
  ClassRules rules;
  rules.shrinkage = 5;
  std::vector<UserLabels> labels = classify(consistency, rules);
  EXPECT_NEAR(labels[0].repeat_agreement, (4 + 5 * 0.6) / 9, 1e-15);
  EXPECT_NEAR(labels[1].repeat_agreement, (8 + 5 * 0.6) / 21, 1e-15);
  EXPECT_EQ(labels[0].label_class, LabelClass::stable) << "7/9";
  rules.shrinkage = 10;
  EXPECT_EQ(classify(consistency, rules)[0].label_class, LabelClass::non_attitude) << "10/14: four are too few to tell";
  rules.least_pairs = 5;
  EXPECT_EQ(classify(consistency, rules)[0].label_class, LabelClass::unknown);
  EXPECT_TRUE(std::isnan(classify(consistency, rules)[0].repeat_agreement));
}

TEST(LabelClasses, NamesAreFrozen) {
  const std::vector<std::string_view> names = {"unknown",     "non_attitude", "unstable",
                                               "constructed", "stable",       "genuine"};
  for (std::size_t at = 0; at < k_label_classes; ++at) {
    EXPECT_EQ(to_text(static_cast<LabelClass>(at)), names[at]);
  }
}

TEST(FoodSorts, HasTheRepeatsOfItsReadme) {
  const char* folder = std::getenv("FAIRSWEEP_DATA");
  const std::filesystem::path place = std::filesystem::path(folder == nullptr ? "" : folder) / "food_sorts";
  if (folder == nullptr || !std::filesystem::exists(place / "sort1.csv")) {
    GTEST_SKIP() << "FAIRSWEEP_DATA does not name a folder with food_sorts/sort1.csv";
  }
  std::map<std::string, std::int64_t> dishes;
  std::vector<std::pair<std::int32_t, std::vector<std::int64_t>>> sorts;
  for (const char* name : {"sort1.csv", "sort2.csv", "sort3.csv"}) {
    std::ifstream file(place / name);
    std::int32_t user = 0;
    for (std::string line; std::getline(file, line); ++user) {
      std::vector<std::int64_t> order;
      std::size_t begin = line.find(',');
      while (begin != std::string::npos) {
        const std::size_t end = line.find(',', begin + 1);
        std::string dish = line.substr(begin + 1, end == std::string::npos ? end : end - begin - 1);
        dish.erase(dish.find_last_not_of(" \r") + 1);
        order.push_back(dishes.emplace(dish, std::ssize(dishes)).first->second);
        begin = end;
      }
      ASSERT_EQ(order.size(), 10U) << name << " line " << user + 1;
      sorts.emplace_back(user, order);
    }
  }
  PreferenceData data = judged(54, {std::ssize(dishes)});
  for (const auto& [user, order] : sorts) {
    say(data, user, order, 9);
  }
  const Consistency found = consistency_of(data);
  EXPECT_EQ(found.total().repeat_pairs, 444);
  EXPECT_EQ(found.total().repeat_agreements, 372);
  EXPECT_NEAR(found.total().repeat_rate(), 0.838, 0.0005);
  EXPECT_TRUE(std::all_of(found.users.begin(), found.users.end(),
                          [](const SelfConsistency& user) { return user.repeat_pairs > 0; }));
}

}  // namespace
}  // namespace fairsweep
