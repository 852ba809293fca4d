// What wrong records do: nothing of them stays, they are counted once, and nothing in them is ignored in silence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/workers/data/importers/import_fixture.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing_support::comparison_texts;
using testing_support::refusal;
using testing_support::write_bytes;

class WrongPairs : public testing_support::ImportFixture {
 protected:
  WrongPairs() : ImportFixture("pairs-jsonl") {}

  static std::string record(const std::string& user, const std::string& chosen, const std::string& rejected,
                            const std::string& more = "") {
    return "{\"user\":\"" + user + "\",\"prompt\":\"q\",\"chosen\":\"" + chosen + "\",\"rejected\":\"" + rejected +
           "\"" + more + "}\n";
  }
};

TEST_F(WrongPairs, LeaveNothingBehind) {
  text_features_ = true;
  const std::string good = record("ann", "a", "b", ",\"time\":1,\"weight\":2") + record("bob", "b", "a", ",\"time\":2");
  const std::string bad = record("cleo", "c", "d", ",\"time\":\"noon\",\"weight\":1");
  const PreferenceData clean = import(good, {}, "", "t.jsonl");
  skip_errors_ = true;
  for (const std::string& text : {bad + good, good + bad,
                                  record("ann", "a", "b", ",\"time\":1,\"weight\":2") + bad + "nonsense\n" +
                                      record("bob", "b", "a", ",\"time\":2")}) {
    const PreferenceData data = import(text, {}, "", "t.jsonl");
    EXPECT_EQ(data.candidate_names, clean.candidate_names);
    EXPECT_EQ(data.user_names, clean.user_names);
    EXPECT_EQ(data.context_names, clean.context_names);
    EXPECT_EQ(data.candidate_text, clean.candidate_text);
    EXPECT_EQ(data.features, clean.features) << "texts of wrong records are not read, either";
    EXPECT_EQ(data.comparison_candidate, clean.comparison_candidate);
    EXPECT_EQ(data.comparison_time, clean.comparison_time);
    EXPECT_EQ(data.comparison_weight, clean.comparison_weight);
  }
  EXPECT_EQ(summary_.skipped, 2);
  EXPECT_EQ(summary_.records, 4) << "all of them, whatever is wrong with them";
  EXPECT_THAT(summary_.first_errors, ElementsAre(HasSubstr("the time is \"noon\""), HasSubstr("is not JSON")));
}

TEST_F(WrongPairs, AreForgottenAsIfTheyHadNotBeenThere) {
  text_features_ = true;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto name = [&](const char* kind, std::uint64_t many) { return kind + std::to_string(random() % many); };
    std::string good;
    std::string all;
    int wrong = 0;
    for (int at = 0; at < 60; ++at) {
      const std::string one =
          record(name("u", 9), name("a", 40), name("b", 40), ",\"context\":\"" + name("c", 5) + "\"");
      good += one;
      all += one;
      if (random() % 2 == 0) {
        ++wrong;
        all +=
            record(name("v", 20), name("a", 80), name("b", 80), ",\"context\":\"" + name("c", 20) + "\",\"weight\":-1");
      }
    }
    const std::string first = record("u0", "a0", "b0", ",\"context\":\"c0\",\"weight\":1");
    skip_errors_ = false;
    PreferenceData clean = import(first + good, {}, "", "t.jsonl");
    skip_errors_ = true;
    PreferenceData data = import(first + all, {}, "", "t.jsonl");
    EXPECT_EQ(summary_.skipped, wrong);
    EXPECT_EQ(summary_.records, 61 + wrong);
    clean.about.clear();
    data.about.clear();
    EXPECT_EQ(data, clean);
  }
}

