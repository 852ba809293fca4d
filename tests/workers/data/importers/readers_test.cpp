#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/importers/dialogue.hpp"
#include "workers/data/importers/joined_records.hpp"
#include "workers/data/importers/json_mistake.hpp"
#include "workers/data/importers/record_reader.hpp"
#include "workers/data/importers/time_text.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::refusal;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

class Records : public testing::Test {
 protected:
  std::unique_ptr<RecordReader> open(const std::string& name, const std::string& text) {
    write_bytes(folder_ / name, text);
    return open_records(folder_ / name, format_of(folder_ / name));
  }
  /// Message of the RecordError, without the folder.
  std::string wrong(const std::string& name, const std::string& text, const std::string& field = "") {
    try {
      const auto records = open(name, text);
      while (records->next()) {
        if (!field.empty()) {
          (void)records->messages(records->field(field));
          (void)records->text(records->field(field));
        }
      }
    } catch (const RecordError& error) {
      return std::string(error.what()).substr((folder_ / name).string().size());
    }
    return "";
  }
  TemporaryFolder folder_;
};

TEST_F(Records, OfJsonLinesGiveTextsNumbersAndNestedFields) {
  const auto records = open("a.jsonl",
                            "\xEF\xBB\xBF{\"id\": 7, \"a\": {\"b\": \"x\", \"c\": [1.50, true]}, \"n\": null}\r\n\n"
                            "{\"id\": \"u\\u00e9\\n\", \"a.b\": \"dot\"}");
  EXPECT_THAT(records->names(), ElementsAre("id", "a", "a.b", "a.c", "n"));
  const auto id = records->field("id"), inner = records->field("a.b"), list = records->field("a.c.0"),
             truth = records->field("a.c.1"), none = records->field("n"), absent = records->field("zz.1");
  ASSERT_TRUE(records->next());
  EXPECT_EQ(records->text(id), "7");
  EXPECT_EQ(records->text(inner), "x");
  EXPECT_EQ(records->text(list), "1.5");
  EXPECT_EQ(records->text(truth), "true");
  EXPECT_EQ(records->text(none), "");
  EXPECT_EQ(records->text(absent), "");
  EXPECT_EQ(records->line(), 1);
  ASSERT_TRUE(records->next());
  EXPECT_EQ(records->text(id), "u\xC3\xA9\n");
  EXPECT_EQ(records->text(inner), "dot");
  EXPECT_EQ(records->line(), 3);
  EXPECT_FALSE(records->next());
}

TEST_F(Records, OfJsonAreRefusedOneByOne) {
  EXPECT_THAT(wrong("a.jsonl", "{\"a\": 1}\n{\"a\": }\n"), HasSubstr(":2: is not JSON: "));
  EXPECT_EQ(wrong("a.jsonl", "{\"a\": 1}\n[1]\n"),
            ":2: is not a JSON object; this format has one object a line, in { }");
  EXPECT_EQ(wrong("a.jsonl", "{\"a\": 1}\n{\"a\": \"\xFF\"}\n"), ":2: is not UTF-8");
  EXPECT_EQ(wrong("a.jsonl", "{\"a\": 1, \"b\": 2, \"a\": 3}\n"), ":1: says the key \"a\" twice");
  EXPECT_EQ(wrong("a.jsonl", "{\"a\": [{\"role\": \"x\"}]}\n", "a"),
            ":1: an entry of \"a\" must be an object with the texts role and content");
  EXPECT_EQ(wrong("a.jsonl", "{\"a\": {}}\n", "a"),
            ":1: \"a\" must be a text, or a list of messages with role and content");
  EXPECT_EQ(wrong("a.jsonl", "{\"a\": [{\"role\": \"x\", \"content\": \"y\"}]}\n", "a"),
            ":1: \"a\" is a list or an object; it must be a text or a number");
  std::string deep = "1";
  for (int depth = 0; depth < 100; ++depth) {
    deep = "{\"a\": " + deep + "}";
  }
  EXPECT_THAT(wrong("a.jsonl", deep + "\n"), HasSubstr(":1: is not JSON: "));
  // What lies behind can be read.
  const auto records = open("b.jsonl", "{\"a\": 1}\nnonsense\n{\"a\": 3}\n");
  const auto field = records->field("a");
  ASSERT_TRUE(records->next());
  EXPECT_THROW((void)records->next(), RecordError);
  ASSERT_TRUE(records->next());
  EXPECT_EQ(records->text(field), "3");
}

