#include "core/diagnostics/file_claim.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

namespace fairsweep {
namespace {

class FileClaimTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "fairsweep-claim-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST_F(FileClaimTest, OnlyOneHoldsItAndItLeavesNothingBehind) {
  {
    const auto first = claim_file(folder_ / "thing.claim");
    ASSERT_TRUE(first);
    EXPECT_FALSE(claim_file(folder_ / "thing.claim"));
    EXPECT_TRUE(claim_file(folder_ / "other.claim"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
  EXPECT_TRUE(claim_file(folder_ / "thing.claim"));
}

TEST_F(FileClaimTest, MovingKeepsIt) {
  auto first = claim_file(folder_ / "thing.claim");
  ASSERT_TRUE(first);
  const FileClaim moved(std::move(*first));
  first.reset();
  EXPECT_FALSE(claim_file(folder_ / "thing.claim"));
}

TEST_F(FileClaimTest, AKilledProcessHoldsNothing) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto claim = claim_file(folder_ / "thing.claim");
    const char answer = claim ? 'y' : 'n';
    (void)!::write(ends[1], &answer, 1);
    ::pause();
    ::_exit(0);
  }
  char answer = 0;
  ASSERT_EQ(::read(ends[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_FALSE(claim_file(folder_ / "thing.claim"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(claim_file(folder_ / "thing.claim"));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(FileClaimTest, WhereNoFileCanBeMadeNobodyWaits) {
  EXPECT_TRUE(claim_file(folder_ / "no such folder" / "thing.claim"));
  EXPECT_TRUE(claim_file(folder_ / "no such folder" / "thing.claim"));
}

}  // namespace
}  // namespace fairsweep
