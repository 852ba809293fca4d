// results.h5 is written again and again while a run goes on; a disk that is full in between must cost no more than
// that one file, and not the process either.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/diagnostics/errors.hpp"
#include "results/store/result_file.hpp"
#include "tests/results/store/sample_record.hpp"
#include "tests/results/store/temporary_directory.hpp"

namespace fairsweep {
namespace {

std::ptrdiff_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return std::distance(begin(all), end(all));
}

/// What a process does on a disk that is full at every position in turn. Its exit status; 0: all as it should be.
int write_with_limits(const std::filesystem::path& file, rlim_t size) {
  signal(SIGXFSZ, SIG_IGN);
  const RunRecord record = test::sample_record();
  const auto limit = [](rlim_t bytes) {
    const rlimit now{bytes, RLIM_INFINITY};
    return setrlimit(RLIMIT_FSIZE, &now) == 0;
  };
  const std::ptrdiff_t descriptors = open_descriptors();
  const rlim_t step = std::max<rlim_t>(size / 40, 1);
  for (rlim_t bytes = 0; bytes < size; bytes += step) {
    try {
      limit(bytes);
      write_result_file(file, record, test::sample_arrays);
      return 1;
    } catch (const UserError& error) {
      const std::string words = error.what();
      if (error.code() != ExitCode::environment || words.find(file.string() + ": ") == std::string::npos ||
          words.find("File too large; ") == std::string::npos || words.find(".tmp") != std::string::npos) {
        std::fprintf(stderr, "at %zu bytes: %s\n", static_cast<std::size_t>(bytes), words.c_str());
        return 2;
      }
    }
    if (open_descriptors() != descriptors) {
      std::fprintf(stderr, "at %zu bytes: a descriptor is left open\n", static_cast<std::size_t>(bytes));
      return 3;
    }
  }
  limit(RLIM_INFINITY);
  write_result_file(file, record, test::sample_arrays);
  return read_result_file(file) == record ? 0 : 4;
}

TEST(ResultFullDisk, CostsNoMoreThanOneFile) {
  const test::TemporaryDirectory directory;
  write_result_file(directory / "whole.h5", test::sample_record(), test::sample_arrays);
  const std::uintmax_t size = std::filesystem::file_size(directory / "whole.h5");
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::exit(write_with_limits(directory / "results.h5", size));  // as a program ends, the library's farewell included
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 2) << "whole.h5 and results.h5";
}

}  // namespace
}  // namespace fairsweep
