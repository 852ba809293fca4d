#include "results/report/page_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/diagnostics/errors.hpp"
#include "results/report/axis_values.hpp"
#include "results/report/html_report.hpp"
#include "results/report/packed_column.hpp"
#include "results/report/page_files.hpp"
#include "results/report/thinning.hpp"
#include "tests/results/report/small_run.hpp"
#include "tests/results/store/sample_record.hpp"

namespace fairsweep::report {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

/// Base64 backwards, by looking each sign up.
std::vector<std::uint8_t> decoded(const std::string& text) {
  const std::string signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> bytes;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char sign : text) {
    if (sign == '=')
      break;
    buffer = buffer << 6U | static_cast<std::uint32_t>(signs.find(sign));
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::uint8_t>(buffer >> static_cast<unsigned>(bits)));
    }
  }
  return bytes;
}

std::vector<double> reals(const json& column) {
  const std::vector<std::uint8_t> bytes = decoded(column.at("f32").get<std::string>());
  std::vector<double> values;
  for (std::size_t i = 0; i + 4 <= bytes.size(); i += 4) {
    float value = 0;
    std::memcpy(&value, bytes.data() + i, 4);
    values.push_back(value);
  }
  return values;
}

ReportInput sample_input() {
  ReportInput input;
  input.run = summarise_run("runs/sample", test::sample_record(), {});
  return input;
}

TEST(PackedColumn, IsBase64AsTheStandardSays) {
  // RFC 4648, section 10.
  EXPECT_EQ(base64({}), "");
  EXPECT_EQ(base64(bytes_of("f")), "Zg==");
  EXPECT_EQ(base64(bytes_of("fo")), "Zm8=");
  EXPECT_EQ(base64(bytes_of("foobar")), "Zm9vYmFy");
  EXPECT_EQ(packed_counts(std::vector<std::uint32_t>{1}).dump(), R"({"u32":"AQAAAA=="})");
  EXPECT_EQ(packed_reals(std::vector<double>{1.0}).dump(), R"({"f32":"AACAPw=="})");
  EXPECT_TRUE(std::isnan(reals(packed_reals(std::vector<double>{0.5, std::nan("")})).at(1)));
}

TEST(Thinning, KeepsWhatItKeptAndNoMoreThanAsked) {
  std::vector<std::uint32_t> keys;
  for (std::uint32_t key = 0; key < 5000; ++key)
    keys.push_back(3 * key);
  const std::vector<std::size_t> kept = thinned(keys, 500);
  EXPECT_EQ(kept.size(), 500U);
  EXPECT_TRUE(std::ranges::is_sorted(kept));
  const std::vector<std::size_t> more = thinned(keys, 800);
  EXPECT_TRUE(std::ranges::includes(more, kept));
  EXPECT_EQ(thinned(keys, 6000).size(), 5000U);
  // No stride: about as many of each residue.
  for (std::size_t residue = 0; residue < 5; ++residue)
    EXPECT_NEAR(std::ranges::count_if(kept, [&](std::size_t i) { return i % 5 == residue; }), 100, 40);
  EXPECT_THAT(spread_evenly(10, 4), ElementsAre(0, 3, 6, 9));
  EXPECT_THAT(spread_evenly(2, 4), ElementsAre(0, 1));
  EXPECT_TRUE(spread_evenly(0, 4).empty());
}

TEST(Axes, ObjectivesComeFirstAndOtherMetricsAfter) {
  const RunRecord record = test::sample_record();
  const std::vector<Axis> axes = report_axes(record, 10);
  std::vector<std::string> labels;
  for (const Axis& axis : axes)
    labels.push_back(axis.label());
  EXPECT_THAT(labels,
              ElementsAre("accuracy of few", "log_loss of many", "accuracy", "accuracy of many", "log_loss of few"));
  EXPECT_TRUE(axes[1].objective);
  EXPECT_FALSE(axes[2].objective);
  EXPECT_EQ(axes[4].direction, Direction::minimise);  // an objective of another group says so
  EXPECT_EQ(report_axes(record, 3).size(), 3U);
}

