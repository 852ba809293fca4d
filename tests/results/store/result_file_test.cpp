#include "results/store/result_file.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "core/diagnostics/errors.hpp"
#include "core/hdf5/file_reader.hpp"
#include "results/store/front.hpp"
#include "tests/results/store/sample_record.hpp"
#include "tests/results/store/temporary_directory.hpp"

namespace fairsweep {
namespace {

using test::no_arrays;
using test::random_record;
using test::sample_arrays;
using test::sample_record;
using test::TemporaryDirectory;

RunRecord there_and_back(const RunRecord& record) {
  const TemporaryDirectory directory;
  write_result_file(directory / "results.h5", record, sample_arrays);
  return read_result_file(directory / "results.h5");
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

TEST(ResultFile, ReadsBackWhatWasWritten) {
  RunRecord expected = sample_record();
  const RunRecord found = there_and_back(expected);
  // Metrics come by split, metric and group, in the order these are first met; the sample has that order.
  EXPECT_EQ(found.trials, expected.trials);
  EXPECT_EQ(found.configurations, expected.configurations);
  EXPECT_EQ(found.space, expected.space);
  EXPECT_TRUE(found == expected);
}

TEST(ResultFile, ReadsBackAnEmptyRun) {
  RunRecord record;
  record.objectives = {{"accuracy", "", Direction::maximise, ""}};
  EXPECT_TRUE(there_and_back(record) == record);
  record.events = {""};
  record.configurations = {{{3}, {}}};
  record.complete = true;
  EXPECT_TRUE(there_and_back(record) == record);
}

TEST(ResultFile, KeepsEveryBitOfANumber) {
  RunRecord record = random_record(1, 4, 5);
  const double extremes[] = {5e-324, std::numeric_limits<double>::max(), -0.0, 0.1 + 0.2};
  for (std::size_t i = 0; i < 4; ++i) {
    record.trials[i].metrics[0].value = extremes[i];
    record.trials[i].seconds = extremes[i];
  }
  record.configurations[0].values["training.learning_rate"] = 0.1 + 0.2;
  const RunRecord found = there_and_back(record);
  EXPECT_TRUE(found == record);
  EXPECT_TRUE(std::signbit(found.trials[2].metrics[0].value));
}

TEST(ResultFile, ABrokenNameBecomesReadableAndNothingElseIsLost) {
  RunRecord record = sample_record();
  record.trials[0].host = std::string(
      "no\xff"
      "de\0!",
      7);
  const RunRecord found = there_and_back(record);
  EXPECT_EQ(found.trials[0].host,
            "no\xEF\xBF\xBD"
            "de\xEF\xBF\xBD!");
}

TEST(ResultFile, AMetricSaidTwiceCountsOnce) {
  RunRecord record = sample_record();
  const std::vector<MetricValue> once = record.trials[0].metrics;
  MetricValue again = once[0];
  again.value = 0.123;
  record.trials[0].metrics.push_back(again);
  EXPECT_EQ(there_and_back(record).trials[0].metrics, once);
}

TEST(ResultFile, AValueOutsideTheSpaceIsABug) {
  RunRecord record = sample_record();
  record.configurations[0].values["training.surprise"] = 1.0;
  EXPECT_THROW((void)there_and_back(record), InternalError);
}

TEST(ResultFile, IsTheSameBytesForTheSameRun) {
  const TemporaryDirectory directory;
  write_result_file(directory / "a.h5", sample_record(), sample_arrays);
  write_result_file(directory / "b.h5", sample_record(), sample_arrays);
  EXPECT_EQ(bytes_of(directory / "a.h5"), bytes_of(directory / "b.h5"));
  EXPECT_GT(bytes_of(directory / "a.h5").size(), 1000U);
}

TEST(ResultFile, TheOldFileStaysWhereTheNewOneCannotBeWritten) {
  const TemporaryDirectory directory;
  write_result_file(directory / "results.h5", sample_record(), no_arrays);
  const std::string before = bytes_of(directory / "results.h5");
  const ArtefactReader broken = [](const TrialRecord&, const std::string&) -> std::optional<ArrayBundle> {
    throw UserError(ExitCode::environment, "the disk is full");
  };
  EXPECT_THROW(write_result_file(directory / "results.h5", sample_record(), broken), UserError);
  EXPECT_EQ(bytes_of(directory / "results.h5"), before);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory.path()))
    ++files;
  EXPECT_EQ(files, 1U);
}

TEST(ResultFile, HoldsTheFrontThatTheRecordGives) {
  const TemporaryDirectory directory;
  const RunRecord record = random_record(60, 3, 6);
  write_result_file(directory / "results.h5", record, no_arrays);
  const Front front = select_front(read_result_file(directory / "results.h5"));
  hdf5::FileReader file(directory / "results.h5");
  std::vector<std::uint32_t> ids;
  std::vector<double> validation, test_errors;
  for (const std::size_t member : front.members) {
    ids.push_back(front.points[member].configuration.value);
    for (const Estimate& estimate : front.points[member].validation)
      validation.push_back(estimate.mean);
    for (const Estimate& estimate : front.points[member].test)
      test_errors.push_back(estimate.standard_error);
  }
  ASSERT_GT(ids.size(), 2U);
  EXPECT_EQ(file.read<std::uint32_t>("/front/configuration"), ids);
  EXPECT_EQ(file.read<double>("/front/validation_mean"), validation);
  EXPECT_EQ(file.read<double>("/front/test_standard_error"), test_errors);
  EXPECT_EQ(file.read<double>("/front/reference"), front.reference);
  EXPECT_EQ(file.real("/front", "hypervolume"), front.hypervolume);
}

}  // namespace
}  // namespace fairsweep
