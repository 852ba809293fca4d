#include "results/report/figures/figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "core/diagnostics/errors.hpp"
#include "results/report/figures/plot_frame.hpp"
#include "tests/results/report/small_run.hpp"
#include "tests/results/store/sample_record.hpp"

namespace fairsweep::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(SvgDrawing, WritesWhatItIsTold) {
  SvgDrawing drawing(100, 50, "A <title>");
  drawing.line(0, 1, 2, 3, {"", "#000000", 0.5, "3 2", 1});
  drawing.ellipse(10, 10, 4, 2, 30, {"#ff0000", "", 0, "", 0.5});
  drawing.text(1, 2, "a & b\n", Anchor::end, -90);
  const std::string svg = drawing.svg();
  EXPECT_THAT(svg, HasSubstr("width=\"100pt\" height=\"50pt\" viewBox=\"0 0 100 50\""));
  EXPECT_THAT(svg, HasSubstr("<title>A &lt;title&gt;</title>"));
  EXPECT_THAT(svg, HasSubstr("<line x1=\"0\" y1=\"1\" x2=\"2\" y2=\"3\" fill=\"none\" stroke=\"#000000\" "
                             "stroke-width=\"0.5\" stroke-dasharray=\"3 2\"/>"));
  EXPECT_THAT(svg, HasSubstr("rx=\"4\" ry=\"2\" transform=\"rotate(30 10 10)\" fill=\"#ff0000\" opacity=\"0.5\""));
  EXPECT_THAT(svg, HasSubstr("text-anchor=\"end\" transform=\"rotate(-90 1 2)\">a &amp; b\xEF\xBF\xBD</text>"));
  EXPECT_THROW(drawing.line(0, 0, std::numeric_limits<double>::quiet_NaN(), 0, {}), InternalError);
}

TEST(PlotFrame, PutsNumbersBetweenItsEdges) {
  SvgDrawing drawing(100, 100, "");
  const PlotFrame frame(drawing, 10, 20, 90, 80, {0, 4}, {-1, 1});
  EXPECT_DOUBLE_EQ(frame.x(0), 10);
  EXPECT_DOUBLE_EQ(frame.x(3), 70);
  EXPECT_DOUBLE_EQ(frame.y(1), 20);
  EXPECT_DOUBLE_EQ(frame.y(-0.5), 65);
  EXPECT_LT(plot_range({1, 1}).low, 1);
  EXPECT_EQ(plot_range({std::numeric_limits<double>::quiet_NaN()}).high, 1);
}

TEST(Figures, OfARunWithTwoObjectives) {
  ReportInput input;
  input.run = summarise_run("run", test::sample_record(), {});
  const auto figures = paper_figures(input, 77);
  ASSERT_TRUE(figures.contains("front.svg"));
  EXPECT_FALSE(figures.contains("hypervolume.svg"));  // no event tells a time
  EXPECT_FALSE(figures.contains("people.svg"));
  EXPECT_THAT(figures.at("front.svg"), HasSubstr("width=\"218.27pt\""));
  EXPECT_THAT(figures.at("front.svg"), HasSubstr("log_loss of many (smaller is better)"));
  EXPECT_THAT(figures.at("front.svg"), HasSubstr("<ellipse"));
  EXPECT_EQ(figures, paper_figures(input, 77));
}

TEST(Figures, EachPairOfUpToFourObjectivesAndNothingOfNothing) {
  ReportInput input;
  RunRecord record = test::small_record({{1, 2}, {2, 1}}, {0.1, 0.2});
  record.objectives.push_back({"accuracy", "few", Direction::minimise, "share"});
  input.run = summarise_run("run", record, {});
  const auto figures = paper_figures(input, 140);
  EXPECT_TRUE(figures.contains("front_1_2.svg") && figures.contains("front_1_3.svg") &&
              figures.contains("front_2_3.svg"));
  EXPECT_THAT(figures.at("front_1_2.svg"), Not(HasSubstr("<ellipse")));  // one replicate
  input.run = summarise_run("run", test::small_record({}, {}), {});
  EXPECT_TRUE(paper_figures(input, 77).empty());
}

}  // namespace
}  // namespace fairsweep::report
