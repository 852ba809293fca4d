#include "results/report/hypervolume_moments.hpp"

#include <gmock/gmock.h>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::report {
namespace {

using testing::HasSubstr;

/// Configurations at (0.5, 0.5), (0.8, 0.2) and (0.9, 0.9); the last does not compete.
Front front() {
  Front front;
  front.objectives = {{"accuracy", "few", Direction::maximise, "1"}, {"accuracy", "many", Direction::maximise, "1"}};
  const double values[3][2] = {{0.5, 0.5}, {0.8, 0.2}, {0.9, 0.9}};
  for (std::uint32_t id = 0; id < 3; ++id) {
    FrontPoint point;
    point.configuration = {id};
    point.competes = id < 2;
    for (const double value : values[id]) {
      point.validation.push_back({value, 0, 1});
    }
    front.points.push_back(point);
  }
  front.members = {1, 0};
  front.reference = {0, 0};
  return front;
}

TEST(HypervolumeAtMoments, GrowsAsConfigurationsCompete) {
  const std::vector<CurvePoint> curve = hypervolume_at_moments(front(), {3, 6, 0}, 8, 4);
  ASSERT_EQ(curve.size(), 4U);
  const double seconds[] = {2, 4, 6, 8};
  const double volumes[] = {0, 0.25, 0.25 + 0.3 * 0.2, 0.25 + 0.3 * 0.2};  // (0.8, 0.2) adds 0.3 x 0.2 on the right
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_DOUBLE_EQ(curve[i].seconds, seconds[i]);
    EXPECT_NEAR(curve[i].hypervolume, volumes[i], 1e-15);
  }
  EXPECT_NEAR(curve.back().hypervolume, front_hypervolume(front(), {0, 0}), 1e-15);
}

TEST(HypervolumeAtMoments, IsEmptyWhereNothingCompetes) {
  Front nothing = front();
  nothing.reference.clear();
  EXPECT_TRUE(hypervolume_at_moments(nothing, {0, 0, 0}, 8, 4).empty());
  EXPECT_TRUE(hypervolume_at_moments(front(), {0, 0, 0}, 0, 4).empty());
  EXPECT_EQ(curve_plot({}, 8), "");
  EXPECT_THROW((void)hypervolume_at_moments(front(), {0}, 8, 4), InternalError);
}

TEST(HypervolumeAtMoments, IsDrawnForAnyTerminal) {
  const std::string plot = curve_plot(hypervolume_at_moments(front(), {3, 6, 0}, 8, 20), 6);
  EXPECT_THAT(plot, HasSubstr("running time, s"));
  EXPECT_THAT(plot, HasSubstr("hypervolume so far"));
  for (const char character : plot) {
    EXPECT_TRUE(character == '\n' || (character >= ' ' && character <= '~'));
  }
}

}  // namespace
}  // namespace fairsweep::report
