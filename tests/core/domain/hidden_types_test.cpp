#include "core/domain/hidden_types.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fairsweep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(HiddenTypes, AreAskedForByOptionsOfMethods) {
  EXPECT_TRUE(asks_for_types("method.joint_likelihood.types"));
  EXPECT_TRUE(asks_for_types("method.types.number"));
  EXPECT_FALSE(asks_for_types("method.first_order.types.epochs"));
  EXPECT_FALSE(asks_for_types("method.prototypes"));
  EXPECT_FALSE(asks_for_types("data.types"));
}

TEST(HiddenTypes, TheMostThatATrialCanAskForCounts) {
  const Settings fixed{{"method.joint_likelihood.types", std::int64_t{3}}, {"training.epochs", std::int64_t{90}}};
  EXPECT_EQ(most_types_asked(fixed, {}), (TypesAsked{"method.joint_likelihood.types", 3}));
  SearchSpace space;
  space.parameters = {
      {"method.types.number", Choice{{std::int64_t{1}, std::int64_t{5}, std::int64_t{2}}}, std::nullopt},
      {"training.epochs", Uniform{1, 99, true}, std::nullopt}};
  EXPECT_EQ(most_types_asked(fixed, space), (TypesAsked{"method.types.number", 5}));
  space.parameters[0].distribution = Uniform{1, 8, true};
  EXPECT_EQ(most_types_asked(fixed, space).number, 8);
  space.parameters[0].distribution = LogUniform{1, 16, true};
  EXPECT_EQ(most_types_asked(fixed, space).number, 16);
  const std::vector<Settings> trials{{{"method.types.number", std::int64_t{2}}}, fixed, {}};
  EXPECT_EQ(most_types_asked(trials).number, 3);
  EXPECT_EQ(most_types_asked(std::vector<Settings>{}), TypesAsked{});
}

TEST(HiddenTypes, AreWarnedOfWhereTheAnswersCannotShowThem) {
  const TypesAsked four{"method.types.number", 4};
  EXPECT_THAT(warnings_on_types(four, {7, false, 4}), IsEmpty());
  EXPECT_THAT(warnings_on_types({"method.types.number", 1}, {0, true, 0}), IsEmpty()) << "one type is no question";
  EXPECT_THAT(warnings_on_types({}, {0, true, 0}), IsEmpty());
  EXPECT_THAT(warnings_on_types(four, {6.5, false, 3}),
              ElementsAre("method.types.number asks for 4 hidden types of people, and the median person gave 6.5 "
                          "answers: as a rule of thumb K types need 2 K - 1, here 7; ask for at most 3, or each person "
                          "for more answers"));
  EXPECT_THAT(warnings_on_types(four, {6, false, 3}), ElementsAre(HasSubstr("gave 6 answers")));
  EXPECT_THAT(warnings_on_types(four, {40, true, 20}),
              ElementsAre(HasSubstr("all answers are between two candidates")));
  EXPECT_THAT(warnings_on_types(four, {1, true, 1}),
              ElementsAre(HasSubstr("fewer than two questions"),
                          StartsWith("method.types.number asks for 4 hidden types of people, and all answers")));
}

}  // namespace
}  // namespace fairsweep
