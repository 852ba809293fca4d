#include "orchestrator/apps/sweep_advice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/domain/search_space.hpp"

namespace fairsweep::apps {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A sweep of one method and one kind of user input.
SweepConfiguration sweep_of(const std::string& method, const std::string& user, const std::string& split = "context") {
  SweepConfiguration sweep;
  sweep.settings["method.name"] = Value(method);
  sweep.settings["model.user"] = Value(user);
  sweep.data.split.by = split;
  sweep.data.split.history = 0;
  return sweep;
}

TEST(SweepAdvice, NothingWhereAllIsWell) {
  EXPECT_THAT(advice_on(sweep_of("pooled", "none", "user")), IsEmpty());
  EXPECT_THAT(advice_on(sweep_of("pafo", "features", "user")), IsEmpty());
  EXPECT_THAT(advice_on(sweep_of("pafo_dvao", "history")), IsEmpty());
  EXPECT_THAT(advice_on(sweep_of("pafo", "embedding", "comparison")), IsEmpty());
}

TEST(SweepAdvice, AStudentThatDoesNotKnowItsUser) {
  EXPECT_THAT(
      advice_on(sweep_of("pafo_dvao", "none")),
      ElementsAre("method.name can be pafo_dvao while model.user can be none: a model that does not know whom it "
                  "answers can only trade one group for another; set model.user: features, or history or "
                  "embedding"));
}

TEST(SweepAdvice, ChoicesCountToo) {
  SweepConfiguration sweep = sweep_of("pooled", "none");
  sweep.settings.erase("method.name");
  sweep.space.parameters.push_back(
      {"method.name", Choice{{Value(std::string("pooled")), Value(std::string("pafo"))}}, std::nullopt});
  EXPECT_THAT(advice_on(sweep), ElementsAre(HasSubstr("method.name can be pafo while")));
  sweep.space.parameters.back().distribution = Choice{{Value(std::string("pooled"))}};
  EXPECT_THAT(advice_on(sweep), IsEmpty());
}

TEST(SweepAdvice, PeopleOfWhomNothingIsKnown) {
  SweepConfiguration sweep = sweep_of("pooled", "history", "user");
  EXPECT_THAT(advice_on(sweep), ElementsAre(HasSubstr("set data.split.history")));
  sweep.data.split.history = 5;
  EXPECT_THAT(advice_on(sweep), IsEmpty());
  EXPECT_THAT(advice_on(sweep_of("pooled", "embedding", "user")), ElementsAre(HasSubstr("have no embedding")));
}

}  // namespace
}  // namespace fairsweep::apps