TEST(Axes, ReplicatesThatCountForTheFront) {
  RunRecord record = test::sample_record();
  const std::vector<Axis> axes = report_axes(record, 2);
  EXPECT_EQ(trials_of(record, {1}).size(), 2U);
  const ReplicateValues values = replicate_values(record, {1}, axes);
  EXPECT_THAT(values.trials, ElementsAre(TrialId{2}, TrialId{3}));
  EXPECT_THAT(values.validation, ElementsAre(0.5, 1.1 - 0.875, 0.625, 1.1 - 0.75));
  EXPECT_THAT(means_of(values.validation, 2), ElementsAre(0.5625, (1.1 - 0.875 + 1.1 - 0.75) / 2));
  record.trials[2].metrics.clear();
  EXPECT_THAT(replicate_values(record, {1}, axes).trials, ElementsAre(TrialId{3}));
  EXPECT_TRUE(std::isnan(means_of({}, 1).at(0)));
}

TEST(PageData, TheFrontIsWholeAndTheOthersAreThinned) {
  RunRecord record = test::small_record({}, {});
  for (std::uint32_t i = 0; i < 300; ++i) {
    record.configurations.push_back({{i}, {{"x", i / 300.0}}});
    const bool front = i < 100;
    record.trials.push_back(test::small_trial(i, 0, 1, front ? i : -1.0, front ? 100.0 - i : -1.0 - i));
  }
  ReportLimits limits;
  limits.points = 50;
  const json points = points_json(summarise_run("run", record, {}), limits);
  EXPECT_EQ(points.at("members"), 100);
  EXPECT_EQ(points.at("competing"), 300);
  const std::vector<double> x = reals(points.at("validation").at(0));
  ASSERT_EQ(x.size(), 150U);
  EXPECT_EQ(x[0], 99);  // best first objective first
  EXPECT_EQ(x[99], 0);
  EXPECT_EQ(reals(points.at("replicates").at("validation").at(0)).size(), 100U);
  EXPECT_EQ(reals(points.at("settings").at(0).at("values")).size(), 150U);
}

TEST(PageData, NumbersOfTheSample) {
  const json data = page_data(sample_input());
  const json& points = data.at("points");
  EXPECT_EQ(points.at("members"), 2);
  EXPECT_THAT(reals(points.at("validation").at(0)), ElementsAre(0.75, 0.5625, 0.5));  // the last is off the front
  // Replicates 0.5 and 0.625: standard error 0.0625.
  EXPECT_NEAR(reals(points.at("validation_error").at(0)).at(1), 0.0625, 1e-7);
  EXPECT_EQ(points.at("methods"), json({"group_dro", "pooled"}));
  EXPECT_EQ(data.at("failures").at("attempts"), 2);
  EXPECT_EQ(data.at("failures").at("trials_lost"), 1);
  EXPECT_EQ(data.at("work").at("unread"), 0);
  EXPECT_EQ(data.at("declaration").at("declared").size(), 4U);
}

TEST(HtmlReport, HasEverythingInIt) {
  const std::string page = html_report(sample_input());
  EXPECT_THAT(page, HasSubstr("<title>sample, a fairsweep report</title>"));
  EXPECT_THAT(page, HasSubstr("d3js.org"));  // the library's own first line
  EXPECT_THAT(page, HasSubstr("Redistribution and use in source and binary forms"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  for (const char* asks : {"src=\"", "src='", "@import", "href=\"http", "url(http"})
    EXPECT_THAT(page, Not(HasSubstr(asks)));
  EXPECT_THAT(std::string(page_file("scripts")), Not(HasSubstr("innerHTML")));
}

TEST(HtmlReport, TextOfARunCannotEndItsElement) {
  RunRecord record = test::sample_record();
  record.sweep = "</title><script>alert(1)</script>";
  record.declaration["use_case"] = "</script><script>alert(2)</script> @style@ \xff";
  ReportInput input;
  input.run = summarise_run("run", record, {});
  const std::string page = html_report(input);
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, HasSubstr("\\u003c/script>\\u003cscript>alert(2)"));
  EXPECT_THAT(page, HasSubstr("@style@"));  // what a part says is not filled in again
}

TEST(HtmlReport, EachPartHasItsPlace) {
  EXPECT_EQ(fill_page("a@b@c@d@ e@x", {{"b", "1@d@"}, {"d", "2"}}), "a1@d@c2 e@x");
  EXPECT_THROW((void)fill_page("nothing", {{"b", ""}}), InternalError);
  EXPECT_THROW((void)page_file("no such part"), InternalError);
}

}  // namespace
}  // namespace fairsweep::report
