#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/workers/data/importers/import_fixture.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;
using testing_support::comparison_texts;
using testing_support::write_bytes;

class ImportRankings : public testing_support::ImportFixture {
 protected:
  ImportRankings() : ImportFixture("rankings") { embeddings_ = "id,x\na,1\nb,2\nc,3\nd,4\nnut cake,5\n"; }
};

TEST_F(ImportRankings, WideRowsAreRankingsOfTheColumnsThatPlayNoOtherRole) {
  EXPECT_THAT(comparisons("user,context,1st,2nd,3rd,weight\n"
                          "ann,q,b,a,c,2\n"
                          "bob,r,c,b,,1\n"),
              ElementsAre("ann in q: b > a > c", "bob in r: c > b"));
  const PreferenceData data = import("user,1st,2nd,weight,time\nann,b,a,2,1999-12-31\n");
  EXPECT_THAT(data.comparison_weight, ElementsAre(2.0F));
  EXPECT_THAT(data.comparison_time, ElementsAre(946598400));
  EXPECT_THAT(data.comparison_ranked, ElementsAre(1));
  EXPECT_THAT(data.features, ElementsAre(2, 1));
  EXPECT_EQ(data.about.at("option spaces"), "one");
}

TEST_F(ImportRankings, AFullRankingIsInOrderToItsEnd) {
  const PreferenceData data = import("first,second,third\nc,a,b\n");
  EXPECT_THAT(data.comparison_ranked, ElementsAre(2));
  EXPECT_THAT(data.user_names, ElementsAre("everybody"));
  EXPECT_THAT(data.candidate_names, ElementsAre("c", "a", "b"));
  EXPECT_THAT(data.comparison_candidate, ElementsAre(0, 1, 2));
}

TEST_F(ImportRankings, ColumnsAreChosenByNumberByTheMappingOrAsTheRest) {
  const std::string table = "7,a,b,x\n8,b,a,y\n";
  const std::string no_header = "header: false\n";
  EXPECT_THAT(comparisons(table, {{"items", "2-3"}}, no_header + "fields: {user: '1'}\n"),
              ElementsAre("7 in all: a > b", "8 in all: b > a"));
  EXPECT_THAT(comparisons(table, {}, no_header + "fields: {user: '4', items: ['3', '2']}\n"),
              ElementsAre("x in all: b > a", "y in all: a > b"));
  EXPECT_THAT(comparisons("7,a,b\n8,b,a\n", {}, no_header + "fields: {user: '1'}\n"),
              ElementsAre("7 in all: a > b", "8 in all: b > a"));
  // What people and comparisons are described by is no item, either.
  EXPECT_THAT(comparisons("user,sex,best,worst,mood\nann,f,a,b,good\n", {},
                          "attributes: {sex: {column: sex}}\ncomparison_attributes: {mood: {column: mood}}\n"),
              ElementsAre("ann in all: a > b"));
}

TEST_F(ImportRankings, JoinedColumnsAreNoItems) {
  write_bytes(folder_ / "people.csv", "id,sex\nann,f\nbob,m\n");
  const PreferenceData data = import("user,best,worst\nann,a,b\nbob,b,a\n", {},
                                     "join: [{file: people.csv, on: user, key: id}]\n"
                                     "attributes: {sex: {column: sex}}\n");
  EXPECT_THAT(comparison_texts(data), ElementsAre("ann in all: a > b", "bob in all: b > a"));
  EXPECT_THAT(data.user_attributes.at("sex").codes, ElementsAre(0, 1));
}

TEST_F(ImportRankings, FurtherFilesAreFurtherRankingsOfTheSamePeopleByRow) {
  write_bytes(folder_ / "1.csv", "a,b\nb,c\n");
  write_bytes(folder_ / "2.csv", "c,a\na,b\n");
  const PreferenceData data = import_files({"1.csv", "2.csv"}, {}, "header: false\nfields: {user: '#'}\n");
  EXPECT_THAT(comparison_texts(data),
              ElementsAre("1 in all: a > b", "2 in all: b > c", "1 in all: c > a", "2 in all: a > b"));
  EXPECT_EQ(data.about.at("file 2"), "2.csv");
}

