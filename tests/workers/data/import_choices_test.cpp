#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/description/describe_data.hpp"
#include "workers/data/importers/import_choices.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing_support::read_bytes;
using testing_support::refusal;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

const std::string k_mapping = R"(about: {name: buses, source: made up, licence: CC0-1.0}
user: id
choice: took
missing_choices: [0, 9]
weight: w
user_features:
  - {column: age, kind: numeric}
  - {column: job, kind: categorical}
attributes:
  card: {column: card, labels: {n: no card, y: has card}}
alternatives:
  - name: bus
    code: 1
    features:
      time: {column: bus_time, scale: 0.1}
      fare: {column: bus_fare, zero_where: {column: card, codes: [y]}}
  - name: walk
    code: 2
    available: can_walk
    features: {fare: 0, time: {column: walk_time, scale: 0.1}}
  - name: stay
    code: 3
    available: can_stay
    features: {time: 0, fare: -1.5}
alternative_constants: true
)";

const std::string k_table =
    "id,took,w,age,job,card,bus_time,bus_fare,walk_time,can_walk,can_stay\n"
    "b,1,1,30,10,n,12,3,40,1,0\n"   // line 2
    "b,2,0.5,30,10,n,10,2,5,1,1\n"  // line 3
    "a,3,1,41,2,y,10,2,5,1,1\n"     // line 4
    "a,0,1,41,2,y,10,2,5,1,1\n"     // line 5: no choice
    "a,2,1,41,2,y,10,2,5,0,1\n"     // line 6: chosen, but not offered
    "c,1,1,20,2,,10,2,5,0,0\n";     // line 7: nothing else was offered

class ImportChoices : public testing::Test {
 protected:
  ImportedChoices import(const std::string& table, const std::string& mapping = k_mapping) {
    write_bytes(folder_ / "t.csv", table);
    return import_choices(folder_ / "t.csv", read_choice_mapping_text(mapping, "m.yaml"));
  }
  static std::string changed(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
  }
  /// What a changed table is refused with, without the folder's name.
  std::string refused_table(const std::string& from, const std::string& to) {
    const std::string message = refusal(ExitCode::file, [&] {
                                  (void)import(changed(k_table, from, to));
                                }).substr((folder_ / "t.csv").string().size());
    const std::size_t advice = message.find("; mend the row, or leave such rows out with --on-error skip");
    EXPECT_EQ(advice == std::string::npos, message.starts_with(":7") && !message.starts_with(":7: column \"id\""))
        << message << ": only what the end of the table tells cannot be skipped";
    return message.substr(0, advice);
  }
  std::string refused_mapping(const std::string& from, const std::string& to) {
    return refusal(ExitCode::configuration, [&] { (void)import(k_table, changed(k_mapping, from, to)); });
  }
  TemporaryFolder folder_;
};

TEST_F(ImportChoices, MakesAContextOfEveryUsableRow) {
  const ImportedChoices imported = import(k_table);
  const PreferenceData& data = imported.data;
  EXPECT_EQ(imported.rows, 6);
  EXPECT_THAT(imported.dropped, ElementsAre(Pair("no choice", 1), Pair("only one alternative was offered", 1),
                                            Pair("the chosen alternative was not offered", 1)));
  EXPECT_THAT(data.feature_names,
              ElementsAre("time", "fare", "alternative=bus", "alternative=walk", "alternative=stay"));
  EXPECT_EQ(data.features, (std::vector<float>{1.2F, 3, 1, 0, 0, 4,    0, 0, 1, 0,                        // line 2
                                               1,    2, 1, 0, 0, 0.5F, 0, 0, 1, 0, 0, -1.5F, 0, 0, 1,     // line 3
                                               1,    0, 1, 0, 0, 0.5F, 0, 0, 1, 0, 0, -1.5F, 0, 0, 1}));  // line 4
  EXPECT_THAT(data.context_offset, ElementsAre(0, 2, 5, 8));
  EXPECT_THAT(data.comparison_context, ElementsAre(0, 1, 2));
  EXPECT_THAT(data.comparison_candidate, ElementsAre(0, 1, 3, 2, 4, 7, 5, 6));
  EXPECT_THAT(data.comparison_ranked, ElementsAre(1, 1, 1));
  EXPECT_THAT(data.comparison_weight, ElementsAre(1, 0.5F, 1));
  EXPECT_THAT(data.user_names, ElementsAre("b", "a", "c"));
  EXPECT_THAT(data.comparison_user, ElementsAre(0, 0, 1));
  EXPECT_THAT(data.user_feature_names, ElementsAre("age", "job=2", "job=10"));
  EXPECT_EQ(data.user_features, (std::vector<float>{30, 0, 1, 41, 1, 0, 20, 1, 0}));
  EXPECT_EQ(data.user_attributes.at("card"), (Attribute{{"no card", "has card"}, {0, 1, -1}}));
  EXPECT_EQ(data.about.at("mapping"), k_mapping);
  EXPECT_EQ(data.about.at("rows dropped: no choice"), "1");
  EXPECT_EQ(data.about.at("table_sha256").size(), 64U);
  EXPECT_THAT(problems_of(data), testing::IsEmpty());
}

