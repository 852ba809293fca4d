#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>

#include "core/diagnostics/errors.hpp"
#include "core/hdf5/file_writer.hpp"
#include "results/store/comparison_results.hpp"
#include "results/store/person_results.hpp"
#include "results/store/probe.hpp"
#include "results/store/result_file.hpp"
#include "tests/results/store/sample_record.hpp"
#include "tests/results/store/temporary_directory.hpp"

namespace fairsweep {
namespace {

using test::sample_arrays;
using test::sample_record;
using test::TemporaryDirectory;
using ::testing::HasSubstr;
using ::testing::Not;

void expect_refused(const std::filesystem::path& file, const std::string& part) {
  try {
    (void)read_result_file(file);
    FAIL() << "it was read; expected: " << part;
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    EXPECT_THAT(error.what(), HasSubstr(file.string()));
    EXPECT_THAT(error.what(), HasSubstr(part));
  }
}

TEST(ResultRefusals, NoFileAFolderAndForeignFiles) {
  const TemporaryDirectory directory;
  expect_refused(directory / "none.h5", "there is no such file");
  expect_refused(directory.path(), "there is no such file");
  std::ofstream(directory / "text.h5") << "configuration, accuracy\n";
  expect_refused(directory / "text.h5", "");
  std::ofstream(directory / "empty.h5");
  expect_refused(directory / "empty.h5", "");
  {
    hdf5::FileWriter file(directory / "other.h5");
    file.set_text("/", "format", "something-else");
    file.close();
  }
  expect_refused(directory / "other.h5", "no result file of fairsweep");
}

TEST(ResultRefusals, AnotherVersionSaysWhatToDo) {
  const TemporaryDirectory directory;
  hdf5::FileWriter file(directory / "new.h5");
  file.set_text("/", "format", k_result_format);
  file.set_integer("/", "format_version", 2);
  file.close();
  expect_refused(directory / "new.h5", "format version 2, and this fairsweep reads version 1");
}

TEST(ResultRefusals, AMissingPartIsNamed) {
  const TemporaryDirectory directory;
  hdf5::FileWriter file(directory / "part.h5");
  file.set_text("/", "format", k_result_format);
  file.set_integer("/", "format_version", 1);
  file.close();
  expect_refused(directory / "part.h5", "sweep");
}

TEST(ResultRefusals, EveryReaderAdvisesToMakeTheFileAgainFromItsLog) {
  const TemporaryDirectory directory;
  const auto file = directory / "results.h5";
  std::ofstream(file) << "no HDF5";
  const std::vector<std::function<void()>> readers = {[&] { (void)read_result_file(file); },
                                                      [&] { (void)read_comparison_results(file, {}); },
                                                      [&] { (void)read_person_results(file, "accuracy", {}); }};
  const auto said = [](const std::function<void()>& read) {
    try {
      read();
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  const std::string advice = "fairsweep rebuild " + directory.path().string();
  for (const auto& read : readers)
    EXPECT_THAT(said(read), Not(HasSubstr(advice)));
  std::ofstream(directory / "events.log") << "";
  for (const auto& read : readers)
    EXPECT_THAT(said(read), HasSubstr(advice));
}

TEST(ResultRefusals, ACrashInTheChildIsAMessage) {
  const TemporaryDirectory directory;
  const auto file = directory / "crash.h5";
  try {
    store::probe(file, [] { std::raise(SIGSEGV); });
    FAIL() << "the crash went unnoticed";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    EXPECT_THAT(error.what(), HasSubstr("is damaged: reading it ended in "));
  }
  EXPECT_NO_THROW(store::probe(file, [] {}));
  EXPECT_NO_THROW(store::probe(file, [] { throw UserError(ExitCode::file, "met again later"); }));
}

// Whatever happens to its bytes, a file is read or refused: never a crash, never another exit code.
TEST(ResultRefusals, DamagedFilesAreReadOrRefused) {
  const TemporaryDirectory directory;
  write_result_file(directory / "good.h5", sample_record(), sample_arrays);
  std::stringstream content;
  content << std::ifstream(directory / "good.h5", std::ios::binary).rdbuf();
  const std::string good = content.str();
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 generator(seed);
    std::string bad = good;
    if (seed % 4 == 0) {
      bad.resize(generator() % good.size());
    } else {
      for (std::uint64_t i = 0; i < 1 + seed % 8; ++i)
        bad[generator() % bad.size()] = static_cast<char>(generator());
    }
    std::ofstream(directory / "bad.h5", std::ios::binary) << bad;
    try {
      (void)read_result_file(directory / "bad.h5");
    } catch (const UserError& error) {
      ++refused;
      EXPECT_EQ(error.code(), ExitCode::file) << "seed " << seed << ": " << error.what();
    } catch (const std::exception& error) {
      ADD_FAILURE() << "seed " << seed << ": " << error.what();
    }
  }
  EXPECT_GT(refused, 10);
}

}  // namespace
}  // namespace fairsweep