TEST_F(ImportRankings, ARowThatCannotBeReadKeepsItsNumber) {
  skip_errors_ = true;
  EXPECT_THAT(comparisons("a,b\na,b,c\nb,a\n", {}, "header: false\nfields: {user: '#'}\n"),
              ElementsAre("1 in all: a > b", "3 in all: b > a"));
  EXPECT_EQ(summary_.skipped, 1);
}

TEST_F(ImportRankings, ARankingMayEndEarly) {
  EXPECT_THAT(comparisons("1st,2nd,3rd\na,b,\nb,,\n,,\nc,a,b\n"),
              ElementsAre("everybody in all: a > b", "everybody in all: c > a > b"));
  EXPECT_THAT(summary_.dropped, ElementsAre(Pair("no item is ranked", 1), Pair("only one item is ranked", 1)));
  EXPECT_EQ(refused(ExitCode::file, "1st,2nd,3rd\na,b,c\na,,b\n"),
            std::string("t.csv:3: field \"2nd\" is empty and \"3rd\" behind it is not; a ranking may be empty only at "
                        "its end") +
                k_mend);
}

TEST_F(ImportRankings, UnlistedItemsMayBeWorse) {
  const std::string table = "context,1st,2nd\nq,a,b\nq,c,\nr,a,d\n";
  EXPECT_THAT(comparisons(table, {{"unlisted", "worse"}}),
              ElementsAre("everybody in q: a > b > c", "everybody in q: c > a, b", "everybody in r: a > d"));
  EXPECT_THAT(comparisons(table), ElementsAre("everybody in q: a > b", "everybody in r: a > d"));
  EXPECT_THAT(comparisons("context,1st,2nd\nq,a,b\nr,a,\n", {{"unlisted", "worse"}}),
              ElementsAre("everybody in q: a > b"));
  EXPECT_THAT(summary_.dropped, ElementsAre(Pair("only one item is ranked", 1)));
}

TEST_F(ImportRankings, ARankingWithTiesBecomesPairs) {
  const std::string table = "1st,2nd,3rd\na / b,c,d\n";
  EXPECT_THAT(comparisons(table, {{"tie-separator", "/"}}),
              UnorderedElementsAre("everybody in all: a = b", "everybody in all: a > c", "everybody in all: b > c",
                                   "everybody in all: a > d", "everybody in all: b > d", "everybody in all: c > d"));
  EXPECT_EQ(summary_.ties, 1);
  EXPECT_EQ(comparisons(table, {{"tie-separator", "/"}, {"ties", "drop"}}).size(), 5U);
  EXPECT_THAT(summary_.dropped_pairs, ElementsAre(Pair("tied items", 1)));
  EXPECT_THAT(
      comparisons("1st,2nd\na/b,\nc,d\n", {{"tie-separator", "/"}, {"unlisted", "worse"}}),
      UnorderedElementsAre("everybody in all: a = b", "everybody in all: a > c", "everybody in all: a > d",
                           "everybody in all: b > c", "everybody in all: b > d", "everybody in all: c > d > a, b"));
  EXPECT_THAT(comparisons("1st,2nd\na/b,\nc,d\n", {{"tie-separator", "/"}, {"ties", "drop"}}),
              ElementsAre("everybody in all: c > d"));
  EXPECT_THAT(summary_.dropped, ElementsAre(Pair("all items are tied", 1)));
  EXPECT_THAT(summary_.dropped_pairs, IsEmpty());
  EXPECT_EQ(refused(ExitCode::file, "1st,2nd\na/,b\n", {{"tie-separator", "/"}}),
            std::string("t.csv:2: \"/\" stands before or behind nothing") + k_mend);
}