TEST_F(Records, OfAListAreNumberedEntries) {
  const auto records = open("a.json", " [{\"t\": [\"x\", \"y\"]}, 3, {\"t\": [\"z\"]}]\n");
  EXPECT_THAT(records->names(), ElementsAre("t", "t.0", "t.1"));
  const auto field = records->field("t.0");
  ASSERT_TRUE(records->next());
  EXPECT_EQ(records->text(field), "x");
  EXPECT_THROW((void)records->next(), RecordError);
  ASSERT_TRUE(records->next());
  EXPECT_EQ(records->text(field), "z");
  EXPECT_EQ(records->place(), (folder_ / "a.json").string() + ": entry 3");
  EXPECT_FALSE(records->next());
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)open("b.json", "[]"); }),
              HasSubstr("b.json:1: must be a list of JSON objects with at least one entry"));
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)open("b.json", "[{\"a\": 1}"); }),
              testing::AllOf(HasSubstr("b.json:1: is not JSON"),
                             HasSubstr("(at byte 10 of the file); the file ends before its list does, and seems to be "
                                       "cut off: get it again")));
  EXPECT_THAT(
      refusal(ExitCode::file, [&] { (void)open("b.json", "[{\"a\": 1},\n {\"a\" 2}]\n"); }),
      testing::AllOf(HasSubstr("b.json:2: is not JSON"), HasSubstr("(at byte 18 of the file); a list is read whole")));
  const auto late = open("c.json", "[3, {\"a\": 1, \"o\": {\"x\": 1}}, {\"b\": 1, \"o\": {\"y\": 1}}, {\"b\": 2}]");
  EXPECT_THAT(late->names(), ElementsAre("a", "o", "o.x")) << "of the first object";
  EXPECT_THROW((void)late->next(), RecordError);
  const auto b = late->field("b");
  ASSERT_TRUE(late->next());
  EXPECT_THAT(late->late_names(), testing::IsEmpty());
  EXPECT_FALSE(late->has(b));
  ASSERT_TRUE(late->next());
  EXPECT_THAT(late->late_names(), ElementsAre("b", "o.y"));
  EXPECT_TRUE(late->has(b));
  ASSERT_TRUE(late->next());
  EXPECT_THAT(late->late_names(), testing::IsEmpty()) << "said once";
}

TEST(JsonMistake, IsFoundAtItsByte) {
  EXPECT_EQ(first_json_mistake("[1, {\"a\": null}]"), std::nullopt);
  EXPECT_EQ(first_json_mistake("[1, x]"), 4U);
  EXPECT_EQ(first_json_mistake("[1, 2"), 5U);
  EXPECT_EQ(first_json_mistake(""), 0U);
  EXPECT_EQ(first_json_mistake("[1] 2"), 4U);
  // Every beginning of a text ends too early, at its end.
  const std::string text = "[{\"a\": [true, \"x\\n\"], \"b\": -1.5e3}, {}]";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(first_json_mistake(text.substr(0, size)), size) << text.substr(0, size);
  }
}

TEST_F(Records, AFolderIsNoFile) {
  std::filesystem::create_directory(folder_ / "d");
  EXPECT_EQ(refusal(ExitCode::file, [&] { (void)open_records(folder_ / "d", {}); }),
            (folder_ / "d").string() + ": is a folder; name a file in it");
  EXPECT_EQ(refusal(ExitCode::file, [&] { (void)open_records(folder_ / "none.csv", {}); }),
            (folder_ / "none.csv").string() + ": there is no such file");
}

TEST_F(Records, EmptyFilesAndEndlessLinesAreRefused) {
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)open("a.jsonl", "\n \n"); }),
              HasSubstr("a.jsonl:1: the file is empty"));
  const std::string endless = "{\"a\": \"" + std::string(std::size_t{65} << 20U, 'x');
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)open("b.jsonl", endless); }),
              HasSubstr("b.jsonl:1: is a line of more than 64 MiB"));
}

TEST_F(Records, MayBeAnyLengthAndEndWithTheFile) {
  // Whatever was read last, the window grows and moves on the way to the end.
  for (const std::size_t length : {100U, 5'000U, 70'000U, 1'500'000U, 5'000'000U}) {
    const std::string text(length, 'x');
    const auto records = open("a.jsonl", "{\"a\": \"first\"}\n{\"a\": \"" + text + "\"}");
    const auto field = records->field("a");
    ASSERT_TRUE(records->next());
    ASSERT_TRUE(records->next());
    EXPECT_EQ(records->text(field), text);
    EXPECT_FALSE(records->next());
    const auto rows = open("a.csv", "a,b\n1," + text.substr(0, 1'000'000));
    const auto column = rows->field("b");
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->text(column), text.substr(0, 1'000'000));
    EXPECT_FALSE(rows->next());
  }
}

TEST_F(Records, OfTablesMayHaveOtherDelimitersAndNoHeader) {
  write_bytes(folder_ / "a.csv", "1; x ;\n2;y;\n");
  RecordFormat format;
  format.table = {.delimiter = ';', .header = false};
  const auto records = open_records(folder_ / "a.csv", format);
  EXPECT_THAT(records->names(), ElementsAre("1", "2", "3"));
  const auto second = records->field("2");
  ASSERT_TRUE(records->next());
  EXPECT_EQ(records->text(second), "x");
  ASSERT_TRUE(records->next());
  EXPECT_EQ(records->text(second), "y");
  EXPECT_FALSE(records->next());
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)records->field("4"); }),
              HasSubstr("a.csv: the table has no column \"4\""));
}

