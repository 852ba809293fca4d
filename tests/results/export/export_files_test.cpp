#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "core/config/schema.hpp"
#include "core/diagnostics/errors.hpp"
#include "results/export/catalogue.hpp"
#include "results/export/checklist.hpp"
#include "results/export/csv_table.hpp"
#include "results/export/latex_text.hpp"
#include "results/export/method_sources.hpp"
#include "results/export/space_text.hpp"
#include "results/export/write_files.hpp"
#include "results/report/confidence_text.hpp"
#include "results/report/front_report.hpp"
#include "tests/results/export/small_export.hpp"
#include "tests/results/store/sample_record.hpp"
#include "tests/results/store/temporary_directory.hpp"

namespace fairsweep::exports {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(const RunExport& run, const std::string& format, const std::string& name) {
  for (const ExportedFile& file : find_format(format).files(run)) {
    if (file.name == name) {
      std::ostringstream out;
      file.write(out);
      return out.str();
    }
  }
  ADD_FAILURE() << format << " has no file " << name;
  return "";
}

/// Rows of cells; a reader of its own, by RFC 4180.
std::vector<std::vector<std::string>> rows_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    if (quoted && csv[i] == '"' && i + 1 < csv.size() && csv[i + 1] == '"') {
      cell += csv[i++];
    } else if (csv[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && (csv[i] == ',' || csv[i] == '\n')) {
      row.push_back(std::move(cell));
      cell.clear();
      if (csv[i] == '\n')
        rows.push_back(std::exchange(row, {}));
    } else {
      cell += csv[i];
    }
  }
  EXPECT_FALSE(quoted);
  return rows;
}

std::size_t column(const std::vector<std::vector<std::string>>& rows, const std::string& name) {
  const auto place = std::ranges::find(rows.at(0), name);
  EXPECT_NE(place, rows[0].end()) << name;
  return static_cast<std::size_t>(place - rows[0].begin());
}

class Export : public ::testing::Test {
 protected:
  test::TemporaryDirectory directory_;
};

TEST_F(Export, TablesHoldTheFilesNumbers) {
  const RunExport run = test::small_export(directory_ / "");
  const auto trials = rows_of(text_of(run, "csv", "trials.csv"));
  ASSERT_EQ(trials.size(), 7U);
  EXPECT_EQ(trials[1][column(trials, "host")], "node, \"one\"");
  EXPECT_EQ(trials[4][column(trials, "failures")], "1");
  EXPECT_EQ(trials[4][column(trials, "last_failure")], "signal");
  EXPECT_EQ(trials[1][column(trials, "method.pafo.distillation")], "");
  EXPECT_EQ(trials[5][column(trials, "method.pafo.distillation")], "0.5");

  const auto metrics = rows_of(text_of(run, "csv", "metrics.csv"));
  ASSERT_EQ(metrics.size(), 1U + 6 * 4);
  EXPECT_EQ(std::stod(metrics[1][column(metrics, "value")]), test::mean_accuracy(0, 0, Split::validation, true));
  EXPECT_EQ(metrics[1][column(metrics, "unit")], "share");
  EXPECT_EQ(metrics[2][column(metrics, "standard_error")], "");

  const auto people = rows_of(text_of(run, "csv", "people.csv"));
  ASSERT_EQ(people.size(), 1U + 4 * 2 * 8);  // configuration 0 is dominated
  for (std::size_t i = 1; i < people.size(); ++i) {
    const auto trial = static_cast<std::uint32_t>(std::stoul(people[i][column(people, "trial")]));
    const auto person = static_cast<std::uint32_t>(std::stoul(people[i][column(people, "person")]));
    const Split split = people[i][column(people, "split")] == "test" ? Split::test : Split::validation;
    EXPECT_EQ(std::stod(people[i][column(people, "value")]),
              test::person_accuracy(trial / 2, trial % 2, split, person));
    EXPECT_EQ(people[i][column(people, "group")], person < test::k_small_few ? "few" : "many");
  }
  EXPECT_THAT(text_of(run, "csv", "people.csv"), Not(HasSubstr("person 0")));  // no name leaves the file
}

TEST_F(Export, PeopleAreShownAsAsked) {
  ExportOptions options;
  options.people = PeopleShown::every;
  EXPECT_EQ(rows_of(text_of(test::small_export(directory_ / "", options), "csv", "people.csv")).size(), 1U + 6 * 2 * 8);
  options.people = PeopleShown::none;
  const RunExport none = test::small_export(directory_ / "", options);
  for (const ExportedFile& file : find_format("csv").files(none))
    EXPECT_NE(file.name, "people.csv");
  EXPECT_FALSE(none.reference.differences.empty());  // tests need people's values, whether they leave the file or not
  EXPECT_TRUE(nlohmann::json::parse(text_of(none, "json", "results.json"))["people"].empty());
}

