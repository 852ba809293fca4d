#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/workers/data/importers/import_fixture.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing_support::comparison_texts;
using testing_support::write_bytes;

const std::string k_long =
    "timestamp,datetime,comment-id,voter-id,vote\n"
    "100,x,7,0,1\n200,x,7,1,-1\n300,x,9,0,0\n400,x,9,1,\n500,x,9,2,1.0\n";

const std::string k_wide =
    "participant,group-id,n-comments,n-votes,n-agree,n-disagree,7,9\n"
    "0,0,3,2,1,0,1,0\n1,1,0,1,0,1,-1,\n2,1,0,0,0,0,,\n";

class ImportVotes : public testing_support::ImportFixture {
 protected:
  ImportVotes() : ImportFixture("votes") {}
};

TEST_F(ImportVotes, AVoteComparesAgreementWithDisagreement) {
  const PreferenceData data = import(k_long);
  EXPECT_THAT(comparison_texts(data), ElementsAre("0 in 7: agree > disagree", "1 in 7: disagree > agree",
                                                  "0 in 9: agree = disagree", "2 in 9: agree > disagree"));
  EXPECT_THAT(data.candidate_names, ElementsAre("agree", "disagree", "agree", "disagree"));
  EXPECT_THAT(data.feature_names, ElementsAre("alternative=agree"));
  EXPECT_THAT(data.features, ElementsAre(1, 0, 1, 0));
  EXPECT_THAT(data.comparison_time, ElementsAre(100, 200, 300, 500));
  EXPECT_THAT(summary_.dropped, ElementsAre(Pair("no vote", 1)));
  EXPECT_EQ(summary_.ties, 1);
}

TEST_F(ImportVotes, TheWideTableSaysTheSame) {
  const PreferenceData data = import(k_wide, {}, "attributes: {opinion: {column: group-id}}\n");
  EXPECT_THAT(comparison_texts(data),
              ElementsAre("0 in 7: agree > disagree", "0 in 9: agree = disagree", "1 in 7: disagree > agree"));
  EXPECT_THAT(data.user_attributes.at("opinion").codes, ElementsAre(0, 1));
  EXPECT_THAT(summary_.dropped, ElementsAre(Pair("no vote", 1)));
  EXPECT_EQ(comparisons(k_wide, {{"statements", "7-7"}}).size(), 2U);
  EXPECT_EQ(comparisons(k_wide, {}, "fields: {statements: ['9']}\n").size(), 1U);
}

TEST_F(ImportVotes, PassesMayBeLeftOut) {
  EXPECT_EQ(comparisons(k_long, {{"passes", "drop"}}).size(), 3U);
  EXPECT_THAT(summary_.dropped, ElementsAre(Pair("a pass", 1), Pair("no vote", 1)));
  EXPECT_EQ(comparisons(k_wide, {{"passes", "drop"}}).size(), 2U);
}

TEST_F(ImportVotes, TheSignMayBeTurned) {
  EXPECT_THAT(comparisons(k_long, {{"agree-is", "-1"}}),
              ElementsAre("0 in 7: disagree > agree", "1 in 7: agree > disagree", "0 in 9: agree = disagree",
                          "2 in 9: disagree > agree"));
  EXPECT_THAT(comparisons(k_long, {}, "values: {agree: ['-1'], disagree: ['1']}\n").front(),
              "0 in 7: disagree > agree");
  EXPECT_EQ(refused(ExitCode::configuration, k_long, {{"agree-is", "-1"}}, "values: {agree: ['-1']}\n"),
            "--agree-is and the mapping's values both say what agrees; leave one out");
}

