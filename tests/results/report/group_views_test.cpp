#include "results/report/group_views.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "results/report/gains.hpp"
#include "results/report/student.hpp"
#include "results/report/views_report.hpp"
#include "tests/results/report/small_runs.hpp"

namespace fairsweep::report {
namespace {

using test::small_run;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Three groups of 50, 30 and 20 people; each configuration on the front but the last.
RunSummary three_groups(const std::string& fairness = "pareto") {
  return small_run({{"pooled", {{0.90, 0.60, 0.50}}},
                    {"group_dro", {{0.70, 0.66, 0.64}}},
                    {"pafo", {{0.80, 0.75, 0.55}}},
                    {"pafo", {{0.65, 0.65, 0.63}}}},
                   {50, 30, 20}, Direction::maximise, fairness);
}

TEST(GroupViews, ByHand) {
  const RunSummary run = three_groups();
  const auto views = group_views(run.record, run.front);
  ASSERT_TRUE(views);
  EXPECT_THAT(views->weights, ElementsAre(DoubleNear(0.5, 1e-15), DoubleNear(0.3, 1e-15), DoubleNear(0.2, 1e-15)));
  EXPECT_TRUE(views->weights_known);
  EXPECT_THAT(views->best, ElementsAre(0.90, 0.75, 0.64));
  const GroupView& pooled = *views->validation[0];
  EXPECT_DOUBLE_EQ(pooled.worst, 0.50);
  EXPECT_NEAR(pooled.tail, (0.20 * 0.50 + 0.05 * 0.60) / 0.25, 1e-15);  // all of the third group, a sixth of the second
  EXPECT_NEAR(pooled.mean, 0.45 + 0.18 + 0.10, 1e-15);
  EXPECT_NEAR(pooled.gap, 0.40, 1e-15);
  EXPECT_NEAR(pooled.regret, 0.15, 1e-15);
  EXPECT_NEAR(pooled.weighted_regret, 0.3 * 0.15 + 0.2 * 0.14, 1e-15);
  EXPECT_NEAR(views->test[0]->worst, 0.40, 1e-15);
  EXPECT_NEAR(views->test[0]->regret, 0.15, 1e-15);
}

TEST(GroupViews, LossesAreTurnedRound) {
  const RunSummary run = small_run({{"pooled", {{0.3, 0.7}}}, {"pafo", {{0.4, 0.6}}}}, {0, 0}, Direction::minimise);
  const auto views = group_views(run.record, run.front);
  ASSERT_TRUE(views);
  EXPECT_FALSE(views->weights_known);
  EXPECT_THAT(views->weights, ElementsAre(0.5, 0.5));
  EXPECT_THAT(views->best, ElementsAre(0.3, 0.6));
  EXPECT_DOUBLE_EQ(views->validation[0]->worst, 0.7);
  EXPECT_DOUBLE_EQ(views->validation[0]->tail, 0.7);
  EXPECT_NEAR(views->validation[0]->regret, 0.1, 1e-15);
  EXPECT_EQ(recommend(run.front, *views, "max_min").point, 1U);
}

TEST(GroupViews, NothingWithoutGroups) {
  RunSummary run = three_groups();
  run.record.objectives.resize(1);
  run.front = select_front(run.record);
  EXPECT_FALSE(group_views(run.record, run.front));
  EXPECT_TRUE(views_json(run).is_null());
  EXPECT_EQ(recommendation_text(run), "");
  EXPECT_THAT(views_text(run), HasSubstr("There is nothing to view by groups"));
}

TEST(Recommendation, EachNotionTakesItsOwn) {
  const RunSummary run = three_groups();
  const auto views = group_views(run.record, run.front);
  ASSERT_TRUE(views);
  EXPECT_EQ(recommend(run.front, *views, "max_min").point, 1U);          // 0.64 against 0.50 and 0.55
  EXPECT_EQ(recommend(run.front, *views, "min_max_regret").point, 2U);   // 0.10 against 0.15 and 0.20
  EXPECT_EQ(recommend(run.front, *views, "weighted_regret").point, 2U);  // 0.068 against 0.073 and 0.127
  // The last has the smallest gap of all, 0.02, and is no member: everybody is worse off than with the second.
  EXPECT_EQ(recommend(run.front, *views, "accuracy_gap").point, 1U);
  EXPECT_FALSE(recommend(run.front, *views, "pareto").point);
}

TEST(Recommendation, SaysWhy) {
  EXPECT_EQ(recommendation_text(three_groups("max_min")),
            "Recommended (fairness: max_min, as declared): c, configuration 1; of the front's configurations its "
            "worst-off group\nis best off on validation (0.6400).\n");
  EXPECT_THAT(recommendation_text(three_groups(), "min_max_regret"),
              HasSubstr("Recommended (fairness: min_max_regret): b, configuration 2; "));
  EXPECT_THAT(recommendation_text(three_groups()),
              HasSubstr("No point is recommended (fairness: pareto, as declared)"));
}

TEST(Gains, AreDifferencesOfReplicates) {
  // Differences to pooled: 0.02, 0.04, 0.06 for the first group; -0.03 twice and 0.03 for the second.
  const RunSummary run = small_run(
      {{"pooled", {{0.50, 0.80}, {0.60, 0.70}, {0.70, 0.60}}}, {"pafo", {{0.52, 0.77}, {0.64, 0.67}, {0.76, 0.63}}}},
      {10, 10});
  const auto gains = gain_table(run);
  ASSERT_TRUE(gains);
  EXPECT_EQ(gains->pooled, 0U);
  ASSERT_EQ(run.front.members.size(), 2U);
  const std::vector<Gain>& pafo = gains->gains[0];
  EXPECT_NEAR(pafo[0].mean, 0.04, 1e-15);
  EXPECT_NEAR(pafo[0].half_width, 4.302652729911275 * 0.02 / std::sqrt(3.0), 1e-9);
  EXPECT_FALSE(pafo[0].gains());  // 0.04 ± 0.0497
  EXPECT_EQ(pafo[1].replicates, 3U);
  EXPECT_NEAR(pafo[1].mean, -0.01, 1e-15);
  EXPECT_NEAR(gains->gains[1][0].mean, 0, 1e-15);
  EXPECT_EQ((Gain{0.3, 0.2, 3}.gains()), true);
  EXPECT_EQ((Gain{-0.3, 0.2, 3}.pays()), true);
}

TEST(Gains, OneReplicateHasNoInterval) {
  const auto gains = gain_table(three_groups());
  ASSERT_TRUE(gains);
  for (const std::vector<Gain>& member : gains->gains) {
    for (const Gain& gain : member) {
      EXPECT_TRUE(std::isnan(gain.half_width));
      EXPECT_FALSE(gain.gains() || gain.pays());
    }
  }
  EXPECT_FALSE(gain_table(small_run({{"pafo", {{0.5, 0.5}}}}, {1, 1})));
}

TEST(ViewsReport, TextAndJsonSayTheSame) {
  const RunSummary run = small_run(
      {{"pooled", {{0.50, 0.80}, {0.52, 0.81}, {0.51, 0.82}}}, {"pafo", {{0.60, 0.77}, {0.62, 0.78}, {0.61, 0.78}}}},
      {30, 10}, Direction::maximise, "max_min");
  const std::string text = views_text(run);
  EXPECT_THAT(text, HasSubstr("shares of the validation split: g0 0.750, g1 0.250"));
  EXPECT_THAT(text, HasSubstr("Recommended (fairness: max_min, as declared): a, configuration 1"));
  EXPECT_THAT(text, HasSubstr("beside the pooled model (configuration 0)"));
  EXPECT_THAT(text, HasSubstr("+0.1000 ± 0.0000 gains"));
  EXPECT_THAT(text, HasSubstr("-0.0333 ± 0.0143 pays"));
  const nlohmann::json json = views_json(run);
  EXPECT_EQ(json["recommended"]["configuration"], 1);
  EXPECT_EQ(json["gains"]["members"][0]["groups"][1]["verdict"], "pays");
  EXPECT_NEAR(json["members"][0]["validation"]["worst_group"], 0.61, 1e-12);
  EXPECT_NEAR(json["groups"][1]["best"], 0.81, 1e-12);
}

TEST(Student, SharesAndQuantiles) {
  // One degree is Cauchy's distribution, two have a closed form; tables give the rest.
  for (const double t : {-30.0, -1.0, -0.1, 0.0, 0.5, 2.0, 100.0}) {
    EXPECT_NEAR(student_share(t, 1), 0.5 + std::atan(t) / std::acos(-1.0), 1e-12) << t;
    EXPECT_NEAR(student_share(t, 2), 0.5 + t / (2 * std::sqrt(2 + t * t)), 1e-12) << t;
  }
  EXPECT_NEAR(student_quantile(0.975, 1), 12.706204736432095, 1e-8);
  EXPECT_NEAR(student_quantile(0.975, 4), 2.7764451051977987, 1e-9);
  EXPECT_NEAR(student_quantile(0.025, 9), -2.2621571628540993, 1e-9);
  EXPECT_NEAR(student_quantile(0.975, 1e7), 1.959964, 1e-5);
  EXPECT_NEAR(student_share(student_quantile(0.8, 7), 7), 0.8, 1e-12);
}

}  // namespace
}  // namespace fairsweep::report
