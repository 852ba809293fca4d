#include "core/domain/people_settings.hpp"

#include <gtest/gtest.h>

namespace fairsweep {
namespace {

TEST(ProportionIn, ReadsTheLastSignOfATextAndANumberAboveZero) {
  const auto found = proportion_in("a=b, c=2.5");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->group, "a=b, c");
  EXPECT_EQ(found->number, 2.5);
  EXPECT_EQ(proportion_in("x=1e1")->number, 10);
  for (const char* wrong : {"", "=1", "a", "a=", "a=0", "a=-1", "a=nan", "a=inf", "a=1x", "a= 1", "a:1"})
    EXPECT_FALSE(proportion_in(wrong)) << wrong;
}

TEST(GroupSettings, SayWhichGroupsAreKnownBeforeTheSplit) {
  GroupSettings settings;
  EXPECT_TRUE(settings.known_before_split());
  settings.by = "combination";
  EXPECT_TRUE(settings.known_before_split());
  settings.by = "agreement";
  EXPECT_FALSE(settings.known_before_split());
}

}  // namespace
}  // namespace fairsweep
