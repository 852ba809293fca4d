#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/workers/data/importers/import_rig.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::comparisons_in;
using testing_support::refusal;
using testing_support::request_for;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

class ImportPairs : public testing::Test {
 protected:
  ImportRequest csv(const std::string& text) {
    write_bytes(folder_ / "p.csv", text);
    ImportRequest request = request_for("pairs-csv", {folder_ / "p.csv"});
    write_bytes(folder_ / "e.csv", "id,x,y\na,1,2\nb,3,4\nc,5,6\n");
    request.features.embeddings = folder_ / "e.csv";
    return request;
  }
  ImportRequest jsonl(const std::string& text) {
    write_bytes(folder_ / "p.jsonl", text);
    ImportRequest request = request_for("pairs-jsonl", {folder_ / "p.jsonl"});
    request.features.text = true;
    request.features.fit_share = 1;
    return request;
  }
  void map(ImportRequest& request, const std::string& mapping) {
    write_bytes(folder_ / "m.yaml", mapping);
    request.mapping = folder_ / "m.yaml";
  }
  std::string refused(const ImportRequest& request, ExitCode code = ExitCode::file) {
    std::string message = refusal(code, [&] { (void)import_to_memory(request); });
    const std::string here = (folder_ / "").string();
    for (std::size_t at = message.find(here); at != std::string::npos; at = message.find(here)) {
      message.erase(at, here.size());
    }
    return message;
  }
  TemporaryFolder folder_;
};

TEST_F(ImportPairs, FollowIdsWeightsTimesAndLabels) {
  ImportRequest request =
      csv("worker,topic,first_id,second_id,label,weight,time,mood\n"
          "ann,t1,a,b,first,2,1970-01-02,good\n"
          "bob,t1,a,b,second,1,5,bad\n"
          "ann,t1,b,a,tie,1,6,\n"
          "ann,t2,a,c,,1,7,good\n"
          "ann,t2,a,a,first,1,7,good\n");
  map(request, "fields: {context: topic}\ncomparison_attributes: {mood: {column: mood}}\n");
  ImportSummary summary;
  const PreferenceData data = import_to_memory(request, &summary);
  EXPECT_THAT(problems_of(data), IsEmpty());
  EXPECT_THAT(comparisons_in(data), ElementsAre("ann t1: a > b", "bob t1: b > a", "ann t1: b = a"));
  EXPECT_THAT(data.comparison_weight, ElementsAre(2, 1, 1));
  EXPECT_THAT(data.comparison_time, ElementsAre(86400, 5, 6));
  EXPECT_THAT(data.comparison_position, ElementsAre(0, 1, 1, 0, 0, 1));
  EXPECT_THAT(data.comparison_repeat, ElementsAre(0, -1, 0));
  EXPECT_THAT(data.features, ElementsAre(1, 2, 3, 4, 1, 2))
      << "a and b of t1, and a of t2, which somebody was asked about";
  EXPECT_EQ(data.comparison_attributes.at("mood"), (Attribute{{"bad", "good"}, {1, 0, -1}}));
  EXPECT_THAT(summary.dropped,
              ElementsAre(testing::Pair("both candidates are the same", 1), testing::Pair("no answer", 1)));
  EXPECT_EQ(summary.records, 5);
  EXPECT_EQ(summary.ties, 1);
  EXPECT_EQ(summary.digest, digest_of(data));
}

TEST_F(ImportPairs, KnowPeopleFromTheirColumns) {
  ImportRequest request = csv("user,chosen_id,rejected_id,sex,age\nann,a,b,f,30\nbob,b,a,m,41\nann,c,a,f,30\n");
  map(request,
      "attributes: {sex: {column: sex, labels: {f: women, m: men}}}\n"
      "user_features: [{column: age, kind: numeric}, {column: sex, kind: categorical}]\n");
  const PreferenceData data = import_to_memory(request);
  EXPECT_THAT(comparisons_in(data), ElementsAre("ann all: a > b", "bob all: b > a", "ann all: c > a"));
  EXPECT_EQ(data.user_attributes.at("sex"), (Attribute{{"women", "men"}, {0, 1}}));
  EXPECT_THAT(data.user_feature_names, ElementsAre("age", "sex=f", "sex=m"));
  EXPECT_THAT(data.user_features, ElementsAre(30, 1, 0, 41, 0, 1));
  write_bytes(folder_ / "p.csv", "user,chosen_id,rejected_id,sex,age\nann,a,b,f,30\nann,c,a,m,30\n");
  EXPECT_EQ(refused(request),
            "p.csv:3: field \"sex\" is \"m\"; it was \"f\" for the same user on line 2; a user has one "
            "value; mend the record, or leave such records out with --on-error skip");
}

