#include "orchestrator/apps/sweep_advice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "core/domain/search_space.hpp"
#include "orchestrator/apps/data_advice.hpp"
#include "orchestrator/apps/trainer_refusals.hpp"

namespace fairsweep::apps {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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
  EXPECT_THAT(advice_on(sweep_of("pafo_dvao", "none")),
              ElementsAre("method.name is pafo_dvao while model.user is none: a model that does not know whom it "
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
  for (const char* user : {"embedding", "reward_features", "low_rank", "personas", "ideal_point", "offset"}) {
    sweep = sweep_of("pooled", user, "user");
    EXPECT_THAT(advice_on(sweep), ElementsAre(HasSubstr("have no numbers of their own and nothing to fit them to")));
    sweep.data.split.history = 5;
    EXPECT_THAT(advice_on(sweep), IsEmpty());
  }
}

TEST(SweepAdvice, ASoupOfPeopleOfWhomNothingIsKnown) {
  SweepConfiguration sweep = sweep_of("personal_soup", "none", "user");
  EXPECT_THAT(advice_on(sweep), ElementsAre(HasSubstr("have the groups' shares at every sharpness")));
  sweep.data.split.history = 5;
  EXPECT_THAT(advice_on(sweep), IsEmpty());
  EXPECT_THAT(advice_on(sweep_of("personal_soup", "none")), IsEmpty());
}

/// Two people, pairs only, nothing known of either.
struct SmallData {
  PreferenceData data;
  People people;
  SmallData() {
    data.context_offset = {0, 2, 4};
    data.comparison_user = {0, 0, 1, 1};
    people.groups = {"majority", "minority"};
    people.group = {0, 1};
    people.support = {std::nan(""), std::nan("")};
    people.split = {Split::train, Split::train, Split::history, Split::test};
  }
};

TEST(AdviceOnPeople, SaysWhereTheAnswersCannotShowTheTypesAskedFor) {
  SmallData small;
  small.data.user_names = {"a", "b"};
  small.data.comparison_offset = {0, 2, 4, 6, 8};
  small.data.comparison_ranked = {1, 1, 1, 1};
  SweepConfiguration sweep = sweep_of("joint_likelihood", "none");
  EXPECT_THAT(advice_on_people(sweep, small.data, small.people), IsEmpty());
  sweep.settings["method.joint_likelihood.types"] = Value(std::int64_t{2});
  EXPECT_THAT(advice_on_people(sweep, small.data, small.people),
              ElementsAre(HasSubstr("the median person gave 2 answers"), HasSubstr("between two candidates")));
  small.data.comparison_user = {0, 0, 0, 0};
  small.data.comparison_offset = {0, 3, 5, 7, 9};
  EXPECT_THAT(advice_on_people(sweep, small.data, small.people), IsEmpty()) << "four answers, one of three";
}

TEST(TrainerRefusals, CalibrationNeedsChoicesOfOne) {
  SmallData small;
  SweepConfiguration sweep = sweep_of("pooled", "none");
  sweep.front = {{"accuracy", "group"}, {"calibration_error", "group"}};
  small.data.comparison_offset = {0, 3, 6, 9, 12};
  small.data.comparison_ranked = {2, 2, 2, 2};
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial,
              ElementsAre(HasSubstr("front: calibration_error is of choices of one candidate")));
  small.data.comparison_ranked = {2, 1, 2, 2};
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial, IsEmpty());
  sweep.front.pop_back();
  small.data.comparison_ranked = {2, 2, 2, 2};
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial, IsEmpty());
}

TEST(TrainerRefusals, OfEveryTrialAndOfSome) {
  SmallData small;
  SweepConfiguration sweep = sweep_of("pooled", "features");
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial,
              ElementsAre("model.user is features, but the data have no user features; use none, embedding or history, "
                          "or import the data with user_features"));
  sweep.trainer_command = {"python3", "mine.py"};
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial, IsEmpty());
  sweep.trainer_command.clear();
  sweep.settings.erase("model.user");
  sweep.space.parameters.push_back(
      {"model.user", Choice{{Value(std::string("none")), Value(std::string("features"))}}, std::nullopt});
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial, IsEmpty());
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).some_trials,
              ElementsAre(HasSubstr("model.user can be features, but the data have no user features")));
  small.data.user_feature_count = 1;
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).some_trials, IsEmpty());
}

TEST(TrainerRefusals, OfAgreementWithNobody) {
  SmallData small;
  const SweepConfiguration sweep = sweep_of("agreement", "none");
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial, IsEmpty());
  small.people.groups.pop_back();
  EXPECT_THAT(
      trainer_refusals(sweep, small.data, small.people).every_trial,
      ElementsAre("method.name is agreement, but it needs two groups or more that may agree, and there is one"));
}