TEST_F(ImportChoices, SkipsWrongRowsWholeWhereAskedTo) {
  const ChoiceMapping mapping = read_choice_mapping_text(k_mapping, "m.yaml");
  write_bytes(folder_ / "t.csv", k_table + "d,1,1,20,2,y,x,1,1,1,1\n" + "e,2,0,20,2,y,1,1,1,1,1\n" + "f,1\n");
  ImportOptions options;
  options.skip_errors = true;
  const ImportedChoices imported = import_choices(folder_ / "t.csv", mapping, options);
  EXPECT_EQ(imported.rows, 9);
  EXPECT_EQ(imported.skipped, 3);
  EXPECT_THAT(imported.first_errors,
              ElementsAre(HasSubstr("t.csv:8: column \"bus_time\" is \"x\""),
                          HasSubstr("t.csv:9: column \"w\" is \"0\""), HasSubstr("t.csv:10: has 2 cells")));
  PreferenceData data = imported.data;
  PreferenceData clean = import(k_table).data;
  EXPECT_EQ(data.about.at("rows skipped"), "3");
  data.about.clear();
  clean.about.clear();
  EXPECT_EQ(data, clean);
}

TEST_F(ImportChoices, ShowsTheFirstAsTheyAreUnderstood) {
  write_bytes(folder_ / "t.csv", k_table + "nonsense\n");
  const ImportPreview shown = preview_choices(folder_ / "t.csv", read_choice_mapping_text(k_mapping, "m.yaml"), {}, 2);
  EXPECT_EQ(preview_text(shown),
            "b in row on line 2: bus > walk\n"
            "b in row on line 3: walk > bus, stay, weight 0.5\n"
            "b: age 30, card no card, job 10\n"
            "read 2 records so far, for these 2 comparisons; nothing is written, and what lies behind was not looked "
            "at\n");
}

TEST_F(ImportChoices, NamesTheLineOfACellThatCannotBeUsed) {
  EXPECT_EQ(refused_table("12,3,40", "12,x,40"), ":2: column \"bus_fare\" is \"x\"; it must be a finite number");
  EXPECT_EQ(refused_table("12,3,40", "inf,3,40"), ":2: column \"bus_time\" is \"inf\"; it must be a finite number");
  EXPECT_EQ(refused_table("12,3,40", "1e60,3,40"),
            ":2: column \"bus_time\" is \"1e60\"; it is too large for a feature");
  EXPECT_EQ(refused_table("b,2,0.5", "b,7,0.5"),
            ":3: column \"took\" is \"7\"; it must be the code of an alternative or one of missing_choices");
  EXPECT_EQ(refused_table("b,2,0.5", "b,2,0"), ":3: column \"w\" is \"0\"; it must be a weight above 0");
  EXPECT_EQ(refused_table("b,2,0.5,30", "b,2,0.5,31"),
            ":3: column \"age\" is \"31\"; it was \"30\" for the same user on line 2; a user has one value");
  EXPECT_EQ(refused_table("5,1,1\n", "5,2,1\n"), ":3: column \"can_walk\" is \"2\"; it must be 1 (offered) or 0 (not)");
  EXPECT_EQ(refused_table("c,1,1,20,2,,", "c,1,1,20,2,?,"),
            ":7: column \"card\" is \"?\"; it has no label in attribute \"card\" of the mapping");
  EXPECT_EQ(refused_table("c,1,1,20", "c,1,1,old"), ":7: column \"age\" is \"old\"; it must be a finite number");
  EXPECT_EQ(refused_table("c,1,1,20", ",1,1,20"), ":7: column \"id\" is \"\"; it must name the user, in UTF-8");
  const std::string header = k_table.substr(0, k_table.find('\n') + 1);
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)import(header); }),
              HasSubstr("no row of the table holds a choice that can be used"));
}