TEST_F(ImportVotes, TheFilesOwnCountsTellATurnedSign) {
  EXPECT_EQ(refused(ExitCode::file, k_wide, {{"agree-is", "-1"}}),
            "t.csv: in 2 records the numbers of agreeing and disagreeing votes are those that the file counts, "
            "exchanged, and in 0 they are not; the sign of the votes is turned: say it with --agree-is 1, or under "
            "values of the mapping");
  const std::string turned = "participant,n-agree,n-disagree,7\n0,1,0,-1\n";
  EXPECT_THAT(refused(ExitCode::file, turned), HasSubstr("say it with --agree-is -1"));
  EXPECT_THAT(comparisons(turned, {{"agree-is", "-1"}}), ElementsAre("0 in 7: agree > disagree"));
  // Counts over statements that are not in the table say nothing.
  EXPECT_EQ(comparisons("participant,n-agree,n-disagree,7\n0,5,9,1\n").size(), 1U);
  EXPECT_THAT(refused(ExitCode::file, "participant,n-agree,n-disagree,7\n0,x,9,1\n"),
              HasSubstr("t.csv:2: the number of agreeing votes is \"x\""));
}

TEST_F(ImportVotes, VotesMayBeWords) {
  const std::string mapping =
      "fields: {user: who, statement: what, vote: how}\nvalues: {agree: [ja], disagree: [nein], pass: [hm], missing: "
      "['-']}\n";
  EXPECT_THAT(comparisons("who,what,how\nann,s,ja\nbob,s,nein\ncleo,s,hm\ndan,s,-\n", {}, mapping),
              ElementsAre("ann in s: agree > disagree", "bob in s: disagree > agree", "cleo in s: agree = disagree"));
}

TEST_F(ImportVotes, StatementsHaveTheFeaturesOfATableOnTheAgreeingSide) {
  write_bytes(folder_ / "comments.csv", "comment-id,comment-body,length,kind\n9,no cars,2,x\n7,more bikes,3,y\n");
  const std::string mapping =
      "candidates:\n  file: comments.csv\n  key: comment-id\n  text: comment-body\n"
      "  features: [{column: length, kind: numeric}, {column: kind, kind: categorical}]\n";
  const PreferenceData data = import(k_long, {}, mapping);
  EXPECT_THAT(data.feature_names, ElementsAre("alternative=agree", "length", "kind=x", "kind=y"));
  EXPECT_THAT(data.features, ElementsAre(1, 3, 0, 1, 0, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 0));
  EXPECT_EQ(data.candidate_text[1], 0U);
  EXPECT_NE(data.candidate_text[0], data.candidate_text[2]);
  EXPECT_EQ(data.context_text[0], data.candidate_text[0]);
  EXPECT_EQ(refused(ExitCode::file, "voter-id,comment-id,vote\n0,8,1\n", {}, mapping),
            std::string("t.csv:2: comments.csv has no candidate \"8\"") + k_mend);
}

TEST_F(ImportVotes, StatementsHaveEmbeddingsByNameOrInOrder) {
  embeddings_ = "id,x,y\n9,0.5,1\n7,2,-3\nunused,1,1\n";
  const std::vector<float> expected{1, 2, -3, 0, 0, 0, 1, 0.5, 1, 0, 0, 0};
  EXPECT_EQ(import(k_long).features, expected);
  in_order_ = true;
  embeddings_ = "x,y\n2,-3\n0.5,1\n";
  EXPECT_EQ(import(k_long).features, expected);
  embeddings_ = "x,y\n2,-3\n";
  EXPECT_EQ(refused(ExitCode::file, k_long),
            "e.csv: has 1 rows, in order, for 2 statements; give the rows ids (docs/features.md), or one row for each "
            "statement as they first come");
  in_order_ = false;
  embeddings_ = "id,x\n7,1\n";
  EXPECT_EQ(refused(ExitCode::file, k_long), "e.csv: has no row for statement \"9\"");
}

