#include "core/diagnostics/nearest_name.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairsweep {
namespace {

const std::vector<std::string> k_names = {"learning_rate", "weight_decay", "warmup", "epochs", "batch", "by"};

TEST(NearestName, FindsOneEditOfEachKind) {
  EXPECT_EQ(nearest_name("epoch", k_names), "epochs");    // a letter is missing
  EXPECT_EQ(nearest_name("epochss", k_names), "epochs");  // one too many
  EXPECT_EQ(nearest_name("epocks", k_names), "epochs");   // another letter
  EXPECT_EQ(nearest_name("epohcs", k_names), "epochs");   // neighbours swapped: one edit, not two
  EXPECT_EQ(nearest_name("yb", k_names), "by");
}

TEST(NearestName, IgnoresCase) { EXPECT_EQ(nearest_name("LEARNING_RATE", k_names), "learning_rate"); }

TEST(NearestName, AllowsAThirdOfTheLongerLength) {
  EXPECT_EQ(nearest_name("lerning_rat", k_names), "learning_rate");    // 2 of 13
  EXPECT_EQ(nearest_name("lxxxning_rate", k_names), "learning_rate");  // 3 of 13
  EXPECT_EQ(nearest_name("lxxxxing_rate", k_names), "learning_rate");  // 4 of 13
  EXPECT_EQ(nearest_name("lxxxxxng_rate", k_names), std::nullopt);     // 5 of 13
}

TEST(NearestName, SaysNothingWhereNothingIsLike) {
  EXPECT_EQ(nearest_name("", k_names), std::nullopt);
  EXPECT_EQ(nearest_name("zq", k_names), std::nullopt);
  EXPECT_EQ(nearest_name("momentum", k_names), std::nullopt);
  EXPECT_EQ(nearest_name("epochs", std::vector<std::string>{}), std::nullopt);
  EXPECT_EQ(nearest_name("x", std::vector<std::string>{"y"}), std::nullopt);  // one letter of one is all of it
}

TEST(NearestName, TakesTheNearestAndOfEqualsTheFirst) {
  EXPECT_EQ(nearest_name("test_b", std::vector<std::string>{"test_aa", "test_b"}), "test_b");
  EXPECT_EQ(nearest_name("test_c", std::vector<std::string>{"test_b", "test_a"}), "test_b");
}

TEST(DidYouMean, IsTheEndOfASentenceOrNothing) {
  EXPECT_EQ(did_you_mean("warmpu", k_names), "; did you mean \"warmup\"?");
  EXPECT_EQ(did_you_mean("momentum", k_names), "");
}

}  // namespace
}  // namespace fairsweep