TEST_F(Export, TheReferenceIsTheBestPooledConfiguration) {
  const RunExport run = test::small_export(directory_ / "");
  ASSERT_TRUE(run.reference.reference);
  EXPECT_EQ(run.run.front.points[*run.reference.reference].configuration.value, 1U);
  ASSERT_EQ(run.reference.differences.size(), 2U);
  for (const ReferenceDifference& one : run.reference.differences) {
    const bool few = one.objective == 0;
    EXPECT_EQ(run.run.front.points[one.point].configuration.value, 2U);
    EXPECT_EQ(one.difference.people, few ? 5U : 3U);
    double expected = 0;
    for (const std::uint32_t replicate : {0U, 1U}) {
      expected +=
          (test::mean_accuracy(2, replicate, Split::test, few) - test::mean_accuracy(1, replicate, Split::test, few)) /
          2;
    }
    EXPECT_NEAR(one.difference.mean, expected, 1e-12);
    EXPECT_EQ(one.verdict, few ? 1 : -1);
    EXPECT_DOUBLE_EQ(one.difference.p_value, 2.0 / (k_bootstrap_draws + 1));
    EXPECT_DOUBLE_EQ(one.adjusted_p, 4.0 / (k_bootstrap_draws + 1));
  }
  EXPECT_EQ(run.reference.note, "");
  EXPECT_EQ(test::small_export(directory_ / "").reference.differences[0].difference.low,
            run.reference.differences[0].difference.low);
}

TEST_F(Export, AReferenceThatIsNotThereIsSaid) {
  ExportOptions options;
  options.against = "pafoo";
  try {
    (void)test::small_export(directory_ / "", options);
    FAIL();
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_THAT(error.what(), HasSubstr("did you mean \"pafo\""));
  }
  RunRecord record = test::small_record();
  for (Configuration& configuration : record.configurations)
    configuration.values["method.name"] = std::string("pafo");
  const RunExport run = test::small_export(directory_ / "", {}, record);
  EXPECT_FALSE(run.reference.reference);
  EXPECT_THAT(run.reference.note, HasSubstr("pooled"));
  EXPECT_THAT(text_of(run, "checklist", "checklist.md"), HasSubstr("not compared: No configuration"));
}

TEST_F(Export, ValuesThatAreNotTheGroupsMeanAreNotCompared) {
  RunRecord record = test::small_record();
  record.trials[5].metrics[2].value += 0.01;  // accuracy of "few" on test
  const RunExport run = test::small_export(directory_ / "", {}, record);
  EXPECT_THAT(run.reference.note, HasSubstr("accuracy of few is not the mean"));
  ASSERT_EQ(run.reference.differences.size(), 1U);
  EXPECT_EQ(run.reference.differences[0].objective, 1U);
}

TEST_F(Export, TheDocumentHoldsEverythingWithUnits) {
  const RunExport run = test::small_export(directory_ / "");
  const auto document = nlohmann::json::parse(text_of(run, "json", "results.json"));
  EXPECT_EQ(document["format"], "fairsweep-export");
  EXPECT_EQ(document["units"]["metrics"]["accuracy"], "share");
  EXPECT_EQ(document["space"][1]["high"], 0.1);
  EXPECT_EQ(document["space"][2]["only_where"]["values"][0], "pafo");
  EXPECT_EQ(document["trials"].size(), 6U);
  EXPECT_EQ(document["trials"][3]["metrics"][2]["value"].get<double>(), test::mean_accuracy(1, 1, Split::test, true));
  EXPECT_EQ(document["configurations"][2]["settings"]["method.pafo.distillation"], 0.5);
  EXPECT_EQ(document["front"]["members"].size(), 2U);
  EXPECT_EQ(document["data"]["users"], 8);
  EXPECT_EQ(document["methods"]["pafo"], "PAFO-style, reconstructed from the abstract of arXiv 2606.07988");
  EXPECT_EQ(document["people"].size(), 8U);
  EXPECT_EQ(document["people"][0]["values"].size(), test::k_small_people);
  EXPECT_EQ(document["group_of_person"][7], "many");
}

