#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>
#include <string>

#include "tests/workers/data/importers/import_rig.hpp"
#include "workers/data/importers/score_population.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::comparisons_in;
using testing_support::refusal;
using testing_support::request_for;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

class ImportScores : public testing::Test {
 protected:
  ImportRequest request(const std::string& table, const std::string& values) {
    write_bytes(folder_ / "s.csv", table);
    write_bytes(folder_ / "m.yaml", "values:\n" + values);
    ImportRequest request = request_for("scores", {folder_ / "s.csv"});
    request.mapping = folder_ / "m.yaml";
    return request;
  }
  const std::string table_ =
      "prompt_id,item,good,short,length\nq,a,1,3,10\nq,b,2,2,20\nq,c,3,3,30\nr,a,0,9,5\nr,b,5,9,6\n";
  const std::string values_ = "  criteria: [good, short]\n  features: [length, good]\n";
  TemporaryFolder folder_;
};

TEST_F(ImportScores, OfPeopleWithOneCriterionEach) {
  ImportRequest wanted = request(table_, values_);
  wanted.arguments.options["population"] = "one_criterion";
  wanted.arguments.options["people"] = "2";
  wanted.arguments.options["ties"] = "keep";
  wanted.arguments.options["user-features"] = "weights";
  const PreferenceData data = import_to_memory(wanted);
  EXPECT_THAT(comparisons_in(data),
              ElementsAre("person-1 q: b > a", "person-1 q: c > a", "person-1 q: c > b", "person-1 r: b > a",
                          "person-2 q: a > b", "person-2 q: a = c", "person-2 q: c > b", "person-2 r: a = b"));
  EXPECT_THAT(data.features, ElementsAre(10, 1, 20, 2, 30, 3, 5, 0, 6, 5));
  EXPECT_EQ(data.user_attributes.at("taste"), (Attribute{{"good", "short"}, {0, 1}}));
  EXPECT_THAT(data.user_features, ElementsAre(1, 0, 0, 1));
  wanted.arguments.options["ties"] = "drop";
  ImportSummary summary;
  EXPECT_EQ(import_to_memory(wanted, &summary).comparison_count(), 6);
  EXPECT_THAT(summary.dropped_pairs, ElementsAre(testing::Pair("a person sees both responses as equal", 2)));
  EXPECT_THAT(summary.dropped, testing::IsEmpty()) << "no record is left out";
}

TEST_F(ImportScores, AnswersByChanceFollowBradleyTerry) {
  ImportRequest wanted = request("prompt_id,item,good,x\nq,a,1,0\nq,b,3,1\n", "  criteria: [good]\n  features: [x]\n");
  wanted.arguments.options["population"] = "one_criterion";
  wanted.arguments.options["people"] = "20000";
  wanted.arguments.options["answers"] = "bradley_terry";
  wanted.arguments.options["temperature"] = "4";
  const PreferenceData data = import_to_memory(wanted);
  double first = 0;
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    first += data.comparison_candidate[2 * row] == 1 ? 1 : 0;
  }
  // Standardised, the scores are -1 and 1: the better one wins with the probability 1 / (1 + exp(-2 / 4)).
  EXPECT_NEAR(first / 20'000, 1 / (1 + std::exp(-0.5)), 4 * std::sqrt(0.25 / 20'000));
}

TEST_F(ImportScores, DrawsSomePairsForEachPersonOfItsOwn) {
  ImportRequest wanted = request(table_, values_);
  wanted.arguments.options["people"] = "50";
  wanted.arguments.options["pairs"] = "2";
  const PreferenceData data = import_to_memory(wanted);
  EXPECT_EQ(data.comparison_count(), 100);
  std::map<std::int64_t, int> asked;
  for (const std::int64_t candidate : data.comparison_candidate) {
    ++asked[candidate];
  }
  EXPECT_EQ(asked.size(), 5U) << "every response is asked about";
  EXPECT_EQ(import_to_memory(wanted), data) << "the same again";
  wanted.arguments.options["people-seed"] = "1";
  EXPECT_NE(import_to_memory(wanted).comparison_candidate, data.comparison_candidate);
}

