#include "results/report/setting_importance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/random/philox.hpp"
#include "tests/results/report/small_run.hpp"

namespace fairsweep::report {
namespace {

/// The definition, worked out slowly: ranks by peeling, shares by counting, for one setting in [0, 1] with `bins`
/// parts.
struct SlowImportance {
  std::size_t chosen = 0;
  double divergence = 0;

  SlowImportance(const std::vector<std::pair<double, double>>& points, const std::vector<double>& settings,
                 std::size_t bins) {
    std::vector<bool> left(points.size(), true), near(points.size(), false);
    const double wanted = std::max(5.0, std::ceil(0.1 * static_cast<double>(points.size())));
    while (static_cast<double>(chosen) < std::min(wanted, static_cast<double>(points.size()))) {
      std::vector<std::size_t> front;
      for (std::size_t i = 0; i < points.size(); ++i) {
        bool beaten = !left[i];
        for (std::size_t j = 0; j < points.size() && !beaten; ++j) {
          beaten = left[j] && points[j].first >= points[i].first && points[j].second >= points[i].second &&
                   points[j] != points[i];
        }
        if (!beaten)
          front.push_back(i);
      }
      for (const std::size_t i : front) {
        left[i] = false;
        near[i] = true;
        ++chosen;
      }
    }
    for (std::size_t bin = 0; bin < bins; ++bin) {
      double all_here = 0, near_here = 0;
      for (std::size_t i = 0; i < points.size(); ++i) {
        const bool here = std::min(bins - 1, static_cast<std::size_t>(settings[i] * static_cast<double>(bins))) == bin;
        all_here += here ? 1.0 / static_cast<double>(points.size()) : 0;
        near_here += here && near[i] ? 1.0 / static_cast<double>(chosen) : 0;
      }
      if (all_here > 0)
        divergence += std::pow(near_here - all_here, 2) / all_here;
    }
  }
};

RunSummary run_of(const RunRecord& record) { return summarise_run("run", record, {}); }

TEST(FrontImportance, EqualsItsSlowTwin) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    RandomStream random(seed, 0, 0, Purpose::bootstrap);
    const std::size_t n = 7 + random.below(150);
    std::vector<std::pair<double, double>> points;
    std::vector<double> settings;
    for (std::size_t i = 0; i < n; ++i) {
      // Coarse values, so that there are ties.
      points.emplace_back(std::floor(10 * random.uniform()) / 10, std::floor(10 * random.uniform()) / 10);
      settings.push_back(random.uniform());
    }
    const FrontImportance importance = front_importance(run_of(test::small_record(points, settings)), 4);
    const SlowImportance slow(points, settings, 4);
    EXPECT_EQ(importance.all, n);
    EXPECT_EQ(importance.chosen, slow.chosen) << "seed " << seed;
    if (slow.chosen < n) {
      ASSERT_EQ(importance.settings.size(), 1U) << "seed " << seed;
      EXPECT_NEAR(importance.settings[0].divergence, slow.divergence, 1e-12) << "seed " << seed;
    }
  }
}

/// The chance level against choices made here, by shuffling.
TEST(FrontImportance, ChanceIsWhatBlindChoicesShow) {
  RandomStream random(5, 0, 0, Purpose::bootstrap);
  std::vector<std::pair<double, double>> points;
  std::vector<double> settings;
  for (int i = 0; i < 60; ++i) {
    points.emplace_back(i, i);  // a chain: the ranks are single configurations, and six are chosen
    settings.push_back(random.uniform());
  }
  const FrontImportance importance = front_importance(run_of(test::small_record(points, settings)), 3);
  ASSERT_EQ(importance.chosen, 6U);
  double sum = 0;
  int above = 0;
  constexpr int k_rounds = 4000;
  const SettingImportance& setting = importance.settings.at(0);
  for (int round = 0; round < k_rounds; ++round) {
    const auto order = random.permutation(60);
    std::vector<double> near(3, 0.0);
    for (std::size_t i = 0; i < 6; ++i)
      near[std::min<std::size_t>(2, static_cast<std::size_t>(settings[order[i]] * 3))] += 1.0 / 6;
    double divergence = 0;
    for (std::size_t bin = 0; bin < 3; ++bin)
      divergence += std::pow(near[bin] - setting.share_all[bin], 2) / setting.share_all[bin];
    sum += divergence / k_rounds;
    above += divergence > setting.chance_high ? 1 : 0;
  }
  EXPECT_NEAR(setting.by_chance, sum, 0.05 * setting.by_chance) << "seed 5";
  EXPECT_LE(above, 0.06 * k_rounds) << "seed 5";
}

