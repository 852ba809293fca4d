#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
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

class ImportRatings : public testing_support::ImportFixture {
 protected:
  ImportRatings() : ImportFixture("ratings") { embeddings_ = "id,x\na,1\nb,2\nc,3\nd,4\ne,5\n"; }
};

TEST_F(ImportRatings, EveryTwoRatingsOfOneUserInOneContextAreAPair) {
  EXPECT_THAT(comparisons("user,context,item,rating\n"
                          "ann,q,a,2\nbob,q,a,1\nann,r,a,5\nann,q,c,4.5\nann,q,b,3\nbob,q,b,9\nann,r,b,1\n"),
              UnorderedElementsAre("ann in q: c > b", "ann in q: c > a", "ann in q: b > a", "bob in q: b > a",
                                   "ann in r: a > b"));
  EXPECT_EQ(summary_.records, 7);
  EXPECT_THAT(summary_.dropped, IsEmpty());
}

TEST_F(ImportRatings, ALoneRatingIsLeftOutAndCounted) {
  EXPECT_THAT(
      comparisons("user,context,item,rating\nann,q,a,2\nann,q,b,1\nann,r,a,2\nbob,q,a,3\nbob,q,a,4\nbob,r,b,\n"),
      ElementsAre("ann in q: a > b"));
  EXPECT_THAT(summary_.dropped,
              ElementsAre(Pair("no rating", 1), Pair("the user rated nothing else in the context", 3)));
}

TEST_F(ImportRatings, RatingsThatAreCloseAreTies) {
  const std::string table = "user,item,rating\nann,a,1\nann,b,1.1\nann,c,1.2\nann,d,1\n";
  EXPECT_THAT(comparisons(table), UnorderedElementsAre("ann in all: c > b", "ann in all: c > a", "ann in all: c > d",
                                                       "ann in all: b > a", "ann in all: b > d", "ann in all: a = d"));
  // 1.1 and 1 differ by a little more than 0.1 in any floating-point number.
  EXPECT_THAT(comparisons(table, {{"tie-within", "0.1"}}),
              UnorderedElementsAre("ann in all: b = c", "ann in all: c > a", "ann in all: c > d", "ann in all: a = b",
                                   "ann in all: b = d", "ann in all: a = d"));
  EXPECT_THAT(comparisons(table, {{"tie-within", "0.1"}, {"ties", "drop"}}),
              UnorderedElementsAre("ann in all: c > a", "ann in all: c > d"));
  EXPECT_THAT(summary_.dropped_pairs, ElementsAre(Pair("equal ratings", 4)));
  EXPECT_THAT(comparisons("user,item,rating\nann,a,1\nann,b,1.0001\n"), ElementsAre("ann in all: b > a"));
}

TEST_F(ImportRatings, WhatWasChosenDecidesBetweenEqualRatings) {
  const std::string table =
      "user_id,interaction_id,utterance_id,user_prompt,model_response,score,if_chosen\n"
      "ann,q,a,why?,so,80,False\nann,q,b,why?,thus,80,True\nann,q,c,why?,well,90,False\n";
  EXPECT_THAT(comparisons(table), UnorderedElementsAre("ann in q: c > b", "ann in q: c > a", "ann in q: b > a"));
  EXPECT_EQ(refused(ExitCode::file, "item,rating,if_chosen\na,1,perhaps\n"),
            std::string("t.csv:2: whether it was chosen is \"perhaps\"; say under values of the mapping what that "
                        "means: chosen or not_chosen") +
                k_mend);
  EXPECT_THAT(comparisons("item,rating,took\na,1,y\nb,1,n\nc,1,n\n", {},
                          "fields: {chosen: took}\nvalues: {chosen: [y], not_chosen: [n]}\n"),
              UnorderedElementsAre("everybody in all: a > b", "everybody in all: a > c", "everybody in all: b = c"));
}

TEST_F(ImportRatings, AnItemRatedTwiceIsComparedTwice) {
  const PreferenceData data = import("user,item,rating\nann,a,3\nann,b,2\nann,a,1\nann,c,0\n");
  EXPECT_THAT(comparison_texts(data), ElementsAre("ann in all: a > b", "ann in all: a > c", "ann in all: b > a",
                                                  "ann in all: b > c", "ann in all: a > c"));
  EXPECT_THAT(data.comparison_repeat, ElementsAre(0, 1, 0, -1, 1));
}

TEST_F(ImportRatings, AdjacentPairsAreEachRatingWithTheNext) {
  EXPECT_THAT(comparisons("user,item,rating\nann,a,3\nann,b,5\nann,c,1\nann,d,3\n", {{"pairs", "adjacent"}}),
              ElementsAre("ann in all: b > a", "ann in all: a = d", "ann in all: d > c"));
}