TEST_F(ImportChoices, NamesThePlaceOfEveryMistakeInTheMapping) {
  EXPECT_EQ(refused_mapping("user: id", "user: idd"),
            "m.yaml:2:7: the table has no column \"idd\"; did you mean \"id\"?");
  EXPECT_EQ(refused_mapping("choice: took", "chioce: took"),
            "m.yaml:3:1: unknown key \"chioce\" in the mapping; did you mean \"choice\"?");
  EXPECT_EQ(refused_mapping("choice: took\n", ""), "m.yaml:1:1: key \"choice\" is missing here");
  EXPECT_EQ(refused_mapping("choice: took\n", "choice: took\nuser: age\n"),
            "m.yaml:4:1: key \"user\" is there twice in the mapping");
  EXPECT_EQ(refused_mapping(", licence: CC0-1.0", ""), "m.yaml:1:8: key \"licence\" is missing here");
  EXPECT_EQ(refused_mapping("missing_choices: [0, 9]", "missing_choices: 0"),
            "m.yaml:4:18: missing_choices must be a list with at least one entry");
  EXPECT_EQ(refused_mapping("kind: numeric", "kind: number"),
            "m.yaml:7:25: kind is \"number\"; it must be numeric or categorical");
  EXPECT_EQ(refused_mapping("column: job", "column: age"), "m.yaml:8:5: column \"age\" is a user feature twice");
  EXPECT_EQ(refused_mapping("scale: 0.1}", "scale: a tenth}"), "m.yaml:15:39: scale must be a finite number");
  EXPECT_EQ(refused_mapping("scale: 0.1}", "scale: .nan}"), "m.yaml:15:39: scale must be a finite number");
  EXPECT_EQ(refused_mapping("scale: 0.1}", "scale: \"0.1\"}"), "m.yaml:15:39: scale must be a finite number");
  EXPECT_EQ(refused_mapping("code: 2", "code: 1"), "m.yaml:17:5: code \"1\" is used twice");
  EXPECT_EQ(refused_mapping("code: 2", "code: 9"), "m.yaml:17:5: code \"9\" is used twice");
  EXPECT_EQ(refused_mapping("name: walk", "name: bus"), "m.yaml:17:5: two alternatives are called \"bus\"");
  EXPECT_EQ(refused_mapping("features: {fare: 0, ", "features: {"),
            "m.yaml:17:5: alternative \"walk\" lacks feature \"fare\"; write \"fare: 0\" where it has none");
  EXPECT_EQ(refused_mapping("features: {fare: 0, ", "features: {view: 1, fare: 0, "),
            "m.yaml:17:5: feature \"view\" of alternative \"walk\" is not one of the first alternative; write it there "
            "too");
  EXPECT_EQ(refused_mapping("alternative_constants: true", "alternative_constants: yes"),
            "m.yaml:25:24: alternative_constants must be true or false");
  EXPECT_THAT(refused_mapping("user: id", "user: [id"), HasSubstr("is not YAML: "));
  // All mistakes at once.
  const std::string two = changed(changed(k_mapping, "user: id", "user: [id]"), "code: 2", "code: 1");
  EXPECT_EQ(refusal(ExitCode::configuration, [&] { (void)import(k_table, two); }),
            "m.yaml:2:7: user must be text\nm.yaml:17:5: code \"1\" is used twice");
  EXPECT_EQ(refusal(ExitCode::configuration, [&] { (void)read_choice_mapping(folder_ / "none.yaml"); }),
            (folder_ / "none.yaml").string() + ": there is no such file");
}

