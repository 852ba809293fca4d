#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

#include "results/store/result_file.hpp"
#include "tests/results/store/sample_record.hpp"
#include "tests/results/store/temporary_directory.hpp"

namespace fairsweep {
namespace {

using ::testing::HasSubstr;

struct Answer {
  std::string text;
  int status = 0;
};

Answer run(const std::string& command) {
  Answer answer;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr)
    return {"no shell", -1};
  std::array<char, 4096> block{};
  for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe)) > 0;)
    answer.text.append(block.data(), got);
  answer.status = pclose(pipe);
  return answer;
}

// The page promises that a few lines of h5py read a result file: its own lines are run.
TEST(ResultRecipes, EveryRecipeOfThePageRuns) {
  if (run("/usr/bin/python3 -c 'import h5py'").status != 0)
    GTEST_SKIP() << "/usr/bin/python3 has no h5py";
  const test::TemporaryDirectory directory;
  const auto file = directory / "results.h5";
  RunRecord record = test::sample_record();
  record.people = test::sample_people();
  write_result_file(file, record, test::sample_arrays);
  const std::filesystem::path source = FAIRSWEEP_SOURCE_DIR;
  const Answer answer = run("/usr/bin/python3 -B " + (source / "tests/results/store/run_recipes.py").string() + " " +
                            (source / "docs/result_format.md").string() + " " + file.string());
  EXPECT_EQ(answer.status, 0) << answer.text;
  EXPECT_THAT(answer.text, HasSubstr("ran 7 recipes"));
  EXPECT_THAT(answer.text, HasSubstr("1 people seen in training: 0.5\n1 unseen: 1.0"));
  // The front as a table: configuration, method, accuracy of few, log-loss of many.
  EXPECT_THAT(answer.text, HasSubstr("0 pooled 0.7500 0.5688 and on test "));
  EXPECT_THAT(answer.text, HasSubstr("1 group_dro 0.5625 0.2875"));
  EXPECT_THAT(answer.text, HasSubstr("trial 3: user 2 has accuracy 3.0"));
  EXPECT_THAT(answer.text, HasSubstr("accuracy of few, validation: [0.75  0.75  0.5   0.625 0.5     nan   nan   nan]"));
  EXPECT_THAT(answer.text, HasSubstr("comparison 4 under trial 3: margin 0.5"));
  EXPECT_THAT(answer.text, HasSubstr("trial 5: signal in training"));
  EXPECT_THAT(answer.text, HasSubstr("2 events, the first is started"));
}

TEST(ResultRecipes, NothingInTheFileIsVariableLength) {
  if (run("/usr/bin/python3 -c 'import h5py'").status != 0)
    GTEST_SKIP() << "/usr/bin/python3 has no h5py";
  const test::TemporaryDirectory directory;
  const auto file = directory / "results.h5";
  RunRecord record = test::sample_record();
  record.people = test::sample_people();
  write_result_file(file, record, test::sample_arrays);
  const Answer answer =
      run("/usr/bin/python3 -c '\n"
          "import h5py, sys\n"
          "seen = []\n"
          "def visit(name, item):\n"
          "    seen.append(name)\n"
          "    if isinstance(item, h5py.Dataset): assert item.dtype.kind in \"fiuS\", (name, item.dtype)\n"
          "with h5py.File(sys.argv[1], \"r\") as f: f.visititems(visit)\n"
          "print(len(seen), \"objects\")' " +
          file.string());
  EXPECT_EQ(answer.status, 0) << answer.text;
  EXPECT_THAT(answer.text, HasSubstr("objects"));
}

}  // namespace
}  // namespace fairsweep