TEST_F(ImportRatings, AUserCanBeKeptToSomePairs) {
  std::string table = "user,context,item,rating\n";
  std::string other = "user,context,item,rating\nzoe,q,a,1\nzoe,q,b,2\n";
  for (const char* row : {"ann,q,a,1\n", "ann,q,b,2\n", "ann,q,c,3\n", "ann,q,d,4\n", "ann,q,e,5\n"}) {
    table += row;
    other.insert(other.find('\n') + 1, row);  // another order, and another person before
  }
  const auto all = comparisons(table);
  EXPECT_EQ(all.size(), 10U);
  EXPECT_EQ(comparisons(table, {{"pairs", "10"}}), all);
  const auto three = comparisons(table, {{"pairs", "3"}});
  EXPECT_EQ(std::set<std::string>(three.begin(), three.end()).size(), 3U);
  for (const std::string& text : three) {
    EXPECT_NE(std::find(all.begin(), all.end(), text), all.end()) << text;
  }
  auto among_others = comparisons(other, {{"pairs", "3"}});
  std::erase_if(among_others, [](const std::string& text) { return text.starts_with("zoe"); });
  EXPECT_EQ(among_others, three);
  // Each pair is as likely as any other: of 400 seeds, about 120 take it (standard deviation 9.2).
  std::map<std::string, int> taken;
  for (int seed = 0; seed < 400; ++seed) {
    for (const std::string& text : comparisons(table, {{"pairs", "3"}, {"pair-seed", std::to_string(seed)}})) {
      ++taken[text];
    }
  }
  EXPECT_EQ(taken.size(), 10U);
  for (const auto& [text, times] : taken) {
    EXPECT_NEAR(times, 120, 46) << text;
  }
}

TEST_F(ImportRatings, APairIsAsOldAsItsLaterRatingAndHasTheCircumstancesOfBoth) {
  const PreferenceData data =
      import("user,item,rating,time,mood\nann,a,1,100,good\nann,b,2,50,good\nbob,a,1,10,good\nbob,b,2,20,bad\n", {},
             "comparison_attributes: {mood: {column: mood}}\n");
  EXPECT_THAT(data.comparison_time, ElementsAre(100, 20));
  EXPECT_THAT(data.comparison_attributes.at("mood").codes, ElementsAre(0, -1));
  EXPECT_THAT(import("user,item,rating,time\nann,a,1,100\nann,b,2,\n").comparison_time, IsEmpty());
  // A file without times after one with them.
  write_bytes(folder_ / "1.csv", "user,item,rating,time\nann,a,1,7\nann,b,2,8\n");
  write_bytes(folder_ / "2.csv", "user,item,rating\nbob,a,1\nbob,b,2\n");
  EXPECT_EQ(import_files({"1.csv", "2.csv"}).comparison_count(), 2);
  EXPECT_EQ(import_files({"2.csv", "1.csv"}).comparison_count(), 2);
}

TEST_F(ImportRatings, ListsOfAnswersInJson) {
  embeddings_.clear();
  text_features_ = true;
  const std::string rows =
      "{\"instruction\":\"why?\",\"completions\":[{\"response\":\"so\",\"overall_score\":7},"
      "{\"response\":\"thus\",\"overall_score\":8.5},{\"response\":\"hm\"}]}\n"
      "{\"instruction\":\"how?\",\"completions\":[{\"response\":\"so\",\"overall_score\":\"3\"},"
      "{\"response\":\"well\",\"overall_score\":2}]}\n";
  const PreferenceData data =
      import(rows, {}, "fields: {answers: [completions.*], rating: overall_score, prompt: instruction}\n", "t.jsonl");
  EXPECT_EQ(data.context_count(), 2);
  EXPECT_EQ(data.candidate_count, 4);
  EXPECT_THAT(data.comparison_candidate, ElementsAre(1, 0, 2, 3));
  EXPECT_THAT(summary_.dropped, ElementsAre(Pair("no rating", 1)));
  // Names, one by one, in a table.
  text_features_ = false;
  embeddings_ = "id,x\nu,1\nv,2\n";
  EXPECT_THAT(comparisons("first.item,first.rating,second.item,second.rating\nu,1,v,2\nu,1,,\n", {},
                          "fields: {answers: [first, second], item: item}\n"),
              ElementsAre("everybody in all: v > u", "everybody in all: v > u"));
}

TEST_F(ImportRatings, ARecordThatIsSkippedIsLeftOutWhole) {
  skip_errors_ = true;
  EXPECT_THAT(comparisons("x.item,x.rating,y.item,y.rating\na,1,b,2\nc,1,d,bad\na,5,c,1\n", {},
                          "fields: {answers: [x, y], item: item}\n"),
              UnorderedElementsAre("everybody in all: a > b", "everybody in all: b > c", "everybody in all: b > a",
                                   "everybody in all: a > c", "everybody in all: a = c"));
  EXPECT_EQ(summary_.skipped, 1);
}