TEST_F(WrongPairs, OfWhichAKeyIsMissingAreMistakesAndEmptyTextsAreNot) {
  text_features_ = true;
  const std::string good = record("ann", "a", "b");
  EXPECT_EQ(
      refused(ExitCode::file, good + "{\"user\":\"bob\",\"prompt\":\"q\",\"rejected\":\"b\"}\n", {}, "", "t.jsonl"),
      std::string("t.jsonl:2: has no \"chosen\"") + k_mend);
  EXPECT_EQ(refused(ExitCode::file, good + "{\"user\":\"bob\",\"prompt\":\"q\",\"chosen\":\"b\"}\n", {}, "", "t.jsonl"),
            std::string("t.jsonl:2: has no \"rejected\"") + k_mend);
  (void)import(good + record("bob", "", "b") + "{\"user\":\"bob\",\"chosen\":null,\"rejected\":\"b\"}\n", {}, "",
               "t.jsonl");
  EXPECT_THAT(summary_.dropped, ElementsAre(Pair("a candidate is empty", 2)));
  const std::string labelled = "{\"first\":\"a\",\"second\":\"b\",\"label\":\"first\"}\n";
  EXPECT_EQ(refused(ExitCode::file, labelled + "{\"first\":\"a\",\"second\":\"b\"}\n", {}, "", "t.jsonl"),
            std::string("t.jsonl:2: has no \"label\"") + k_mend);
  skip_errors_ = true;
  (void)import(labelled + "{\"first\":\"a\",\"label\":\"a\"}\n", {}, "", "t.jsonl");
  EXPECT_EQ(summary_.skipped, 1);
}

TEST_F(WrongPairs, WithFieldsThatTheFirstRecordHasNotAreRefused) {
  text_features_ = true;
  const std::string anonymous = "{\"prompt\":\"q\",\"chosen\":\"a\",\"rejected\":\"b\"}\n";
  const auto message = [&](const std::string& text) {
    return refused(ExitCode::configuration, text, {}, "", "t.jsonl");
  };
  EXPECT_EQ(
      message(anonymous + record("ann", "a", "b")),
      "t.jsonl:2: has \"user\", which the first record has not. The first record decides which fields count, so "
      "it would be ignored here: say --field user=user if it counts, or give the first record a \"user\", or this "
      "field another name");
  EXPECT_THAT(message(anonymous + "{\"prompt\":\"q\",\"chosen\":\"a\",\"rejected\":\"b\",\"weight\":-1}\n"),
              HasSubstr("t.jsonl:2: has \"weight\""));
  skip_errors_ = true;  // it is no matter of one record
  EXPECT_THAT(message("nonsense\n" + anonymous + anonymous +
                      "{\"prompt\":\"q\",\"chosen\":\"a\",\"rejected\":\"b\",\"timestamp\":\"noon\"}\n"),
              HasSubstr("t.jsonl:4: has \"timestamp\", which the first record has not"));
  EXPECT_THAT(message("[" + anonymous + "," + record("ann", "a", "b") + "]"),
              HasSubstr("t.jsonl: entry 2: has \"user\""));
  skip_errors_ = false;
  // Said in words, it counts from where it comes; a field that plays no role is nobody's.
  write_bytes(folder_ / "t.jsonl", anonymous + record("ann", "a", "b", ",\"mood\":\"good\""));
  ImportRequest wanted = request({"t.jsonl"});
  wanted.fields = {{"user", "user"}};
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)import_to_memory(wanted); }),
              HasSubstr("t.jsonl:1: field \"user\" is \"\"; it must name the user"));
}