TEST_F(ImportRankings, LongTablesHaveOneItemARecordInAnyOrder) {
  EXPECT_THAT(comparisons("user,context,item,rank\n"
                          "ann,q,b,2\nbob,q,a,1\nann,q,a,1\nbob,q,c,7\nann,q,c,2.5\nann,r,c,1\nann,r,d,2\n"),
              UnorderedElementsAre("ann in q: a > b > c", "bob in q: a > c", "ann in r: c > d"));
  EXPECT_THAT(comparisons("user,item,rank\nann,a,1\nann,b,2\n", {{"best", "highest"}}),
              ElementsAre("ann in all: b > a"));
  EXPECT_THAT(comparisons("user,item,rank\nann,a,1\nann,b,1\nann,c,2\n"),
              UnorderedElementsAre("ann in all: a = b", "ann in all: a > c", "ann in all: b > c"));
  EXPECT_THAT(comparisons("user,item,rank\nann,a,1\nann,b,\nann,c,2\nbob,a,1\n"), ElementsAre("ann in all: a > c"));
  EXPECT_THAT(summary_.dropped, ElementsAre(Pair("no rank", 1), Pair("only one item is ranked", 1)));
  EXPECT_THAT(comparisons("user,item,rank\nann,a,2\nann,b,1\nbob,c,1\n", {{"unlisted", "worse"}}),
              UnorderedElementsAre("ann in all: b > a > c", "bob in all: c > a, b"));
}

TEST_F(ImportRankings, AUserMayRankAgain) {
  const std::string table =
      "user,ranking,item,rank\nann,1,a,1\nann,1,b,2\nann,2,a,2\nann,2,b,1\nann,2,c,3\nann,3,b,1\nann,3,a,2\n";
  const PreferenceData data = import(table);
  EXPECT_THAT(comparison_texts(data), ElementsAre("ann in all: a > b", "ann in all: b > a > c", "ann in all: b > a"));
  EXPECT_THAT(data.comparison_repeat, ElementsAre(0, -1, 0));
  EXPECT_EQ(refused(ExitCode::file, "user,item,rank\nann,a,1\nbob,b,1\nann,b,2\nann,a,2\n"),
            std::string("t.csv:2: the ranking that begins here ranks \"a\" twice") + k_mend);
  // Another file is another ranking, without an id.
  write_bytes(folder_ / "1.csv", "user,item,rank\nann,a,1\nann,b,2\n");
  write_bytes(folder_ / "2.csv", "user,item,rank\nann,a,2\nann,b,1\n");
  EXPECT_THAT(comparison_texts(import_files({"1.csv", "2.csv"})),
              ElementsAre("ann in all: a > b", "ann in all: b > a"));
}

TEST_F(ImportRankings, ALongRankingHasWhatItsRecordsHave) {
  const PreferenceData data = import(
      "user,item,rank,weight,time,mood,place\n"
      "ann,a,1,2,100,good,home\nann,b,2,2,300,bad,home\nbob,a,1,1,200,bad,work\nbob,b,2,1,150,bad,work\n",
      {}, "comparison_attributes: {mood: {column: mood}, place: {column: place}}\n");
  EXPECT_THAT(data.comparison_weight, ElementsAre(2.0F, 1.0F));
  EXPECT_THAT(data.comparison_time, ElementsAre(300, 200));
  EXPECT_THAT(data.comparison_attributes.at("mood").labels, ElementsAre("bad"));
  EXPECT_THAT(data.comparison_attributes.at("mood").codes, ElementsAre(-1, 0));  // ann's two differ
  EXPECT_THAT(data.comparison_attributes.at("place").codes, ElementsAre(0, 1));
  EXPECT_EQ(refused(ExitCode::file, "user,item,rank,weight\nann,a,1,2\nann,b,2,3\n"),
            std::string("t.csv:3: the weight is 3; it was 2 in the same ranking on line 2") + k_mend);
}

TEST_F(ImportRankings, WideRankingsThatWaitKeepTheirCircumstances) {
  const PreferenceData data = import("user,1st,2nd,mood\nann,a,b,good\nbob,c,,bad\n", {{"unlisted", "worse"}},
                                     "comparison_attributes: {mood: {column: mood}}\n");
  EXPECT_THAT(comparison_texts(data), ElementsAre("ann in all: a > b > c", "bob in all: c > a, b"));
  EXPECT_THAT(data.comparison_attributes.at("mood").labels, ElementsAre("bad", "good"));
  EXPECT_THAT(data.comparison_attributes.at("mood").codes, ElementsAre(1, 0));
}