TEST_F(Export, OddBytesOfARunDoNotBreakTheDocument) {
  const std::filesystem::path file = directory_ / "results.h5";
  RunRecord record = test::sample_record();
  record.data_description = "no JSON";
  write_result_file(file, record, test::sample_arrays);
  const RunExport run = gather_export(file, report::summarise_run("sample", read_result_file(file), {}), {});
  EXPECT_THAT(run.reference.note, HasSubstr("no values of single people"));
  const auto document = nlohmann::json::parse(text_of(run, "json", "results.json"));
  EXPECT_TRUE(document["data"].is_null());
  for (const char* format : {"csv", "latex", "checklist", "bibtex"}) {
    for (const ExportedFile& one : find_format(format).files(run)) {
      std::ostringstream out;
      one.write(out);
      EXPECT_FALSE(out.str().empty()) << one.name;
    }
  }
}

TEST_F(Export, TheFrontTableSaysMeansErrorsAndMarks) {
  const std::string table = text_of(test::small_export(directory_ / ""), "latex", "front.tex");
  // Two replicates that differ by 1/128 for everybody: their mean has the error 1/256.
  const double few = (test::mean_accuracy(2, 0, Split::test, true) + test::mean_accuracy(2, 1, Split::test, true)) / 2;
  EXPECT_THAT(table, HasSubstr("2 & pafo & " + latex_estimate({few, 0.00390625, 2}) + "$^{\\uparrow}$ & "));
  EXPECT_THAT(table, HasSubstr("$^{\\downarrow}$ & 1.00 \\\\"));
  EXPECT_THAT(table, HasSubstr("\\label{tab:small-run-front}"));
  EXPECT_THAT(table, HasSubstr("pafo: PAFO-style, reconstructed from the abstract"));
  EXPECT_THAT(table, HasSubstr("small\\_run"));
}

TEST_F(Export, EveryFormatSaysHowSureTheFrontIs) {
  RunRecord record = test::small_record();
  record.trials[3].metrics[1].value -= 0.3;  // "many" on validation: the place of configuration 1 is uncertain now
  const RunExport run = test::small_export(directory_ / "", {}, record);
  const nlohmann::json front = report::front_json(run.run, report::Shown::every_configuration);
  ASSERT_FALSE(front["confidence"].is_null());
  const auto probability = [&front](std::size_t configuration) {
    return front["configurations"][configuration]["probability_non_dominated"].get<double>();
  };
  EXPECT_LT(probability(1), 0.999);
  const auto configurations = rows_of(text_of(run, "csv", "configurations.csv"));
  const std::size_t place = column(configurations, "probability_non_dominated");
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(std::stod(configurations[i + 1][place]), probability(i));
  const auto points = rows_of(text_of(run, "csv", "front.csv"));
  ASSERT_EQ(points.size(), 1U + front["members"].size() * 2);
  for (std::size_t i = 1; i < points.size(); ++i) {
    EXPECT_EQ(std::stod(points[i][column(points, "probability_non_dominated")]),
              probability(std::stoul(points[i][column(points, "configuration")])));
  }
  const auto document = nlohmann::json::parse(text_of(run, "json", "results.json"));
  EXPECT_EQ(document["front"]["confidence"], front["confidence"]);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(document["configurations"][i]["probability_non_dominated"].get<double>(), probability(i));
  const std::string table = text_of(run, "latex", "front.tex");
  EXPECT_THAT(table, HasSubstr("& prob. \\\\"));
  EXPECT_THAT(table, HasSubstr(" & " + report::probability_text(probability(1)) + " \\\\"));
  EXPECT_THAT(text_of(run, "checklist", "checklist.md"),
              HasSubstr("- how sure the front is: " + report::confidence_sentence(run.run).substr(0, 20)));
}

TEST_F(Export, OneReplicateSaysNothingOfHowSureTheFrontIs) {
  RunRecord record = test::small_record();
  record.replicates = 1;
  std::erase_if(record.trials, [](const TrialRecord& trial) { return trial.replicate > 0; });
  const RunExport run = test::small_export(directory_ / "", {}, record);
  const auto rows = rows_of(text_of(run, "csv", "configurations.csv"));
  EXPECT_EQ(rows[1][column(rows, "probability_non_dominated")], "");
  const auto document = nlohmann::json::parse(text_of(run, "json", "results.json"));
  EXPECT_TRUE(document["configurations"][0]["probability_non_dominated"].is_null());
  EXPECT_TRUE(document["front"]["confidence"].is_null());
  const std::string table = text_of(run, "latex", "front.tex");
  EXPECT_THAT(table, Not(HasSubstr("prob.")));
  EXPECT_THAT(table, HasSubstr("over 1 replicate on test"));
  EXPECT_THAT(table, HasSubstr("cannot be said: no configuration has two replicates"));
}