TEST_F(WrongPairs, NeedFeaturesByNameUnlessTheOrderIsAskedFor) {
  const std::string text =
      "{\"chosen_id\":\"a1\",\"rejected_id\":\"b1\"}\n{\"chosen_id\":\"b1\",\"rejected_id\":\"a2\"}\n";
  embeddings_ = "x\n1\n2\n3\n";
  EXPECT_EQ(refused(ExitCode::configuration, text, {}, "", "t.jsonl"),
            "e.csv: its rows have no ids, so nothing says which candidate each is of; name them, one a line, in a file "
            "for --embedding-ids, or say --embedding-order records if they are in the order in which the candidates "
            "first come in the records (docs/features.md)");
  ImportRequest wanted = request({"t.jsonl"});
  wanted.features.embeddings = folder_ / "e.csv";
  wanted.features.embeddings_in_order = true;
  const PreferenceData data = import_to_memory(wanted);
  EXPECT_THAT(data.candidate_names, ElementsAre("a1", "b1", "a2"));
  EXPECT_THAT(data.features, ElementsAre(1, 2, 3));
  EXPECT_EQ(data.about.at("embedding rows"), "in the order of the records");
  write_bytes(folder_ / "ids.txt", "a1\na2\nb1\n");
  wanted.features.embedding_ids = folder_ / "ids.txt";
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)import_to_memory(wanted); }),
              HasSubstr("its rows have ids, by which they are found; leave --embedding-order out"));
  wanted.features.embeddings_in_order = false;
  EXPECT_THAT(import_to_memory(wanted).features, ElementsAre(1, 3, 2));
}

class WrongRankings : public testing_support::ImportFixture {
 protected:
  WrongRankings() : ImportFixture("rankings") { embeddings_ = "id,x\na,1\nb,2\nc,3\nd,4\n"; }
};

TEST_F(WrongRankings, CountTheirRecords) {
  skip_errors_ = true;
  const PreferenceData data = import("user,item,rank\nann,a,1\nann,b,2\nbob,c,1\nbob,c,2\nbob,d,3\n");
  EXPECT_THAT(comparison_texts(data), ElementsAre("ann in all: a > b"));
  EXPECT_EQ(summary_.skipped, 3) << "the records of the ranking that ranks c twice";
  EXPECT_EQ(summary_.records, 5);
}

TEST_F(WrongRankings, WithoutARankAreMistakes) {
  EXPECT_EQ(refused(ExitCode::file, "{\"item\":\"a\",\"rank\":1}\n{\"item\":\"b\"}\n", {}, "", "t.jsonl"),
            std::string("t.jsonl:2: has no rank") + k_mend);
}

class WrongVotes : public testing_support::ImportFixture {
 protected:
  WrongVotes() : ImportFixture("votes") {}
};

TEST_F(WrongVotes, OfSomebodyLeaveNoStatementBehind) {
  skip_errors_ = true;
  const PreferenceData data = import("voter-id,comment-id,vote,timestamp\n0,7,1,5\n1,8,1,noon\n1,9,x,6\n1,7,-1,7\n");
  EXPECT_THAT(data.context_names, ElementsAre("7"));
  EXPECT_THAT(data.user_names, ElementsAre("0", "1"));
  EXPECT_THAT(data.comparison_time, ElementsAre(5, 7));
  EXPECT_EQ(summary_.skipped, 2);
}

class WrongResponses : public testing_support::ImportFixture {
 protected:
  WrongResponses() : ImportFixture("dsp") { text_features_ = true; }
};

TEST_F(WrongResponses, OfADomainThatTheFirstEntryHasNotAreRefused) {
  const std::string first = "{\"query\":\"p\",\"responses\":{\"law\":\"x\",\"art\":\"y\"}}";
  EXPECT_EQ(refused(ExitCode::file, "[" + first + ",{\"query\":\"q\",\"responses\":{\"law\":\"x\",\"arts\":\"y\"}}]",
                    {}, "", "t.json"),
            std::string("t.json: entry 2: has no response of domain \"art\"") + k_mend);
  EXPECT_EQ(refused(ExitCode::file,
                    "[" + first + ",{\"query\":\"q\",\"responses\":{\"law\":\"x\",\"art\":\"y\",\"war\":\"z\"}}]", {},
                    "", "t.json"),
            "t.json: entry 2: has a response of domain \"war\", which the first entry has not; all entries have "
            "responses of the same domains");
}

}  // namespace
}  // namespace fairsweep