TEST(TrainerRefusals, OfWhatAMixtureHasNoUseFor) {
  SmallData small;
  small.people.groups = {"common", "rare"};
  small.people.split.clear();
  SweepConfiguration sweep = sweep_of("soup", "none");
  for (const char* share : {"method.soup.share", "method.soup.second_share", "method.soup.third_share"})
    sweep.settings[share] = Value(0.5);
  const auto refusals = [&] { return trainer_refusals(sweep, small.data, small.people).every_trial; };
  EXPECT_THAT(refusals(), Not(Contains(HasSubstr("does nothing"))));
  sweep.settings["method.soup.share"] = Value(0.2);
  EXPECT_THAT(refusals(), Not(Contains(HasSubstr("does nothing"))));
  sweep.settings["method.soup.third_share"] = Value(0.2);
  EXPECT_THAT(refusals(), Contains("method.name is soup, but method.soup.third_share does nothing with 2 groups; leave "
                                   "it out"));
  sweep.settings.erase("method.soup.second_share");
  const auto shared = [&](Distribution shares) {
    sweep.space.parameters = {{"method.soup.second_share", std::move(shares), std::nullopt}};
    const TrainerRefusals found = trainer_refusals(sweep, small.data, small.people);
    const auto names = [](const std::vector<std::string>& sentences) {
      return std::ranges::any_of(sentences, [](const std::string& one) { return one.find("second") != one.npos; });
    };
    return std::pair(names(found.every_trial), names(found.some_trials));
  };
  EXPECT_EQ(shared(Uniform{0, 1}), std::pair(true, false));
  EXPECT_EQ(shared(Choice{{Value(0.2), Value(0.7)}}), std::pair(true, false));
  EXPECT_EQ(shared(Choice{{Value(0.5), Value(0.7)}}), std::pair(false, true)) << "0.5 is what nothing said would be";
  EXPECT_EQ(shared(Choice{{Value(0.5)}}), std::pair(false, false));
  sweep.search.strategy = "grid";
  EXPECT_EQ(shared(Uniform{0, 1}), std::pair(false, true));

  sweep = sweep_of("min_max_regret", "none");
  sweep.settings["method.ensemble.of"] = Value(std::string("groups"));
  sweep.settings["method.ensemble.types"] = Value(std::int64_t{3});
  sweep.settings["method.min_max_regret.emphasised"] = Value(std::int64_t{2});
  EXPECT_THAT(refusals(), Not(Contains(HasSubstr("emphasised"))));
  sweep.settings["method.min_max_regret.emphasised"] = Value(std::int64_t{3});
  EXPECT_THAT(refusals(), Contains(HasSubstr("there are models for 2 kinds of people; write a number from 1 to 2")));
  sweep.settings["method.ensemble.of"] = Value(std::string("types"));
  EXPECT_THAT(refusals(), Not(Contains(HasSubstr("emphasised"))));
  sweep.settings["method.ensemble.of"] = Value(std::string("groups"));
  sweep.settings.erase("method.min_max_regret.emphasised");
  const auto searched = [&](Distribution numbers) {
    sweep.space.parameters = {{"method.min_max_regret.emphasised", std::move(numbers), std::nullopt}};
    EXPECT_THAT(refusals(), Not(Contains(HasSubstr("emphasised"))));
    return trainer_refusals(sweep, small.data, small.people).some_trials;
  };
  EXPECT_THAT(searched(Choice{{Value(std::int64_t{1}), Value(std::int64_t{2}), Value(std::int64_t{3})}}),
              Contains(HasSubstr("method.min_max_regret.emphasised can be 3, but there are models for 2 kinds")));
  EXPECT_THAT(searched(Uniform{1, 5, true}), Contains(HasSubstr("emphasised can be 5")));
  EXPECT_THAT(searched(Choice{{Value(std::int64_t{1}), Value(std::int64_t{2})}}),
              Not(Contains(HasSubstr("emphasised"))));
}

TEST(TrainerRefusals, OfLikelihoodsThatTheDataCannotServe) {
  SmallData small;
  SweepConfiguration sweep = sweep_of("pooled", "none");
  sweep.settings["model.likelihood"] = Value(std::string("rao_kupper"));
  small.data.comparison_offset = {0, 2, 4, 6, 8};
  small.data.comparison_ranked = {1, 1, 1, 1};
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial,
              ElementsAre("model.likelihood is rao_kupper, but it learns from ties, and the data have none; use "
                          "plackett_luce and data.labels.ties: drop"));
  small.data.comparison_ranked = {1, 0, 1, 1};
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial, IsEmpty());
  small.data.comparison_offset = {0, 2, 5, 7, 9};
  small.people.split[1] = Split::unused;
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial, IsEmpty()) << "what is for nothing";
  small.people.split[1] = Split::train;
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial,
              ElementsAre("model.likelihood is rao_kupper, but it is of pairs, and the data have comparisons of 3 "
                          "candidates; use plackett_luce"));
  sweep.settings["model.likelihood"] = Value(std::string("plackett_luce"));
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial, IsEmpty());
}