TEST_F(ImportVotes, FeaturesOfTextAreMadeOfStatementsAlone) {
  text_features_ = true;
  const std::string table =
      "voter-id,comment-id,text,vote\n0,7,more bikes for everybody,1\n1,7,more bikes for everybody,-1\n"
      "0,9,no cars in town!,1\n1,11,more bikes and no cars,1\n";
  const PreferenceData data = import(table);
  const auto width = static_cast<std::size_t>(data.feature_count);
  EXPECT_GT(width, 10U);
  for (std::size_t candidate = 0; candidate < 6; ++candidate) {
    const auto first = data.features.begin() + static_cast<std::ptrdiff_t>(candidate * width);
    const bool zeros = std::all_of(first, first + static_cast<std::ptrdiff_t>(width), [](float x) { return x == 0; });
    EXPECT_EQ(zeros, candidate % 2 == 1) << candidate;
  }
  // The columns are fitted on the statements: the empty side changes nothing.
  EXPECT_EQ(data.feature_model.arrays.at("idf").values.empty(), false);
  EXPECT_THAT(data.feature_model.recipe, HasSubstr("\"fitted_texts\":2"));
}

TEST_F(ImportVotes, AVoteAgainIsARepeat) {
  const PreferenceData data = import("voter-id,comment-id,vote\n0,7,1\n0,8,1\n0,7,-1\n");
  EXPECT_THAT(data.comparison_repeat, ElementsAre(0, -1, 0));
}

TEST_F(ImportVotes, SaysWhatCannotBeUsed) {
  EXPECT_EQ(refused(ExitCode::file, "voter-id,comment-id,vote\n0,7,2\n"),
            std::string("t.csv:2: the vote is \"2\"; say under values of the mapping what it means: agree, disagree, "
                        "pass or missing") +
                k_mend);
  EXPECT_EQ(refused(ExitCode::file, "participant,7,8\n0,1,yes\n"),
            std::string("t.csv:2: the vote on \"8\" is \"yes\"; say under values of the mapping what it means: agree, "
                        "disagree, pass or missing") +
                k_mend);
  EXPECT_EQ(refused(ExitCode::file, "voter-id,comment-id,vote\n0,,1\n"),
            std::string("t.csv:2: names no statement") + k_mend);
  EXPECT_THAT(refused(ExitCode::configuration, "voter-id,thing,vote\n0,7,1\n"),
              HasSubstr("which field is \"statement\"?"));
  EXPECT_EQ(refused(ExitCode::configuration, "voter-id,7,8\n0,1,1\n", {{"statements", "2-3"}}, "fields: {vote: '7'}\n"),
            "t.csv: a field for the vote says that each record has one vote, and a list of statements that it has one "
            "on each of them; leave one out");
  EXPECT_EQ(refused(ExitCode::configuration, "participant,n-votes\n0,1\n"),
            "t.csv: no column is left for the statements; name them in the mapping, or with --statements FROM-TO");
  EXPECT_EQ(refused(ExitCode::configuration, "{\"user\":\"0\",\"votes\":[1]}\n", {},
                    "fields: {statements: [votes.*]}\n", "t.jsonl"),
            "t.jsonl: statements have names; a list in JSON gives them none");
}

TEST_F(ImportVotes, ObjectsInJsonAreWideToo) {
  EXPECT_THAT(comparisons("{\"user\":\"0\",\"votes\":{\"7\":1,\"9\":-1}}\n", {},
                          "fields: {statements: [votes.7, votes.9]}\n", "t.jsonl"),
              ElementsAre("0 in votes.7: agree > disagree", "0 in votes.9: disagree > agree"));
}

TEST_F(ImportVotes, TheOrderOfRecordsDoesNotMatter) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    std::vector<std::string> records;
    for (int record = 0; record < 30; ++record) {
      records.push_back(std::to_string(random() % 5) + "," + std::to_string(random() % 4) + "," +
                        std::to_string(static_cast<int>(random() % 3) - 1));
    }
    std::vector<std::string> before;
    for (int shuffle = 0; shuffle < 2; ++shuffle) {
      std::string table = "voter-id,comment-id,vote\n";
      for (const std::string& record : records) {
        table += record + "\n";
      }
      std::vector<std::string> now = comparisons(table);
      EXPECT_EQ(now.size(), 30U);
      std::sort(now.begin(), now.end());
      if (shuffle > 0) {
        EXPECT_EQ(now, before);
      }
      before = now;
      std::shuffle(records.begin(), records.end(), random);
    }
  }
}

}  // namespace
}  // namespace fairsweep
