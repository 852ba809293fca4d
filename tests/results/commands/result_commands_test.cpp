#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "orchestrator/apps/command_line.hpp"
#include "orchestrator/apps/commands.hpp"
#include "results/store/result_file.hpp"
#include "tests/results/store/sample_record.hpp"
#include "tests/results/store/temporary_directory.hpp"

namespace fairsweep::apps {
namespace {

using ::testing::HasSubstr;

struct Answer {
  std::string text;
  int code = 0;
  std::string error;
};

/// What the program answers to these words, without a process.
Answer fairsweep(std::vector<std::string> words) {
  CLI::App app{"fairsweep", "fairsweep"};
  ExitCode exit_code = ExitCode::done;
  add_front(app, exit_code);
  add_show(app, exit_code);
  add_compare(app, exit_code);
  add_indicators(app, exit_code);
  add_report(app, exit_code);
  std::ranges::reverse(words);  // CLI11 takes them from the end
  Answer answer;
  ::testing::internal::CaptureStdout();
  try {
    app.parse(words);
    answer.code = static_cast<int>(exit_code);
  } catch (const UserError& error) {
    answer.error = error.what();
    answer.code = static_cast<int>(error.code());
  } catch (const CLI::ParseError& error) {
    answer.error = mistake_of_command_line(app, error);
    answer.code = 2;
  }
  answer.text = ::testing::internal::GetCapturedStdout();
  return answer;
}

class ResultCommands : public ::testing::Test {
 protected:
  std::string write_run(const std::string& name, const RunRecord& record) {
    std::filesystem::create_directory(directory_ / name);
    write_result_file(directory_ / name / "results.h5", record, test::no_arrays);
    return (directory_ / name).string();
  }
  std::string write_file(const std::string& name, const std::string& text) {
    std::ofstream(directory_ / name) << text;
    return (directory_ / name).string();
  }
  test::TemporaryDirectory directory_;
};

TEST_F(ResultCommands, IndicatorsPrintWhatIsAsked) {
  const std::string points = write_file("points.txt", "8.5 3\n8.5,3.5\n5 5\n9 1\n4 5\n5 5\n");
  const Answer answer = fairsweep({"indicators", points, "--reference", "0,0", "--maximise"});
  EXPECT_EQ(answer.code, 0) << answer.error;
  EXPECT_EQ(answer.text,
            "points            6\nnon-dominated     4 (3 distinct)\nfronts            2\nhypervolume       37.75\n"
            "spread            0.18837469662856798\n"
            "knee              point 2, 0.35355339059327373 below the plane of the front's ends\n");
  const nlohmann::json json =
      nlohmann::json::parse(fairsweep({"indicators", points, "--reference", "1,0.5", "--maximise", "--json"}).text);
  EXPECT_EQ(json["hypervolume"], 28.75);
  EXPECT_EQ(json["non_dominated"], 4);
  EXPECT_EQ(json["non_dominated_distinct"], 3);
  EXPECT_EQ(json["reference"], (std::vector<double>{1, 0.5}));
}

TEST_F(ResultCommands, IndicatorsTakeNegativeReferencesAndNoPoints) {
  const std::string points = write_file("points.txt", "-3 -3\n");
  EXPECT_THAT(fairsweep({"indicators", points, "--reference", "-1,-1"}).text, HasSubstr("hypervolume       4\n"));
  const std::string nothing = write_file("nothing.txt", "# none\n");
  EXPECT_EQ(fairsweep({"indicators", nothing, "--reference", "1,1"}).text,
            "points            0\nnon-dominated     0 (0 distinct)\nfronts            0\nhypervolume       0\n"
            "spread            undefined\nknee              none\n");
}

TEST_F(ResultCommands, IndicatorsRefuseBadInput) {
  const std::string points = write_file("points.txt", "1 2\n3 nan\n");
  Answer answer = fairsweep({"indicators", points, "--reference", "5,5"});
  EXPECT_EQ(answer.code, 4);
  EXPECT_THAT(answer.error, HasSubstr("points.txt:2: \"nan\" cannot be ranked"));
  const std::string good = write_file("good.txt", "1 2\n");
  for (const char* reference : {"5", "5,5,5", "5,x", "5,nan", "5,", ""}) {
    answer = fairsweep({"indicators", good, "--reference", reference});
    EXPECT_EQ(answer.code, 2) << reference;
    EXPECT_THAT(answer.error, HasSubstr("--reference"));
  }
  EXPECT_EQ(fairsweep({"indicators", good}).code, 2);
  EXPECT_EQ(fairsweep({"indicators", (directory_ / "none.txt").string(), "--reference", "1"}).code, 4);
  EXPECT_EQ(fairsweep({"indicators", directory_.path().string(), "--reference", "1"}).code, 4);
}

TEST_F(ResultCommands, FrontOfARunAndOfAFile) {
  const std::string run = write_run("run", test::sample_record());
  const Answer answer = fairsweep({"front", run});
  EXPECT_EQ(answer.code, 0) << answer.error;
  EXPECT_THAT(answer.text, HasSubstr("2 of 3 configurations on the front"));
  const Answer json = fairsweep({"front", run + "/results.h5", "--all", "--json"});
  EXPECT_EQ(nlohmann::json::parse(json.text)["members"].size(), 2U);
  EXPECT_EQ(nlohmann::json::parse(json.text)["configurations"].size(), 4U);
}

TEST_F(ResultCommands, NotesOfTheFrontFitATerminal) {
  for (const char* option : {"--views", "--all"}) {
    const Answer answer = fairsweep({"front", write_run("run", test::sample_record()), option});
    std::istringstream lines(answer.text);
    bool notes = false;
    for (std::string line; std::getline(lines, line);) {
      notes =
          notes || line.starts_with("Mean") || line.starts_with("Recommended") || line.starts_with("There is nothing");
      if (line.find("  ") == std::string::npos) {  // no row of a table
        EXPECT_LE(line.size(), 120U) << line;
      }
    }
    EXPECT_TRUE(notes) << answer.text;
  }
}

TEST_F(ResultCommands, MissingAndDamagedRunsAnswer4) {
  EXPECT_EQ(fairsweep({"front", (directory_ / "none").string()}).code, 4);
  std::filesystem::create_directory(directory_ / "empty");
  Answer answer = fairsweep({"show", (directory_ / "empty").string()});
  EXPECT_EQ(answer.code, 4);
  EXPECT_THAT(answer.error, HasSubstr("neither results.h5 nor events.log"));
  write_file("empty/events.log", "");
  answer = fairsweep({"front", (directory_ / "empty").string()});
  EXPECT_EQ(answer.code, 4);
  EXPECT_THAT(answer.error, HasSubstr("fairsweep rebuild"));
  write_file("empty/results.h5", "this is no HDF5 file");
  const std::string damaged = (directory_ / "empty").string();
  EXPECT_EQ(fairsweep({"compare", damaged, damaged}).code, 4);
  for (const char* command : {"front", "show"}) {
    answer = fairsweep({command, damaged});
    EXPECT_EQ(answer.code, 4);
    EXPECT_THAT(answer.error, HasSubstr("\"fairsweep rebuild " + damaged + "\" makes the file again")) << command;
  }
  std::filesystem::remove(directory_ / "empty" / "events.log");
  EXPECT_EQ(fairsweep({"front", damaged}).error.find("rebuild"), std::string::npos)
      << "there is nothing to make it from";
}

TEST_F(ResultCommands, AFileOfARunOrOfASweepIsNoRun) {
  const std::string run = write_run("run", test::sample_record());
  write_file("run/events.log", "");
  write_file("run/sweep.yaml", "sweep: x\n");
  for (const char* name : {"sweep.yaml", "events.log"}) {
    const Answer answer = fairsweep({"front", run + "/" + name});
    EXPECT_EQ(answer.code, 2);
    EXPECT_THAT(answer.error, HasSubstr("name the run's folder, " + run)) << name;
  }
  const Answer answer = fairsweep({"front", write_file("mine.yaml", "sweep: x\n")});
  EXPECT_EQ(answer.code, 2);
  EXPECT_THAT(answer.error, HasSubstr("this is the configuration of a sweep and no run: \"fairsweep run "));
}

TEST_F(ResultCommands, AValueThatIsNoNumberIsNamedWithWhatIsWanted) {
  const std::string run = write_run("run", test::sample_record());
  for (const auto& [words, message] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--trial", "abc"}, "--trial abc: a whole number from 0 is wanted"},
           {{"--trial", "1.5"}, "--trial 1.5: a whole number from 0 is wanted"},
           {{"--trial", "-3"}, "--trial -3: a whole number from 0 is wanted"},
           {{"--trial", "99999999999"}, "--trial 99999999999: a smaller whole number is wanted"},
           {{"--trial"}, "--trial: its value is missing"}}) {
    std::vector<std::string> all = {"show", run};
    all.insert(all.end(), words.begin(), words.end());
    const Answer answer = fairsweep(all);
    EXPECT_EQ(answer.code, 2);
    EXPECT_EQ(answer.error, "fairsweep show: " + message + "; fairsweep show --help lists what there is");
  }
  for (const char* width : {"wide", "4", "1e9", "-"}) {
    const Answer answer = fairsweep({"report", run, "--figures", "f", std::string("--figure-width=") + width});
    EXPECT_EQ(answer.code, 2);
    EXPECT_THAT(answer.error,
                HasSubstr(std::string("--figure-width ") + width + ": a number from 50 to 400 is wanted"));
  }
}

TEST_F(ResultCommands, ShowTakesATrialOrAConfiguration) {
  const std::string run = write_run("run", test::sample_record());
  EXPECT_THAT(fairsweep({"show", run}).text, HasSubstr("5 reported, 1 failed"));
  EXPECT_THAT(fairsweep({"show", run, "--trial", "5"}).text, HasSubstr("Failure 1 of 2"));
  EXPECT_THAT(fairsweep({"show", run, "--configuration", "1"}).text, HasSubstr("Configuration 1"));
  EXPECT_EQ(nlohmann::json::parse(fairsweep({"show", run, "--trial", "0", "--json"}).text)["trial"], 0);
  const Answer answer = fairsweep({"show", run, "--trial", "8"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_THAT(answer.error, HasSubstr("has no trial 8; they go from 0 to 7"));
  EXPECT_EQ(fairsweep({"show", run, "--trial", "-1"}).code, 2);
  EXPECT_EQ(fairsweep({"show", run, "--trial", "1", "--configuration", "1"}).code, 2);
}

TEST_F(ResultCommands, CompareTellsAndAnswersWhetherRunsAgree) {
  const std::string a = write_run("a", test::random_record(5, 2, 1)),
                    same = write_run("same", test::random_record(5, 2, 1));
  RunRecord record = test::random_record(5, 2, 1);
  record.trials[3].metrics[0].value += 1e-15;
  const std::string other = write_run("other", record);
  EXPECT_EQ(fairsweep({"compare", a, same, "--expect-identical"}).code, 0);
  EXPECT_EQ(fairsweep({"compare", a, other}).code, 0);
  const Answer answer = fairsweep({"compare", a, same, other, "--expect-identical", "--json"});
  EXPECT_EQ(answer.code, 4);
  const nlohmann::json json = nlohmann::json::parse(answer.text);
  EXPECT_EQ(json["trials"][0]["identical"], 10);
  EXPECT_EQ(json["trials"][1]["different"], 1);
  EXPECT_EQ(json["identical"], false);
  EXPECT_EQ(fairsweep({"compare", a}).code, 2);
}

TEST_F(ResultCommands, ReportWritesAPageAndFigures) {
  const std::string run = write_run("run", test::sample_record());
  const std::filesystem::path page = directory_ / "new" / "report.html", figures = directory_ / "figures";
  const Answer answer = fairsweep({"report", run, "-o", page.string(), "--figures", figures.string()});
  EXPECT_EQ(answer.code, 0) << answer.error;
  EXPECT_THAT(answer.text, HasSubstr("report.html is written"));
  EXPECT_TRUE(std::filesystem::exists(page));
  EXPECT_TRUE(std::filesystem::exists(figures / "front.svg"));
  const Answer json = fairsweep({"report", run, "-o", page.string(), "--json"});
  EXPECT_EQ(nlohmann::json::parse(json.text).at("written").at(0), page.string());
}

TEST_F(ResultCommands, ReportOfAnOpenRunSaysSo) {
  for (const bool complete : {true, false}) {
    RunRecord record = test::sample_record();
    record.complete = complete;
    const std::string run = write_run(complete ? "complete" : "open", record);
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(fairsweep({"report", run, "-o", (directory_ / "page.html").string()}).code, 0);
    const std::string words = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(words.find(run + ": the run is not complete") == std::string::npos, complete) << words;
  }
}

TEST_F(ResultCommands, ReportRefusesWhatItCannotDo) {
  const std::string run = write_run("run", test::sample_record());
  const Answer nothing = fairsweep({"report", run});
  EXPECT_EQ(nothing.code, 2);
  EXPECT_THAT(nothing.error, HasSubstr("name the page with -o report.html"));
  const Answer over_itself = fairsweep({"report", run, "-o", run + "/results.h5"});
  EXPECT_EQ(over_itself.code, 2);
  EXPECT_THAT(fairsweep({"report", run, "-o", directory_.path().string()}).error, HasSubstr("/report.html"));
  const std::string file = write_file("a_file", "");
  const Answer no_folder = fairsweep({"report", run, "-o", (directory_ / "x.html").string(), "--figures", file});
  EXPECT_EQ(no_folder.code, 2);
  EXPECT_THAT(no_folder.error, HasSubstr("--figures " + file + ": it is a file; name a folder"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "x.html")) << "half of what was asked for is written";
  EXPECT_EQ(fairsweep({"report", run, "--figures", "f", "--figure-width", "10"}).code, 2);
  EXPECT_EQ(fairsweep({"report", run, "-o", "x.html", "--figure-width", "80"}).code, 2);
  EXPECT_EQ(fairsweep({"report", (directory_ / "nowhere").string(), "-o", "x.html"}).code, 4);
}

}  // namespace
}  // namespace fairsweep::apps