TEST_F(ImportRankings, RunsOfWhiteSpaceInNamesAreOneSpace) {
  embeddings_ = "id,x\nnut cake,5\nnut  cake,6\na,1\n";
  EXPECT_THAT(comparisons("1st,2nd\nnut  cake,a\na,nut\xC2\xA0 cake\n"),
              ElementsAre("everybody in all: nut cake > a", "everybody in all: a > nut cake"));
  EXPECT_THAT(comparisons("1st,2nd\nnut  cake,a\na,nut cake\n", {{"spaces", "keep"}}),
              ElementsAre("everybody in all: nut  cake > a", "everybody in all: a > nut cake"));
}

TEST_F(ImportRankings, CellsMayBeTexts) {
  embeddings_.clear();
  text_features_ = true;
  const std::string table = "prompt,1st,2nd\nhow?,\"well, so\",thus\nwhy?,because,thus\n";
  const PreferenceData data = import(table, {{"cells", "texts"}});
  EXPECT_EQ(data.context_count(), 2);
  EXPECT_EQ(data.candidate_count, 4);
  EXPECT_THAT(data.candidate_names.front(), HasSubstr("text-"));
  EXPECT_EQ(data.context_text.size(), 2U);
  EXPECT_NE(data.candidate_text[0], data.candidate_text[1]);
  EXPECT_EQ(data.candidate_text[1], data.candidate_text[3]);
  // Names are not texts.
  EXPECT_THAT(refused(ExitCode::configuration, table), HasSubstr("--text-features needs texts"));
}

TEST_F(ImportRankings, LongTablesMayHaveTexts) {
  embeddings_.clear();
  text_features_ = true;
  const PreferenceData data = import("user,prompt,item,item_text,rank\nann,how?,x,well,2\nann,how?,y,\"so, so\",1\n");
  EXPECT_THAT(data.candidate_names, ElementsAre("x", "y"));
  EXPECT_THAT(data.comparison_candidate, ElementsAre(1, 0));
  const PreferenceData unnamed = import("user,prompt,response,rank\nann,how?,well,2\nann,how?,so,1\n");
  EXPECT_EQ(unnamed.candidate_count, 2);
}

TEST_F(ImportRankings, ListsInJsonAreRankings) {
  EXPECT_THAT(
      comparisons("{\"user\":\"ann\",\"order\":[\"b\",\"a\"]}\n{\"user\":\"bob\",\"order\":[\"a\",\"b\",\"c\"]}\n"
                  "{\"user\":\"cleo\"}\n",
                  {}, "fields: {items: [order.*]}\n", "t.jsonl"),
      ElementsAre("ann in all: b > a", "bob in all: a > b > c"));
  EXPECT_THAT(summary_.dropped, ElementsAre(Pair("no item is ranked", 1)));
  EXPECT_THAT(comparisons("{\"user\":\"ann\",\"first\":\"b\",\"rest\":[\"a\",\"c\"]}\n", {},
                          "fields: {items: [first, rest.*]}\n", "t.jsonl"),
              ElementsAre("ann in all: b > a > c"));
  EXPECT_EQ(refused(ExitCode::configuration, "{\"order\":[\"b\",\"a\"]}\n", {}, "", "t.jsonl"),
            "t.jsonl: which fields are the items? A JSON object has no columns; name them in the mapping, as fields: "
            "{items: [NAME.*]} for a list called NAME");
  std::string many = "{\"order\":[\"0\"";
  for (int item = 1; item < 10'001; ++item) {
    many += ",\"" + std::to_string(item) + "\"";
  }
  EXPECT_EQ(refused(ExitCode::file, many + "]}\n", {}, "fields: {items: [order.*]}\n", "t.jsonl"),
            std::string("t.jsonl:1: ranks more than 10000 items") + k_mend);
}