TEST(TrainerRefusals, LinkedPeopleNeedLinks) {
  SmallData small;
  const SweepConfiguration sweep = sweep_of("pooled", "linked");
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial,
              ElementsAre(HasSubstr("model.user is linked, but the data have no links between people")));
  small.data.user_links = {{0}, {1}, {}};
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial, IsEmpty());
}

TEST(TrainerRefusals, OfSoftMembershipUnderEveryMethodThatHasIt) {
  SmallData small;
  SweepConfiguration pafo = sweep_of("pafo", "none");
  pafo.settings["method.pafo.condition"] = Value(std::string("soft_membership"));
  EXPECT_THAT(trainer_refusals(pafo, small.data, small.people).every_trial,
              ElementsAre(AllOf(HasSubstr("method.pafo.condition is soft_membership, but nobody's"),
                                HasSubstr("choose group or agreement"))));
  SweepConfiguration listwise = sweep_of("dvao_listwise", "none");
  listwise.settings["method.dvao_listwise.membership"] = Value(std::string("soft"));
  EXPECT_THAT(trainer_refusals(listwise, small.data, small.people).every_trial,
              ElementsAre(HasSubstr("method.dvao_listwise.membership is soft, but nobody's")));
  small.people.support = {0.5, 0.25};
  EXPECT_THAT(trainer_refusals(pafo, small.data, small.people).every_trial, IsEmpty());
  EXPECT_THAT(trainer_refusals(listwise, small.data, small.people).every_trial, IsEmpty());
}

TEST(TrainerRefusals, OfWhatTheMethodNeeds) {
  SmallData small;
  SweepConfiguration sweep = sweep_of("pafo_dvao", "none");
  sweep.settings["method.pafo_dvao.membership"] = Value(std::string("soft"));
  sweep.settings["method.pafo_dvao.scale_over"] = Value(std::string("context"));
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial,
              ElementsAre(HasSubstr("nobody's preference support rate is known"),
                          HasSubstr("method.pafo_dvao.scale_over is context, but no context has more than two")));
  small.people.groups.emplace_back("third");
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial,
              ElementsAre(HasSubstr("that is defined for two groups and there are 3"), HasSubstr("scale_over")));
  small.people.groups.pop_back();
  small.people.support = {0.5, 0.25};
  small.data.context_offset = {0, 3};
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial, IsEmpty());
  sweep.settings["method.name"] = Value(std::string("pooled"));
  small.data.context_offset = {0, 2};
  EXPECT_THAT(trainer_refusals(sweep, small.data, small.people).every_trial, IsEmpty());
}

TEST(AdviceOnPeople, AMinorityThatIsTheLargerGroup) {
  SmallData small;
  SweepConfiguration sweep = sweep_of("pooled", "none");
  sweep.data.groups.by = "support_rate";
  EXPECT_THAT(advice_on_people(sweep, small.data, small.people), IsEmpty());
  small.people.group = {1, 1};
  EXPECT_THAT(advice_on_people(sweep, small.data, small.people),
              ElementsAre(HasSubstr("the minority has 2 people and the majority 0")));
}

TEST(AdviceOnPeople, AHistoryThatLeavesOneAnswer) {
  SmallData small;
  SweepConfiguration sweep = sweep_of("pooled", "history", "user");
  sweep.data.split.history = 1;
  EXPECT_THAT(advice_on_people(sweep, small.data, small.people),
              ElementsAre(HasSubstr("which leaves 1 of the 1 held-out people one comparison that is scored")));
  small.data.comparison_user.push_back(1);
  small.people.split.push_back(Split::test);
  EXPECT_THAT(advice_on_people(sweep, small.data, small.people), IsEmpty());
  sweep.data.split.history = 30;
  EXPECT_THAT(advice_on_people(sweep, small.data, small.people),
              ElementsAre(HasSubstr("data.split.history is 30, which 1 of the 1 held-out people do not have")));
  // Whom an imbalance leaves out is measured by nothing at all.
  small.people.group.push_back(0);
  small.data.comparison_user.push_back(2);
  small.people.split.push_back(Split::unused);
  EXPECT_THAT(advice_on_people(sweep, small.data, small.people), ElementsAre(HasSubstr("1 of the 1 held-out people")));
}

}  // namespace
}  // namespace fairsweep::apps
