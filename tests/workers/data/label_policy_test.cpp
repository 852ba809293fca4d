#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "core/protocol/people_text.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/labels/label_policy.hpp"
#include "workers/data/people/resolve_people.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::refusal;

/// Three people; ann is asked four pairs twice and always agrees with herself, bob agrees twice of four times, cy is
/// asked nothing twice. Contexts of two candidates.
PreferenceData asked_again() {
  PreferenceData data;
  data.feature_count = 1;
  data.feature_names = {"x"};
  data.context_offset = {0};
  data.comparison_offset = {0};
  data.user_names = {"ann", "bob", "cy"};
  data.user_attributes["block"] = {{"a", "b"}, {0, 1, 1}};
  const auto ask = [&data](std::int32_t user, std::int32_t context, bool first) {
    data.comparison_user.push_back(user);
    data.comparison_context.push_back(context);
    data.comparison_candidate.push_back(2 * context + (first ? 0 : 1));
    data.comparison_candidate.push_back(2 * context + (first ? 1 : 0));
    data.comparison_offset.push_back(std::ssize(data.comparison_candidate));
    data.comparison_ranked.push_back(1);
    data.comparison_weight.push_back(1);
    data.comparison_repeat.push_back(-1);
  };
  for (std::int32_t context = 0; context < 4; ++context) {
    data.features.insert(data.features.end(), {0, 1});
    data.candidate_count += 2;
    data.context_offset.push_back(data.candidate_count);
    ask(0, context, true);
    ask(0, context, true);
    ask(1, context, true);
    ask(1, context, context < 2);
    ask(2, context, false);
  }
  return data;
}

std::vector<std::int64_t> all_rows(const PreferenceData& data) {
  std::vector<std::int64_t> rows(data.comparison_user.size());
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

TEST(LabelPolicy, ShrinksPeopleToTheMeanOfAll) {
  const PreferenceData data = asked_again();
  // 8 pairs of answers, 6 agree: mean 3/4. With four pairs of prior: ann (4 + 3) / 8, bob (2 + 3) / 8, cy 3/4.
  const LabelDecision decision = decide_labels(data, all_rows(data), {"noise_aware", 0.2, 4});
  EXPECT_THAT(decision.agreement, ElementsAre(0.875, 0.625, 0.75));
  EXPECT_EQ(decision.repeated_users, 2);
  for (std::size_t user = 0; user < 3; ++user) {
    const double e = decision.flip[user];
    EXPECT_NEAR((1 - e) * (1 - e) + e * e, decision.agreement[user], 1e-12);
  }
  EXPECT_TRUE(decision.dropped.empty());
  EXPECT_TRUE(decision.weight.empty());
}

TEST(LabelPolicy, DropsAndWeighsByTheStableShare) {
  const PreferenceData data = asked_again();
  EXPECT_THAT(decide_labels(data, all_rows(data), {"weight", 0.2, 4}).weight, ElementsAre(0.75, 0.25, 0.5));
  EXPECT_THAT(decide_labels(data, all_rows(data), {"drop", 0.3, 4}).dropped, ElementsAre(false, true, false));
  EXPECT_THAT(decide_labels(data, all_rows(data), {"drop", 0.2, 0}).dropped, ElementsAre(false, true, false))
      << "without a prior bob agrees with himself by chance";
  const LabelDecision alone = decide_labels(data, all_rows(data), {"weight", 0.2, 0});
  EXPECT_THAT(alone.weight, ElementsAre(1, 0, 0.5));
  EXPECT_THAT(alone.dropped, ElementsAre(false, true, false)) << "a weight of 0 is none";
  EXPECT_TRUE(decide_labels(data, all_rows(data), {}).agreement.empty()) << "keep looks at nothing";
}

TEST(LabelPolicy, DoesNotLookAtWhetherOthersAgree) {
  PreferenceData data = asked_again();
  const LabelDecision before = decide_labels(data, all_rows(data), {"weight", 0.2, 4});
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    if (data.comparison_user[row] == 0) {  // ann turns around every answer, and is as consistent as before
      std::swap(data.comparison_candidate[2 * row], data.comparison_candidate[2 * row + 1]);
    }
  }
  EXPECT_EQ(decide_labels(data, all_rows(data), {"weight", 0.2, 4}).weight, before.weight);
}

