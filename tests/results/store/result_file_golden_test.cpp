// Files of every released format version must be readable for ever. FAIRSWEEP_UPDATE_GOLDEN=1 writes the file of the
// present version anew; the test fails where a file is missing.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "results/store/result_file.hpp"
#include "tests/results/store/sample_record.hpp"

namespace fairsweep {
namespace {

const std::filesystem::path k_folder = std::filesystem::path(FAIRSWEEP_SOURCE_DIR) / "tests" / "golden" / "results";

TEST(ResultFileGolden, Version1IsStillRead) {
  const std::filesystem::path file = k_folder / "results_version_1.h5";
  if (std::getenv("FAIRSWEEP_UPDATE_GOLDEN") != nullptr)
    write_result_file(file, test::sample_record(), test::sample_arrays);
  ASSERT_TRUE(std::filesystem::exists(file));
  RunRecord expected = test::sample_record();
  for (TrialRecord& trial : expected.trials) {  // the file is from before there were notes and words
    trial.notes.clear();
    trial.words.clear();
  }
  expected.data_description.clear();
  EXPECT_TRUE(read_result_file(file) == expected);
}

TEST(ResultFileGolden, EveryFileInTheFolderHasATest) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(k_folder))
    files += entry.path().extension() == ".h5" ? 1 : 0;
  EXPECT_EQ(files, static_cast<std::size_t>(k_result_format_version));
}

}  // namespace
}  // namespace fairsweep