TEST_F(Export, ATableOfAnUnfinishedRunSaysSo) {
  RunRecord record = test::small_record();
  EXPECT_THAT(text_of(test::small_export(directory_ / "", {}, record), "latex", "front.tex"),
              Not(HasSubstr("nfinished")));
  record.complete = false;
  record.wanted_configurations = 5;
  record.trials[0].state = TrialState::running;
  record.trials[1].state = TrialState::failed;
  const RunExport run = test::small_export(directory_ / "", {}, record);
  for (const char* name : {"front.tex", "settings.tex"})
    EXPECT_THAT(text_of(run, "latex", name), HasSubstr("Unfinished: 5 of 10 trials have ended.")) << name;
  // A shard's own trials are what it counts.
  record.trials[0].state = TrialState::elsewhere;
  EXPECT_EQ(count_trials(record).ended, 5U);
  EXPECT_EQ(count_trials(record).all, 9U);
}

TEST_F(Export, ReplicatesAreAColumnWhereTheyDiffer) {
  RunRecord record = test::small_record();
  EXPECT_THAT(text_of(test::small_export(directory_ / "", {}, record), "latex", "front.tex"),
              HasSubstr("over 2 replicates on test"));
  record.trials[5].state = TrialState::failed;
  const std::string table = text_of(test::small_export(directory_ / "", {}, record), "latex", "front.tex");
  EXPECT_THAT(table, HasSubstr("over $n$ replicates on test"));
  EXPECT_THAT(table, HasSubstr("& $n$ \\\\"));
  EXPECT_THAT(table, HasSubstr("& 1 \\\\"));
}

TEST_F(Export, TheChecklistSaysBoundsRunsAndFailures) {
  const std::string page = text_of(test::small_export(directory_ / ""), "checklist", "checklist.md");
  for (const char* fact :
       {"| training.learning\\_rate | 1.0e-04 to 0.1, log-uniform | |",
        "| method.pafo.distillation | 0.0 to 1.0, uniform | method.name is pafo |", "- trials reported: 6",
        "- attempts that failed: 1", "- failed for the reason signal: 1", "- comparisons: train: 2",
        "- people of the group few: 5", "training time of the reported trials, added up: 9.0 s",
        "| pafo | 1 | PAFO-style, reconstructed", "the data say of themselves: licence: CC0-1.0",
        "the best of pooled by its mean", "licence of the results: not said"})
    EXPECT_THAT(page, HasSubstr(fact));
}

TEST(WorkerSeconds, AddUpByCause) {
  RunTimeline timeline;
  timeline.leases = {{0, 0, 10, 20, {{"reported", 0.75}, {"failed: signal", 0.25}}},
                     {1, 0, 5, 9, {{"reported", 0.5}, {"lease: silent", 0.5}}}};
  const std::map<std::string, double> expected = {{"reported", 9.5}, {"failed: signal", 2.5}, {"lease: silent", 2}};
  EXPECT_EQ(worker_seconds(timeline), expected);
}

TEST_F(Export, TheBibliographyNamesWhatWasUsed) {
  const std::string works = text_of(test::small_export(directory_ / ""), "bibtex", "references.bib");
  EXPECT_THAT(works, HasSubstr("@misc{zhao2026pafo,"));
  EXPECT_THAT(works, HasSubstr("Xiaoyan Zhao and Haoting Ni and Yang Zhang"));
  EXPECT_THAT(works, Not(HasSubstr("jiang2026dvao")));
  EXPECT_THAT(works, Not(HasSubstr("sagawa")));
  EXPECT_THAT(works, HasSubstr("B. Efron"));
}

TEST(MethodSources, EveryMethodThatIsNotStandardHasAWork) {
  const std::set<std::string> standard = {"pooled", "reweighted", "oversampled", "linear", "minimax_users", "average"};
  for (const std::string& method : find_field("method.name")->words)
    EXPECT_EQ(has_source(method), standard.count(method) == 0) << method;
}