TEST(LabelPolicy, RefusesWhatCannotBeKnown) {
  const PreferenceData data = asked_again();
  std::vector<std::int64_t> once;
  for (std::int64_t row = 4; row < std::ssize(data.comparison_user); row += 5) {
    once.push_back(row);  // cy's
  }
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)decide_labels(data, once, {"drop", 0.2, 4}); }),
              HasSubstr("no training question was put to anybody twice"));
  EXPECT_THAT(
      refusal(ExitCode::configuration, [&] { (void)decide_labels(data, all_rows(data), {"drop", 1, 4}); }),
      testing::MatchesRegex("data.labels.policy drop leaves nobody to train on: data.labels.least_stable is 1, and "
                            "the stable share of all repeated answers in training is 0\\.[0-9]+, of the steadiest "
                            "person 0\\.[0-9]+ \\(shrunk by data.labels.prior_pairs\\); give a smaller "
                            "least_stable, or policy: weight"));
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)decide_labels(data, all_rows(data), {"forget", 0.2, 4}); }),
              HasSubstr("it must be keep, drop, weight or noise_aware"));
}

TEST(LabelPolicy, IsCarriedOutOnTrainingAloneAndSeenInTheGroups) {
  PreferenceData data;
  // Two people a group with 30 questions put three times each; the second of each group answers at random.
  const PreferenceData one = asked_again();
  data = one;
  data.user_names = {"a1", "a2", "b1", "b2"};
  data.user_attributes["block"] = {{"a", "b"}, {0, 0, 1, 1}};
  data.comparison_user.clear();
  data.comparison_context.clear();
  data.comparison_candidate.clear();
  data.comparison_offset = {0};
  data.comparison_ranked.clear();
  for (std::int32_t user = 0; user < 4; ++user) {
    for (std::int32_t answer = 0; answer < 90; ++answer) {
      const std::int32_t context = answer % 4;
      const bool first = user % 2 == 0 || (answer / 4) % 2 == 0;
      data.comparison_user.push_back(user);
      data.comparison_context.push_back(context);
      data.comparison_candidate.push_back(2 * context + (first ? 0 : 1));
      data.comparison_candidate.push_back(2 * context + (first ? 1 : 0));
      data.comparison_offset.push_back(std::ssize(data.comparison_candidate));
      data.comparison_ranked.push_back(1);
    }
  }
  data.comparison_weight.assign(data.comparison_user.size(), 1);
  data.comparison_repeat.assign(data.comparison_user.size(), -1);
  ASSERT_THAT(problems_of(data), testing::IsEmpty());
  GroupSettings groups;
  groups.attribute = "block";
  SplitSettings split;
  split.by = "comparison";
  const People kept = resolve_people(data, groups, split, 3);
  const People people = resolve_people(data, groups, split, 3, {}, {"drop", 0.5, 4});
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    const bool dropped = kept.split[row] == Split::train && data.comparison_user[row] % 2 == 1;
    EXPECT_EQ(people.split[row], dropped ? Split::unused : kept.split[row]);
  }
  EXPECT_THAT(people.how.at("training before data.labels, a"), HasSubstr("2 people, "));
  EXPECT_THAT(people.how.at("training after data.labels, a"), HasSubstr("1 person, "));
  EXPECT_EQ(people.how.at("people asked something again in training"), "4");
  const People noisy = resolve_people(data, groups, split, 3, {}, {"noise_aware", 0.2, 4});
  EXPECT_EQ(noisy.split, kept.split);
  EXPECT_LT(noisy.label_flip[0], 0.05);
  EXPECT_GT(noisy.label_flip[1], 0.2);
  EXPECT_EQ(read_people_text(people_text(noisy), "p").label_flip, noisy.label_flip);
}

}  // namespace
}  // namespace fairsweep