TEST_F(ImportRankings, SaysWhichColumnsCannotBeTheItems) {
  const std::string table = "user,x,y\nann,a,b\n";
  EXPECT_EQ(refused(ExitCode::configuration, table, {{"items", "2"}}),
            "t.csv: --items is \"2\"; it must be FROM-TO, numbers of columns from 1, such as 2-11");
  for (const char* range : {"0-2", "3-2", "a-b", "2-", "-2", "2-3x", " 2-3"}) {
    EXPECT_THAT(refused(ExitCode::configuration, table, {{"items", range}}), HasSubstr("it must be FROM-TO"));
  }
  EXPECT_EQ(refused(ExitCode::configuration, table, {{"items", "2-4"}}),
            "t.csv: --items is 2-4; the table has 3 columns");
  EXPECT_EQ(refused(ExitCode::configuration, table, {{"items", "1-3"}}),
            "t.csv: column \"user\" is one of the items and plays another role, too; say which columns are the items "
            "with --items FROM-TO, or in the mapping");
  EXPECT_EQ(refused(ExitCode::configuration, table, {{"items", "2-3"}}, "fields: {items: [x, y]}\n"),
            "t.csv: the mapping and --items both say which fields are the items; leave one out");
  EXPECT_THAT(refused(ExitCode::configuration, table, {}, "fields: {items: [x, z]}\n"),
              HasSubstr("t.csv: the table has no column \"z\""));
  EXPECT_EQ(refused(ExitCode::configuration, table, {}, "fields: {items: [x.*]}\n"),
            "t.csv: \"x.*\" is a list in JSON; in a table, name each column of the items");
  EXPECT_EQ(refused(ExitCode::configuration, "user,weight\nann,1\n"),
            "t.csv: no column is left for the items; name them in the mapping, or with --items FROM-TO");
  EXPECT_EQ(refused(ExitCode::configuration, table, {}, "fields: {rank: x, items: [y]}\n"),
            "t.csv: a field for the rank says that each record has one item, and a list of items that it has all of "
            "them; leave one out");
  EXPECT_THAT(refused(ExitCode::configuration, "user,rank\nann,1\n"),
              HasSubstr("t.csv: which field is \"item\"? None is called item, item_id"));
  EXPECT_EQ(refused(ExitCode::configuration, table, {}, "fields: {context: '#'}\n"),
            "the field for \"context\" is \"#\"; only the user may be the number of the record");
  EXPECT_THAT(refused(ExitCode::configuration, table, {}, "fields: {items: x}\n"), HasSubstr("m.yaml:2:17: "));
  EXPECT_THAT(refused(ExitCode::configuration, table, {}, "fields: {items: []}\n"),
              HasSubstr("m.yaml:2:17: items must be a list with at least one entry"));
  EXPECT_THAT(refused(ExitCode::configuration, table, {}, "fields: {items: [x, x]}\n"),
              HasSubstr("m.yaml:2:21: field \"x\" is one of the items twice"));
  ImportRequest with_field = request({"t.csv"});
  with_field.fields["items"] = "x";
  EXPECT_EQ(testing_support::refusal(ExitCode::configuration, [&] { (void)import_to_memory(with_field); }),
            "--field items=x: items is a list; write it into the mapping, as fields: {items: [...]}");
}

TEST_F(ImportRankings, WhatBecomesPartOfTheDataFileMustBeText) {
  const std::string table = "1st,2nd\na,b\n";
  EXPECT_EQ(refused(ExitCode::configuration, table, {}, "values: {}  # \xFF\n"), "m.yaml: is not UTF-8 text");
  EXPECT_EQ(refused(ExitCode::configuration, table, {{"tie-separator", "\xE9"}}), "--tie-separator is not UTF-8 text");
  EXPECT_EQ(refused(ExitCode::configuration, table, {}, "", "caf\xE9.csv"),
            "caf\xE9.csv: the file's name is not UTF-8 text");
  ImportRequest with_field = request({"t.csv"});
  with_field.fields["user"] = "\xE9";
  EXPECT_EQ(testing_support::refusal(ExitCode::configuration, [&] { (void)import_to_memory(with_field); }),
            "--field user is not UTF-8 text");
  ImportRequest with_embeddings = request({"t.csv"});
  with_embeddings.features.embeddings = folder_ / "\xE9.csv";
  EXPECT_EQ(testing_support::refusal(ExitCode::configuration, [&] { (void)import_to_memory(with_embeddings); }),
            "the name of the --embeddings is not UTF-8 text");
}