TEST(FrontImportance, TheSettingThatDecidesComesFirstAndNoiseStaysWithinChance) {
  RandomStream random(3, 0, 0, Purpose::bootstrap);
  RunRecord record = test::small_record({}, {});
  record.space.parameters.push_back({"noise", LogUniform{1e-4, 1, false}, std::nullopt});
  record.space.parameters.push_back({"fixed", Choice{{std::string("one")}}, std::nullopt});
  for (std::uint32_t i = 0; i < 400; ++i) {
    const double x = random.uniform(), quality = 1 - std::fabs(x - 0.9), trade = random.uniform();
    record.configurations.push_back(
        {{i}, {{"fixed", std::string("one")}, {"noise", std::pow(10, -4 * random.uniform())}, {"x", x}}});
    record.trials.push_back(test::small_trial(i, 0, 1, quality + 0.3 * trade, quality - 0.3 * trade));
  }
  const FrontImportance importance = front_importance(run_of(record));
  ASSERT_EQ(importance.settings.size(), 2U);  // what is always the same is no setting of the search
  EXPECT_EQ(importance.settings[0].path, "x");
  EXPECT_GT(importance.settings[0].divergence, 5 * importance.settings[0].chance_high);
  EXPECT_LT(importance.settings[1].divergence, 2 * importance.settings[1].chance_high) << "seed 3";
  EXPECT_EQ(importance.settings[0].bins.back(), "0.833 to 1.00");
  EXPECT_EQ(importance.settings[1].bins.front(), "0.000100 to 0.000464");
}

TEST(FrontImportance, ASettingIsLookedAtWhereItIsActive) {
  RunRecord record = test::small_record({}, {});
  record.space.parameters = {{"method", Choice{{std::string("a"), std::string("b")}}, std::nullopt},
                             {"strength", Uniform{0, 1, false}, Condition{"method", {std::string("b")}}}};
  for (std::uint32_t i = 0; i < 40; ++i) {
    const bool b = i % 2 == 1;
    record.configurations.push_back({{i}, {{"method", std::string(b ? "b" : "a")}}});
    if (b)
      record.configurations.back().values["strength"] = i / 40.0;
    record.trials.push_back(test::small_trial(i, 0, 1, i, i));  // 35 to 39 are chosen: 35, 37 and 39 have it
  }
  const FrontImportance importance = front_importance(run_of(record), 2);
  ASSERT_EQ(importance.chosen, 5U);
  const auto strength = std::ranges::find(importance.settings, "strength", &SettingImportance::path);
  ASSERT_NE(strength, importance.settings.end());
  EXPECT_EQ(strength->all, 20U);
  EXPECT_EQ(strength->chosen, 3U);
  EXPECT_DOUBLE_EQ(strength->divergence, 1);  // shares 1/2, 1/2 against 0, 1
}

TEST(FrontImportance, SaysNothingWhereThereIsNothingToCompare) {
  EXPECT_TRUE(front_importance(run_of(test::small_record({}, {}))).settings.empty());
  const FrontImportance all = front_importance(run_of(test::small_record({{1, 2}, {2, 1}, {3, 0}}, {0.1, 0.2, 0.3})));
  EXPECT_EQ(all.chosen, all.all);
  EXPECT_TRUE(all.settings.empty());
}

}  // namespace
}  // namespace fairsweep::report