TEST_F(ImportPairs, ReadTheUsualFormsOfText) {
  const PreferenceData data = import_to_memory(jsonl(
      R"({"prompt": "Hi?", "chosen": "Hello", "rejected": "Go away", "user_id": "u1"})"
      "\n"
      R"({"prompt": "Hi?", "chosen": "Go away", "rejected": "Hello", "user_id": "u2"})"
      "\n"
      R"({"chosen": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A1"}],)"
      R"( "rejected": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A2"}], "user_id": "u1"})"
      "\n"
      R"({"chosen": "\n\nHuman: x\n\nAssistant: good", "rejected": "\n\nHuman: x\n\nAssistant: bad", "user_id": "u1"})"
      "\n"
      R"({"chosen": "left", "rejected": "right", "user_id": "u1"})"
      "\n"));
  EXPECT_THAT(problems_of(data), IsEmpty());
  EXPECT_EQ(data.context_count(), 4);
  EXPECT_EQ(data.candidate_count, 8);
  EXPECT_EQ(data.comparison_count(), 5);
  EXPECT_THAT(data.comparison_candidate, ElementsAre(0, 1, 1, 0, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(data.context_text.size(), 4U);
  EXPECT_EQ(data.context_text[3], 0U) << "nothing is known of the question";
  EXPECT_NE(data.candidate_text[0], data.candidate_text[1]);
  EXPECT_THAT(data.context_fitted, ElementsAre(1, 1, 1, 1));
  EXPECT_FALSE(data.feature_model.recipe.empty());
}

TEST_F(ImportPairs, SkipWhatIsWrongWhereAskedTo) {
  const std::string text =
      "{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"b\"}\nnonsense\n"
      "{\"prompt\": \"q\", \"chosen\": {}, \"rejected\": \"b\"}\n"
      "{\"prompt\": \"q\", \"chosen\": \" \", \"rejected\": \"b\"}\n"
      "{\"prompt\": \"q\", \"chosen\": \"c\", \"rejected\": \"b\"}\n";
  ImportRequest request = jsonl(text);
  EXPECT_THAT(refused(request), HasSubstr("p.jsonl:2: is not JSON"));
  request.options.skip_errors = true;
  ImportSummary summary;
  const PreferenceData data = import_to_memory(request, &summary);
  EXPECT_EQ(data.comparison_count(), 2);
  EXPECT_EQ(summary.skipped, 2);
  EXPECT_THAT(summary.first_errors,
              ElementsAre(HasSubstr("p.jsonl:2: is not JSON"), HasSubstr("p.jsonl:3: \"chosen\" must be")));
  EXPECT_THAT(summary.dropped, ElementsAre(testing::Pair("a candidate is empty", 1)));
  EXPECT_THAT(data.user_names, ElementsAre("everybody"));
}

TEST_F(ImportPairs, SayWhatIsMissing) {
  EXPECT_EQ(refused(csv("user,winner_id,loser_id\nann,a,b\n"), ExitCode::configuration),
            "p.csv: which field is \"chosen\"? None is called chosen, chosen_id; say it with --field chosen=NAME; or, "
            "where two "
            "answers come with a label, which fields they are, with --field first=NAME --field second=NAME --field "
            "label=NAME. There are: user, winner_id, loser_id");
  ImportRequest request = csv("user,winner_id,loser_id\nann,a,b\n");
  request.fields = {{"chosen_id", "winner_id"}, {"rejected_id", "loser_id"}};
  EXPECT_THAT(comparisons_in(import_to_memory(request)), ElementsAre("ann all: a > b"));
  request.fields["chosn_id"] = "x";
  EXPECT_THAT(refused(request, ExitCode::configuration),
              HasSubstr("has no role \"chosn_id\"; did you mean \"chosen_id\"?"));
  EXPECT_EQ(refused(csv("user,chosen_id,rejected_id\nann,a,z\n")), "e.csv: has no row for candidate \"z\"");
  EXPECT_EQ(
      refused(csv("user,first_id,second_id,label\nann,a,b,best\n")),
      "p.csv:2: the label is \"best\"; say under values of the mapping what it means: first, second, tie or missing; "
      "mend the record, or leave such records out with --on-error skip");
  EXPECT_EQ(refused(csv("user,chosen_id,rejected_id\nann,a,a\n")),
            "p.csv: none of its 1 records is a comparison that can be used; 1 of them: both candidates are the same");
  request = csv("user,chosen_id,rejected_id\nann,a,b\n");
  request.features.embeddings.clear();
  EXPECT_THAT(refused(request, ExitCode::configuration), HasSubstr("the candidates have no features: bring them with"));
  request.features.text = true;
  EXPECT_THAT(refused(request, ExitCode::configuration), HasSubstr("--text-features needs texts"));
  request = csv("user,chosen_id,rejected_id,weight\nann,a,b,0\n");
  EXPECT_THAT(refused(request), HasSubstr("p.csv:2: the weight must be above 0"));
  request = csv("user,chosen_id,rejected_id,time\nann,a,b,noon\n");
  EXPECT_THAT(refused(request), HasSubstr("p.csv:2: the time is \"noon\"; it must be seconds since 1970"));
  request = csv("user,chosen_id,rejected_id\n,a,b\n");
  EXPECT_THAT(refused(request), HasSubstr("p.csv:2: field \"user\" is \"\"; it must name the user, in UTF-8"));
}

TEST_F(ImportPairs, ArePreviewedWithoutBeingWritten) {
  ImportRequest request = jsonl(
      "{\"prompt\": \"q\", \"chosen\": \"first\\nanswer\", \"rejected\": \"b\", \"user\": \"ann\"}\n"
      "nonsense\n");
  const ImportPreview shown = preview(request, 1);
  ASSERT_EQ(shown.comparisons.size(), 1U);
  EXPECT_EQ(shown.comparisons[0].question, "q");
  EXPECT_EQ(shown.records, 1);
  const std::string text = preview_text(shown);
  EXPECT_THAT(text, testing::MatchesRegex("ann in text-[0-9a-f]+ \\(\"q\"\\): text-[0-9a-f]+ \\(\"first answer\"\\) > "
                                          "text-[0-9a-f]+ \\(\"b\"\\)\nread 1 record so far, for this comparison; "
                                          "nothing is written, and what lies behind was not looked at\n"));
}

TEST_F(ImportPairs, LeaveNothingBehindWhereTheyFail) {
  ImportRequest request = csv("user,chosen_id,rejected_id\nann,a,b\nbob,b\n");
  const std::size_t before = folder_.files();
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)import_to_file(request, folder_ / "out.h5"); }),
              HasSubstr("p.csv:3: has 2 cells; the header names 3 columns"));
  EXPECT_EQ(folder_.files(), before);
  request.options.skip_errors = true;
  EXPECT_EQ(import_to_file(request, folder_ / "out.h5").skipped, 1);
  EXPECT_EQ(folder_.files(), before + 1);
  EXPECT_EQ(read_data_file(folder_ / "out.h5"), import_to_memory(request));
}

