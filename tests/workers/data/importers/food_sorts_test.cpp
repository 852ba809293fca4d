// The survey of Italian dishes, through the shipped mapping. Skips where the data are not.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/workers/data/importers/import_fixture.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;

class FoodSorts : public testing_support::ImportFixture {
 protected:
  FoodSorts() : ImportFixture("rankings") {}

  void SetUp() override {
    const char* folder = std::getenv("FAIRSWEEP_DATA");
    sorts_ = std::filesystem::path(folder == nullptr ? "" : folder) / "food_sorts";
    if (folder == nullptr || !std::filesystem::exists(sorts_ / "sort1.csv")) {
      GTEST_SKIP() << "FAIRSWEEP_DATA names no folder with food_sorts";
    }
  }

  PreferenceData imported(const Options& options) {
    ImportRequest wanted = request({}, options);
    for (const char* file : {"sort1.csv", "sort2.csv", "sort3.csv"}) {
      wanted.arguments.files.push_back(sorts_ / file);
    }
    wanted.mapping = FAIRSWEEP_SOURCE_DIR "/configs/examples/food_sorts_mapping.yaml";
    PreferenceData data = import_to_memory(wanted, &summary_);
    EXPECT_EQ(problems_of(data), std::vector<std::string>());
    return data;
  }

  std::filesystem::path sorts_;
};

std::map<std::string, int> people_by(const PreferenceData& data, const std::string& name) {
  const Attribute& attribute = data.user_attributes.at(name);
  std::map<std::string, int> people;
  for (const std::int32_t code : attribute.codes) {
    ++people[attribute.labels.at(static_cast<std::size_t>(code))];
  }
  return people;
}

/// Pairs of candidates that one user ordered more than once, and how many of these alike.
std::pair<int, int> ordered_again(const PreferenceData& data) {
  std::map<std::tuple<std::int32_t, std::int64_t, std::int64_t>, std::vector<bool>> orders;
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    const auto begin = static_cast<std::size_t>(data.comparison_offset[row]);
    const auto end = static_cast<std::size_t>(data.comparison_offset[row + 1]);
    for (std::size_t better = begin; better < end; ++better) {
      for (std::size_t worse = better + 1; worse < end; ++worse) {
        const auto a = data.comparison_candidate[better];
        const auto b = data.comparison_candidate[worse];
        orders[{data.comparison_user[row], std::min(a, b), std::max(a, b)}].push_back(a < b);
      }
    }
  }
  std::pair<int, int> counts{0, 0};
  for (const auto& [pair, times] : orders) {
    if (times.size() > 1) {
      ++counts.first;
      counts.second +=
          std::all_of(times.begin(), times.end(), [&](bool order) { return order == times.front(); }) ? 1 : 0;
    }
  }
  return counts;
}

TEST_F(FoodSorts, OneCommandImportsThem) {
  const PreferenceData data = imported({});
  EXPECT_EQ(data.user_count(), 54);
  EXPECT_EQ(data.comparison_count(), 162);
  EXPECT_EQ(data.context_count(), 1);
  EXPECT_EQ(data.candidate_count, 85);
  EXPECT_TRUE(std::all_of(data.comparison_ranked.begin(), data.comparison_ranked.end(),
                          [](std::int32_t ranked) { return ranked == 9; }));
  const std::map<std::string, int> sexes{{"women", 31}, {"men", 23}};
  EXPECT_EQ(people_by(data, "sex"), sexes);
  const std::map<std::string, int> ages{{"18 to 30", 18}, {"31 to 50", 21}, {"51 to 70", 13}, {"over 70", 2}};
  EXPECT_EQ(people_by(data, "age"), ages);
  const std::map<std::string, int> regions{{"Abruzzo", 26}, {"Piemonte", 7}, {"Lombardia", 5},
                                           {"Campania", 5}, {"Sicilia", 3},  {"elsewhere", 8}};
  EXPECT_EQ(people_by(data, "region"), regions);
  EXPECT_EQ(ordered_again(data), std::pair(486, 410));
  EXPECT_EQ(summary_.skipped, 0);
}

TEST_F(FoodSorts, DishesHaveTheFeaturesOfTheirRecipes) {
  const PreferenceData data = imported({});
  EXPECT_THAT(data.feature_names, ElementsAre("Category Name=Complete Meal", "Category Name=First Course",
                                              "Category Name=Savoury Cake", "Category Name=Second Course",
                                              "Category Name=Starter", "Cost", "Difficulty", "Preparation Time"));
  const auto features_of = [&](const std::string& dish) {
    const auto at = std::find(data.candidate_names.begin(), data.candidate_names.end(), dish);
    EXPECT_NE(at, data.candidate_names.end()) << dish;
    const auto first = data.features.begin() + (at - data.candidate_names.begin()) * data.feature_count;
    return std::vector<float>(first, first + data.feature_count);
  };
  EXPECT_THAT(features_of("Pollo al limone"), ElementsAre(0, 0, 0, 1, 0, 2, 2, 35));
  EXPECT_THAT(features_of("Gnocco fritto"), ElementsAre(0, 0, 0, 0, 1, 2, 4, 62));
  EXPECT_EQ(std::count(data.candidate_names.begin(), data.candidate_names.end(), "Arancini"), 1);
}

TEST_F(FoodSorts, AsTheyAreWrittenThereAreMoreDishesAndFewerPairsOrderedTwice) {
  const PreferenceData data = imported({{"spaces", "keep"}});
  EXPECT_EQ(data.candidate_count, 103);
  EXPECT_EQ(ordered_again(data), std::pair(444, 372));
}

}  // namespace
}  // namespace fairsweep