TEST_F(ImportRatings, SaysWhatCannotBeUsed) {
  const std::string file = "t.csv:2: ";
  EXPECT_EQ(refused(ExitCode::file, "item,rating\na,good\n"),
            file + "the rating is \"good\"; it must be a finite number" + k_mend);
  EXPECT_EQ(refused(ExitCode::file, "item,rating\na,nan\n"),
            file + "the rating is \"nan\"; it must be a finite number" + k_mend);
  EXPECT_EQ(refused(ExitCode::file, "item,rating\na,1e39\n"), file + "the rating is too large" + k_mend);
  EXPECT_EQ(refused(ExitCode::file, "item,rating\n,1\n"), file + "a candidate is empty" + k_mend);
  EXPECT_THAT(refused(ExitCode::configuration, "thing,rating\na,1\n"), HasSubstr("which field is \"item\"?"));
  EXPECT_THAT(refused(ExitCode::configuration, "item,points\na,1\n"), HasSubstr("which field is \"rating\"?"));
  const std::string good = "item,rating\na,1\nb,2\n";
  EXPECT_EQ(refused(ExitCode::configuration, good, {{"tie-within", "-1"}}),
            "--tie-within is \"-1\"; it must be a number from 0 to 1e+30");
  for (const char* pairs : {"none", "0", "1.5", "-3", ""}) {
    EXPECT_EQ(refused(ExitCode::configuration, good, {{"pairs", pairs}}),
              "--pairs is \"" + std::string(pairs) +
                  "\"; it must be all, adjacent, or the largest number of pairs of a user in a context");
  }
  EXPECT_THAT(
      refused(ExitCode::file, "item,rating\na,1\n"),
      HasSubstr("none of its 1 records is a comparison that can be used; 1 of them: the user rated nothing else"));
  EXPECT_THAT(comparisons("item,rating\na,1\nb,99\nc,2\n", {}, "values: {missing: ['99']}\n"),
              ElementsAre("everybody in all: c > a"));
  EXPECT_THAT(summary_.dropped, ElementsAre(Pair("no rating", 1)));
}

/// The pairs of a table, worked out the slow way: every two records.
std::multiset<std::string> pairs_by_hand(const std::vector<std::vector<std::string>>& records, double within,
                                         bool keep) {
  std::multiset<std::string> texts;
  for (std::size_t one = 0; one < records.size(); ++one) {
    for (std::size_t other = one + 1; other < records.size(); ++other) {
      const auto& x = records[one];
      const auto& y = records[other];
      if (x[0] != y[0] || x[1] != y[1] || x[2] == y[2]) {
        continue;
      }
      const double difference = std::stod(x[3]) - std::stod(y[3]);
      const std::string start = x[0] + " in " + x[1] + ": ";
      if (std::abs(difference) > within) {
        texts.insert(start + (difference > 0 ? x[2] + " > " + y[2] : y[2] + " > " + x[2]));
      } else if (keep) {
        texts.insert(start + std::min(x[2], y[2]) + " = " + std::max(x[2], y[2]));
      }
    }
  }
  return texts;
}

TEST_F(ImportRatings, AgreesWithEveryTwoRecordsInAnyOrder) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    std::vector<std::vector<std::string>> records;
    const auto pick = [&random](std::vector<std::string> words) { return words[random() % words.size()]; };
    for (int record = 0; record < 40; ++record) {
      records.push_back({pick({"ann", "bob", "cleo"}), pick({"q", "r"}), pick({"a", "b", "c", "d", "e"}),
                         std::to_string(random() % 6)});
    }
    const double within = static_cast<double>(random() % 3);
    const bool keep = random() % 2 == 0;
    const Options options{{"tie-within", std::to_string(static_cast<int>(within))}, {"ties", keep ? "keep" : "drop"}};
    for (int shuffle = 0; shuffle < 2; ++shuffle) {
      std::string table = "user,context,item,rating\n";
      for (const auto& record : records) {
        table += record[0] + "," + record[1] + "," + record[2] + "," + record[3] + "\n";
      }
      const auto texts = comparisons(table, options);
      EXPECT_EQ(std::multiset<std::string>(texts.begin(), texts.end()), pairs_by_hand(records, within, keep));
      std::shuffle(records.begin(), records.end(), random);
    }
  }
}

TEST_F(ImportRatings, WhatIsTakenByChanceDoesNotDependOnTheOrderOfRecords) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    std::vector<std::string> records;
    for (int record = 0; record < 30; ++record) {
      records.push_back(std::string(1, static_cast<char>('p' + random() % 3)) + "," +
                        std::string(1, static_cast<char>('a' + random() % 5)) + "," + std::to_string(random() % 4));
    }
    std::multiset<std::string> before;
    for (int shuffle = 0; shuffle < 3; ++shuffle) {
      std::string table = "user,item,rating\n";
      for (const std::string& record : records) {
        table += record + "\n";
      }
      const auto texts = comparisons(table, {{"pairs", "5"}});
      const std::multiset<std::string> now(texts.begin(), texts.end());
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