TEST_F(ImportPairs, RefuseAWrongMappingWithEveryPlace) {
  ImportRequest request = csv("user,chosen_id,rejected_id\nann,a,b\n");
  map(request,
      "fields: {usr: x}\nvalues: {first: a}\nattributes: {a/b: {column: x}}\ndelimiter: ab\njoin: [{file: x}]\n"
      "candidates: {file: f, key: k}\nabout: {name: x}\n");
  EXPECT_EQ(refused(request, ExitCode::configuration),
            "m.yaml:7:8: key \"source\" is missing here\n"
            "m.yaml:7:8: key \"licence\" is missing here\n"
            "m.yaml:4:12: delimiter must be one character, or tab\n"
            "m.yaml:1:10: unknown key \"usr\" in fields; did you mean \"user\"?\n"
            "m.yaml:2:17: values must be a list with at least one entry\n"
            "m.yaml:3:14: an attribute's name must not contain \"/\"\n"
            "m.yaml:5:8: key \"on\" is missing here\n"
            "m.yaml:6:13: the table of candidates has neither a text nor features; name one of them");
}

TEST_F(ImportPairs, TakeFeaturesFromATableOfCandidates) {
  ImportRequest request = csv("user,chosen_id,rejected_id\nann,a,b\nbob,c,a\n");
  request.features.embeddings.clear();
  write_bytes(folder_ / "items.csv", "name,kind,price\nc,x,3\na,y,1.5\nb,x,2\n");
  map(request,
      "candidates: {file: items.csv, key: name, features: [{column: price, kind: numeric}, {column: kind, kind: "
      "categorical}]}\n");
  const PreferenceData data = import_to_memory(request);
  EXPECT_THAT(data.feature_names, ElementsAre("price", "kind=x", "kind=y"));
  EXPECT_THAT(data.candidate_names, ElementsAre("a", "b", "c"));
  EXPECT_THAT(data.features, ElementsAre(1.5F, 0, 1, 2, 1, 0, 3, 1, 0));
  write_bytes(folder_ / "p.csv", "user,chosen_id,rejected_id\nann,a,z\n");
  EXPECT_THAT(refused(request), HasSubstr("p.csv:2: items.csv has no candidate \"z\""));
}

}  // namespace
}  // namespace fairsweep
