#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/workers/data/importers/import_rig.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::comparisons_in;
using testing_support::refusal;
using testing_support::request_for;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

class ImportDsp : public testing::Test {
 protected:
  ImportRequest request(const std::string& name, const std::string& text) {
    write_bytes(folder_ / name, text);
    ImportRequest request = request_for("dsp", {folder_ / name});
    request.features.text = true;
    request.features.fit_share = 1;
    return request;
  }
  const std::string queries_ = R"([{"query": "Q1", "responses": {"law": "l one", "art": "a one", "normal": "n one"}},)"
                               R"( {"query": "Q2", "responses": {"law": "same", "art": "same", "normal": ""}}])";
  TemporaryFolder folder_;
};

TEST_F(ImportDsp, LetsEachDomainPreferItsOwnResponse) {
  const PreferenceData data = import_to_memory(request("d.json", queries_));
  EXPECT_THAT(data.user_names, ElementsAre("law", "art"));
  EXPECT_EQ(data.user_attributes.at("domain"), (Attribute{{"law", "art"}, {0, 1}}));
  auto lines = comparisons_in(data);
  ASSERT_EQ(lines.size(), 8U);
  EXPECT_THAT(lines[0], HasSubstr("law text-"));
  EXPECT_THAT(lines[0], HasSubstr(": law > art"));
  EXPECT_THAT(lines[1], HasSubstr(": law > normal"));
  EXPECT_THAT(lines[4], HasSubstr(": art > law"));
  EXPECT_EQ(data.about.at("pairs of identical responses, all domains"), "2");
  EXPECT_EQ(data.about.at("empty responses"), "1");
  EXPECT_EQ(data.candidate_text[3], data.candidate_text[4]);
}

TEST_F(ImportDsp, RefusesDomainsThatNobodyCanBeNamedAfter) {
  for (const std::string& name : {std::string(), std::string("a\\u0000b")}) {
    const ImportRequest wanted =
        request("d.json", R"([{"query": "Q1", "responses": {")" + name + R"(": "x", "art": "y"}}])");
    EXPECT_THAT(refusal(ExitCode::file, [&] { (void)import_to_memory(wanted); }),
                HasSubstr("d.json: a domain of the first entry's responses has no name, or one with a NUL"));
  }
  const ImportRequest hidden =
      request(".json", R"([{"text": ["x", "y"], "score": [1, 2]}, {"text": ["x", "z"], "score": [1, 2]}])");
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)import_to_memory(hidden); }),
              HasSubstr(".json: the domain is called after the file, whose name begins with a dot; rename it"));
}

TEST_F(ImportDsp, AllotsPeopleToDomainsByShares) {
  ImportRequest wanted = request("d.json", queries_);
  wanted.arguments.options["domains"] = "art,law,normal";
  wanted.arguments.options["people"] = "10";
  wanted.arguments.options["shares"] = "7,2,1";
  wanted.arguments.options["queries"] = "1";
  const PreferenceData data = import_to_memory(wanted);
  EXPECT_EQ(data.user_count(), 10);
  EXPECT_EQ(data.user_attributes.at("domain"), (Attribute{{"art", "law", "normal"}, {0, 0, 0, 0, 0, 0, 0, 1, 1, 2}}));
  EXPECT_EQ(data.comparison_count(), 20) << "one query each, two pairs";
  EXPECT_THAT(data.user_names, testing::Contains("art-7"));
  wanted.arguments.options["shares"] = "7,2";
  EXPECT_EQ(refusal(ExitCode::configuration, [&] { (void)import_to_memory(wanted); }),
            "--shares has 2 numbers for 3 domains");
  wanted.arguments.options["shares"] = "7,2,x";
  EXPECT_EQ(refusal(ExitCode::configuration, [&] { (void)import_to_memory(wanted); }),
            "--shares: \"x\" must be a number above 0");
  wanted.arguments.options["domains"] = "art,lwa";
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)import_to_memory(wanted); }),
              HasSubstr("there is no domain \"lwa\"; did you mean \"law\"?"));
  wanted.arguments.options["domains"] = "art";
  wanted.arguments.options["shares"] = "1";
  wanted.arguments.options["people"] = "0";
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)import_to_memory(wanted); }),
              HasSubstr("give --people, too"));
}

TEST_F(ImportDsp, ReadsScoredPairsOfSeveralFilesAsDomains) {
  ImportRequest wanted =
      request("kind.test.json",
              R"([{"text": ["\n\nHuman: x\n\nAssistant: yes", "\n\nHuman: x\n\nAssistant:"], "score": [1.0, 0.0]},)"
              R"({"text": ["a", "b"], "score": [0, 2]}, {"text": ["a", "b"], "score": [1, 1]}])");
  write_bytes(folder_ / "safe.test.json",
              R"([{"text": ["\n\nHuman: x\n\nAssistant: yes", "\n\nHuman: x\n\nAssistant: no"], "score": [0, 1]}])");
  wanted.arguments.files.push_back(folder_ / "safe.test.json");
  ImportSummary summary;
  const PreferenceData data = import_to_memory(wanted, &summary);
  EXPECT_EQ(data.user_attributes.at("domain"), (Attribute{{"kind", "safe"}, {0, 1}}));
  EXPECT_EQ(data.comparison_count(), 3);
  EXPECT_EQ(data.context_count(), 2) << "both files ask x";
  EXPECT_EQ(data.candidate_count, 5);
  EXPECT_THAT(data.candidate_names, testing::Contains("(empty)"));
  EXPECT_THAT(summary.dropped, ElementsAre(testing::Pair("both have the same score", 1)));
}

TEST_F(ImportDsp, RefusesOtherJson) {
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)import_to_memory(request("d.json", R"([{"a": 1}])")); }),
              HasSubstr("d.json: its entries have neither query and responses, nor two of each of text and score"));
}

}  // namespace
}  // namespace fairsweep