TEST_F(ImportScores, SaysWhatIsWrong) {
  const auto refused = [&](const ImportRequest& wanted, ExitCode code) {
    return refusal(code, [&] { (void)import_to_memory(wanted); });
  };
  EXPECT_THAT(refused(request(table_, "  features: [length]\n"), ExitCode::configuration),
              HasSubstr("which fields are scores"));
  EXPECT_THAT(refused(request(table_, "  criteria: [god]\n"), ExitCode::configuration),
              HasSubstr("no column \"god\"; did you mean \"good\"?"));
  EXPECT_THAT(refused(request("prompt_id,item,good\nq,a,nan\n", "  criteria: [good]\n"), ExitCode::file),
              HasSubstr("s.csv:2: score \"good\" is \"nan\"; it must be a finite number"));
  EXPECT_THAT(refused(request("prompt_id,item,good\nq,a,1\nq,a,2\n", "  criteria: [good]\n"), ExitCode::file),
              HasSubstr("s.csv:3: the response is there twice in its context"));
  EXPECT_THAT(refused(request("prompt_id,item,good\nq,a,1\nq,b,1\n", "  criteria: [good]\n"), ExitCode::file),
              HasSubstr("score \"good\" is the same for every response; leave it out"));
  EXPECT_THAT(refused(request("prompt_id,item,good\nq,a,1\nr,b,2\n", "  criteria: [good]\n"), ExitCode::file),
              HasSubstr("no context has two responses; is the context's field right?"));
  ImportRequest wanted = request(table_, values_);
  wanted.arguments.options["people"] = "many";
  EXPECT_EQ(refused(wanted, ExitCode::configuration), "--people is \"many\"; it must be a number from 1 to 1e+06");
  wanted.arguments.options["people"] = "1.5";
  EXPECT_EQ(refused(wanted, ExitCode::configuration), "--people is \"1.5\"; it must be whole");
  wanted.arguments.options["people"] = "4";
  wanted.arguments.options["population"] = "mixture";
  EXPECT_THAT(refused(wanted, ExitCode::configuration),
              HasSubstr("mixture needs minority_criteria under values of the mapping"));
}

TEST(ScorePopulation, DrawsWeightsThatSumToOne) {
  const std::vector<std::string> criteria{"a", "b", "c", "d"};
  PopulationRecipe recipe;
  recipe.people = 4000;
  recipe.alpha = 0.5;
  double first = 0, squared = 0;
  for (const ScorePerson& person : draw_people(recipe, criteria)) {
    EXPECT_NEAR(std::accumulate(person.weights.begin(), person.weights.end(), 0.0), 1, 1e-12);
    EXPECT_EQ(person.weights[static_cast<std::size_t>(person.label[0] - 'a')],
              *std::max_element(person.weights.begin(), person.weights.end()));
    first += person.weights[0];
    squared += person.weights[0] * person.weights[0];
  }
  // Dirichlet(0.5 x 4): mean 1/4, variance (1/4)(3/4) / (2 + 1) = 1/16.
  EXPECT_NEAR(first / 4000, 0.25, 4 * std::sqrt(1.0 / 16 / 4000));
  EXPECT_NEAR(squared / 4000 - 0.0625, 1.0 / 16, 0.01);
}

TEST(ScorePopulation, MixturesKeepTheMinoritysCriteriaApart) {
  PopulationRecipe recipe;
  recipe.kind = "mixture";
  recipe.people = 10;
  recipe.minority = {1, 3};
  recipe.minority_share = 0.3;
  const auto people = draw_people(recipe, {"a", "b", "c", "d"});
  for (std::size_t number = 0; number < 10; ++number) {
    EXPECT_EQ(people[number].label, number < 7 ? "majority" : "minority");
    EXPECT_EQ(people[number].weights[1] + people[number].weights[3], number < 7 ? 0 : 1);
  }
  EXPECT_EQ(people[7].weights[1], 1);
  EXPECT_EQ(people[8].weights[3], 1);
  EXPECT_EQ(people[9].weights[1], 1);
  recipe.minority_share = 0.01;
  EXPECT_THROW((void)draw_people(recipe, {"a", "b", "c", "d"}), UserError);
}

}  // namespace
}  // namespace fairsweep