TEST_F(Export, FilesGoWhereTheyAreAsked) {
  const RunExport run = test::small_export(directory_ / "");
  const auto folder = directory_ / "new" / "place";
  EXPECT_EQ(write_export({find_format("csv"), find_format("json")}, run, folder).size(), 7U);
  EXPECT_TRUE(std::filesystem::exists(folder / "people.csv"));
  const auto file = directory_ / "front.json";
  EXPECT_EQ(write_export({find_format("json")}, run, file), std::vector{file});
  std::ostringstream written;
  written << std::ifstream(file).rdbuf();
  EXPECT_EQ(written.str(), text_of(run, "json", "results.json"));
  for (const auto& [format, place] :
       {std::pair("csv", file), std::pair("csv", directory_ / "x.json"), std::pair("bibtex", directory_ / "x.json"),
        std::pair("latex", run.result_file)}) {
    try {
      (void)write_export({find_format(format)}, run, place);
      ADD_FAILURE() << format << " to " << place;
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), ExitCode::configuration) << error.what();
    }
  }
  EXPECT_THROW((void)find_format("cvs"), UserError);
}

TEST_F(Export, WhereOneFileFailsNoneIsReplaced) {
  const RunExport run = test::small_export(directory_ / "");
  const auto folder = directory_ / "out";
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "trials.csv") << "as it was";
  const Format failing = {"failing",
                          "",
                          "",
                          [](const RunExport&) {
                            return std::vector<ExportedFile>{
                                {"late.txt", [](std::ostream&) { throw UserError(ExitCode::file, "no such thing"); }}};
                          },
                          false,
                          false};
  EXPECT_THROW((void)write_export({find_format("csv"), failing}, run, folder), UserError);
  // Nor where the user stops it, before the last file.
  int files = 0;
  try {
    (void)write_export({find_format("csv")}, run, folder, [&files] { return ++files == 6; });
    ADD_FAILURE() << "it was not stopped";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::resumable);
  }
  std::ostringstream kept;
  kept << std::ifstream(folder / "trials.csv").rdbuf();
  EXPECT_EQ(kept.str(), "as it was");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()), 1);
  EXPECT_THROW((void)write_export({find_format("csv"), failing}, run, directory_ / "new"), UserError);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "new"));
}

TEST_F(Export, FilesAreNamedAsTheFolderWas) {
  const RunExport run = test::small_export(directory_ / "");
  const auto folder = directory_ / "a" / ".." / "b";
  for (const auto& file : write_export({find_format("latex")}, run, folder))
    EXPECT_EQ(file.parent_path(), folder);
  EXPECT_TRUE(std::filesystem::exists(directory_ / "b" / "front.tex"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "a"));
}

TEST(LatexText, EscapesWhatHasAMeaning) {
  EXPECT_EQ(latex_text("a_b & 50% #1 {x} ~ ^ \\ $"),
            "a\\_b \\& 50\\% \\#1 \\{x\\} \\textasciitilde{} \\textasciicircum{} \\textbackslash{} \\$");
  EXPECT_EQ(latex_text("gr\xC3\xBC\xC3\x9F \xE4\xBD\xA0 a--b"), "gr\xC3\xBC\xC3\x9F {[}U+4F60{]} a-{}-b");
  EXPECT_EQ(latex_text("\x1b[1m"), "{[}U+FFFD{]}{[}1m");
  EXPECT_EQ(latex_number(0.03), "$0.03000$");
  EXPECT_EQ(latex_number(3e-5, 2), "$3 \\times 10^{-5}$");
  EXPECT_EQ(latex_number(std::nan("")), "--");
  EXPECT_EQ(latex_estimate({0.71234, 0.0045, 3}), "$0.7123 \\pm 0.0045$");
  EXPECT_EQ(latex_estimate({0.5, std::nan(""), 1}), "$0.5000$");
  EXPECT_EQ(latex_estimate({1e-12, 2e-13, 3}), "$1 \\times 10^{-12} \\pm 2 \\times 10^{-13}$");
}

TEST(SpaceText, SaysBounds) {
  EXPECT_EQ(distribution_text(LogUniform{8, 128, true}), "8 to 128, whole numbers, log-uniform");
  EXPECT_EQ(distribution_text(Choice{{std::int64_t{1}, 1.0, false}}), "one of 1, 1.0, false");
  EXPECT_EQ(condition_text({"a", Uniform{}, Condition{"b", {std::string("x"), std::string("y"), true}}}),
            "b is x, y or true");
}

TEST(CsvNumber, ReadsBackToTheSameDouble) {
  for (const double value : {0.1, 1.0 / 3, 5e-324, 1e300, -0.0, 123456789.0})
    EXPECT_EQ(std::strtod(csv_number(value).c_str(), nullptr), value) << value;
  EXPECT_EQ(csv_number(std::nan("")), "");
}

}  // namespace
}  // namespace fairsweep::exports