TEST_F(Records, GetTheColumnsOfJoinedTables) {
  write_bytes(folder_ / "pairs.csv", "pair,left,right\np1,a,b\np2,b,c\n");
  write_bytes(folder_ / "people.csv", "age\n30\n40\n50\n");
  write_bytes(folder_ / "votes.csv", "who,pair\nann,p2\nbob,p1\ncy,p9\n");
  const auto votes = [&] { return open_records(folder_ / "votes.csv", format_of(folder_ / "votes.csv")); };
  JoinedRecords records(votes(), {{"pairs.csv", "pair", "pair", {}}, {"people.csv", "", "", {}}}, folder_ / "");
  const auto who = records.field("who"), left = records.field("left"), age = records.field("age");
  ASSERT_TRUE(records.next());
  EXPECT_EQ(records.text(who), "ann");
  EXPECT_EQ(records.text(left), "b");
  EXPECT_EQ(records.text(age), "30");
  ASSERT_TRUE(records.next());
  EXPECT_EQ(records.text(left), "a");
  EXPECT_EQ(records.text(age), "40");
  ASSERT_TRUE(records.next());
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)records.text(left); }),
              HasSubstr("votes.csv:4: no row of " + (folder_ / "pairs.csv").string() + " has \"p9\" as its key"));
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)records.field("rihgt"); }),
              HasSubstr("did you mean \"right\""));
  write_bytes(folder_ / "twice.csv", "pair,left\np1,a\np1,b\n");
  EXPECT_THAT(
      refusal(ExitCode::file, [&] { (void)JoinedRecords(votes(), {{"twice.csv", "pair", "pair", {}}}, folder_ / ""); }),
      HasSubstr("twice.csv:3: has \"p1\" as \"pair\", as an earlier row; a key is there once"));
}

TEST(Dialogue, IsCutWhereTheAnswersBegin) {
  const std::string common = "\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant:";
  const auto pair = answers_to_one_question({{"", common + " yes"}}, {{"", common + " no\n\nAssistant: really"}});
  EXPECT_EQ(pair[0].question, "\n\nHuman: a\n\nAssistant: b\n\nHuman: c");
  EXPECT_EQ(pair[1].question, pair[0].question);
  EXPECT_EQ(pair[0].text, " yes");
  EXPECT_EQ(pair[1].text, " no\n\nAssistant: really");
  const auto apart = answers_to_one_question({{"", "one"}}, {{"", "other"}});
  EXPECT_EQ(apart[0].question, "");
  EXPECT_EQ(apart[0].text, "one");
  const auto turns = answers_to_one_question({{"user", "q"}, {"assistant", "x"}}, {{"user", "q"}, {"assistant", "y"}});
  EXPECT_EQ(turns[0].question, "user: q");
  EXPECT_EQ(turns[0].text, "x");
  EXPECT_EQ(turns[1].text, "y");
  EXPECT_EQ(last_answer({{"", common + " yes"}}).text, " yes");
  EXPECT_EQ(last_answer({{"user", "q"}, {"assistant", "x"}}).question, "user: q");
  EXPECT_EQ(pair_name("a", "b"), pair_name("b ", " a"));
  EXPECT_NE(pair_name("a", "b"), pair_name("a", "c"));
}

TEST(TimeText, IsReadInItsForms) {
  EXPECT_EQ(seconds_of("0"), 0);
  EXPECT_EQ(seconds_of("-5"), -5);
  EXPECT_EQ(seconds_of("1454259592"), 1454259592);
  EXPECT_EQ(seconds_of("1454259592123"), 1454259592) << "milliseconds";
  EXPECT_EQ(seconds_of("1454259592.75"), 1454259592);
  EXPECT_EQ(seconds_of("1970-01-01"), 0);
  EXPECT_EQ(seconds_of("2016-01-31 16:59:52"), 1454259592);  // date -u -d "2016-01-31 16:59:52" +%s
  EXPECT_EQ(seconds_of("2016-01-31T16:59:52.9Z"), 1454259592);
  EXPECT_EQ(seconds_of("2016-01-31 16:59:52 UTC"), 1454259592);
  EXPECT_EQ(seconds_of("2016-01-31T18:59:52+02:00"), 1454259592);
  EXPECT_EQ(seconds_of("2016-01-31T11:29:52-0530"), 1454259592);
  EXPECT_EQ(seconds_of("2016-02-29 00:00"), 1456704000);
  for (const char* wrong : {"", "x", "2015-02-29", "2016-13-01", "2016-01-31T24:00:00", "2016-01-31 16:59:52 CET",
                            "12:30", "1e5", "2016-01-31T10:20:30Zx", "99999999999999999999"}) {
    EXPECT_EQ(seconds_of(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace fairsweep