TEST_F(ImportRankings, SaysWhichRecordCannotBeUsed) {
  const std::string file = "t.csv:3: ";
  EXPECT_EQ(refused(ExitCode::file, "1st,2nd\na,b\nb,b\n"), file + "ranks \"b\" twice" + k_mend);
  EXPECT_EQ(refused(ExitCode::file, "1st,2nd,weight\na,b,1\nb,a,0\n"), file + "the weight must be above 0" + k_mend);
  EXPECT_EQ(refused(ExitCode::file, "item,rank\na,1\nb,second\n"),
            file + "the rank is \"second\"; it must be a finite number" + k_mend);
  EXPECT_EQ(refused(ExitCode::file, "item,rank\na,1\n,2\n"), file + "a candidate is empty" + k_mend);
  skip_errors_ = true;
  EXPECT_THAT(comparisons("user,1st,2nd\nann,a,b\nbob,b,b\ncleo,b,a\n"),
              ElementsAre("ann in all: a > b", "cleo in all: b > a"));
  EXPECT_THAT(summary_.first_errors.size(), 1U);
  EXPECT_THAT(comparisons("user,item,rank\nann,a,1\nbob,b,1\nbob,b,2\nann,b,2\n"), ElementsAre("ann in all: a > b"));
  EXPECT_EQ(summary_.skipped, 2) << "the records of the ranking";
}

TEST_F(ImportRankings, ATableOfCandidatesMaySpellNamesInItsOwnWay) {
  embeddings_.clear();
  write_bytes(folder_ / "food.csv", "name,cost\nnut cake,3\narancine,2\n,\n,\n");
  const std::string table = "1st,2nd\nnut   cake,arancini\n";
  const std::string mapping = "candidates: {file: food.csv, key: name, features: [{column: cost, kind: numeric}]";
  const PreferenceData data = import(table, {{"spaces", "keep"}}, mapping + ", spellings: {arancini: arancine}}\n");
  EXPECT_THAT(data.candidate_names, ElementsAre("nut   cake", "arancini"));
  EXPECT_THAT(data.features, ElementsAre(3, 2));
  EXPECT_EQ(refused(ExitCode::file, table, {}, mapping + "}\n"),
            std::string("t.csv:2: food.csv has no candidate \"arancini\"") + k_mend);
  EXPECT_EQ(refused(ExitCode::configuration, table, {}, mapping + ", spellings: {arancini: x}}\n"),
            "food.csv: has no \"x\", which spellings of the mapping names for \"arancini\"");
  write_bytes(folder_ / "food.csv", "name,cost\nnut cake,3\n,2\n,2\n");
  EXPECT_THAT(refused(ExitCode::file, table, {}, mapping + "}\n"), HasSubstr("food.csv:3: the candidate's name"));
}

// Every pair that a comparison says something about, as a set: what must not depend on the order of records.
std::multiset<std::string> sorted_texts(const PreferenceData& data) {
  const auto texts = comparison_texts(data);
  return {texts.begin(), texts.end()};
}

TEST_F(ImportRankings, TheOrderOfRecordsDoesNotMatter) {
  const std::vector<std::string> names{"a", "b", "c", "d"};
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    std::vector<std::string> records;
    for (const char* user : {"ann", "bob", "cleo"}) {
      for (const char* context : {"q", "r"}) {
        for (const std::string& name : names) {
          if (random() % 4 != 0) {
            records.push_back(std::string(user) + "," + context + "," + name + "," + std::to_string(random() % 3));
          }
        }
      }
    }
    const auto table = [&records] {
      std::string text = "user,context,item,rank\n";
      for (const std::string& record : records) {
        text += record + "\n";
      }
      return text;
    };
    const Options options{{"unlisted", seed % 2 == 0 ? "worse" : "unknown"}, {"ties", seed % 3 == 0 ? "drop" : "keep"}};
    const auto before = sorted_texts(import(table(), options));
    const ImportSummary summary = summary_;
    std::shuffle(records.begin(), records.end(), random);
    EXPECT_EQ(sorted_texts(import(table(), options)), before);
    EXPECT_EQ(summary_.dropped, summary.dropped);
    EXPECT_EQ(summary_.dropped_pairs, summary.dropped_pairs);
  }
}

}  // namespace
}  // namespace fairsweep