/// Damaged tables and mappings: an error or a result that follows the format.
TEST_F(ImportChoices, SurvivesDamage) {
  std::size_t refused = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    std::string table = k_table;
    std::string mapping = k_mapping;
    for (unsigned change = 0; change <= seed % 3; ++change) {
      std::string& text = random() % 2 == 0 ? table : mapping;
      const std::size_t at = random() % text.size();
      const std::string pieces = "\",\n\r:{}[]-#&*!|>'% 0\xFF";
      switch (random() % 4) {
        case 0:
          text[at] = pieces[random() % pieces.size()];
          break;
        case 1:
          text.erase(at, 1 + random() % 8);
          break;
        case 2:
          text.insert(at, text.substr(random() % text.size(), random() % 30));
          break;
        default:
          text.insert(at, 1, pieces[random() % pieces.size()]);
          break;
      }
    }
    try {
      EXPECT_TRUE(problems_of(import(table, mapping).data).empty());
    } catch (const UserError& error) {
      EXPECT_TRUE(error.code() == ExitCode::file || error.code() == ExitCode::configuration) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 100U);
}

TEST(Swissmetro, IsImportedWhole) {
  const char* data_folder = std::getenv("FAIRSWEEP_DATA");
  const std::filesystem::path table =
      std::filesystem::path(data_folder == nullptr ? "" : data_folder) / "choice_sets" / "swissmetro.csv.gz";
  if (data_folder == nullptr || !std::filesystem::exists(table)) {
    GTEST_SKIP() << "FAIRSWEEP_DATA does not name a folder with choice_sets/swissmetro.csv.gz";
  }
  const ImportedChoices imported =
      import_choices(table, read_choice_mapping(FAIRSWEEP_SOURCE_DIR "/configs/examples/swissmetro_mapping.yaml"));
  const PreferenceData& data = imported.data;
  EXPECT_EQ(imported.rows, 10'728);
  EXPECT_THAT(imported.dropped, ElementsAre(Pair("no choice", 9)));
  EXPECT_EQ(data.comparison_count(), 10'719);
  EXPECT_EQ(data.user_count(), 1'192);
  EXPECT_THAT(problems_of(data), testing::IsEmpty());
  for (const std::string& name : data.user_feature_names) {
    EXPECT_FALSE(name.starts_with("GA") || name.starts_with("TICKET")) << name;
  }
  const DataDescription description = describe_data(data, {.attribute = "rail_pass"});
  ASSERT_EQ(description.attributes.size(), 1U);
  const auto& groups = description.attributes[0].groups;
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].label, "no");
  EXPECT_EQ(groups[0].users, 1'023);
  EXPECT_EQ(groups[1].label, "yes");
  EXPECT_EQ(groups[1].users, 169);
  const auto share = [](const GroupDescription& group, std::size_t alternative) {
    return group.choice_shares.at(alternative).second;
  };
  EXPECT_EQ(groups[1].choice_shares[0].first, "train");
  EXPECT_NEAR(share(groups[1], 0), 0.42, 0.005);
  EXPECT_NEAR(share(groups[0], 0), 0.09, 0.005);
  EXPECT_EQ(groups[1].choice_shares[2].first, "car");
  EXPECT_NEAR(share(groups[1], 2), 0.03, 0.005);
  EXPECT_NEAR(share(groups[0], 2), 0.33, 0.005);
  EXPECT_EQ(description.users_without_comparisons, 1);
  // Fares of pass holders are zero on the rails and stay as they are on the road.
  for (std::int64_t row = 0; row < data.comparison_count(); ++row) {
    const auto user = static_cast<std::size_t>(data.comparison_user[static_cast<std::size_t>(row)]);
    const auto context = static_cast<std::size_t>(data.comparison_context[static_cast<std::size_t>(row)]);
    const auto train = static_cast<std::size_t>(data.context_offset[context] * data.feature_count);
    EXPECT_EQ(data.features[train + 1] == 0.0F, data.user_attributes.at("rail_pass").codes[user] == 1);
  }
}

}  // namespace
}  // namespace fairsweep
