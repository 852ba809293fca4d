#include "orchestrator/run_lease.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

namespace fairsweep {
namespace {

using testing::HasSubstr;

constexpr RunLeaseTimes k_fast{0.02, 0.2};

class RunLeaseTest : public testing::Test {
 protected:
  RunLeaseTest() { std::filesystem::create_directories(folder_); }
  ~RunLeaseTest() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& text) const { std::ofstream(file_) << text; }
  [[nodiscard]] std::string text() const {
    std::ostringstream bytes;
    bytes << std::ifstream(file_).rdbuf();
    return bytes.str();
  }
  /// As a coordinator on another host would have left it.
  void write_foreign(std::uint64_t beat, const std::string& state = "running") const {
    write(R"({"format":1,"session":"aa","host":"far","place":"far boot pid","process":1,"process_began":"1",)"
          R"("began":0,"beat":)" +
          std::to_string(beat) + R"(,"state":")" + state + "\"}");
  }
  [[nodiscard]] std::string refusal() const {
    try {
      const RunLease lease(file_, k_fast);
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), ExitCode::environment);
      return error.what();
    }
    return "taken";
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() /
      ("run_lease_" + std::to_string(getpid()) + testing::UnitTest::GetInstance()->current_test_info()->name());
  std::filesystem::path file_ = folder_ / "coordinator.json";
};

TEST_F(RunLeaseTest, NamesItsHolderAndItsEnd) {
  RunLease lease(file_, k_fast);
  EXPECT_FALSE(lease.taken_from());
  std::optional<RunLeaseRecord> found = read_run_lease(file_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->process, getpid());
  EXPECT_EQ(found->session, lease.record().session);
  EXPECT_FALSE(found->ended);
  lease.end(ExitCode::resumable, "a stop was asked for");
  found = read_run_lease(file_);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->ended);
  EXPECT_EQ(found->exit_code, 75);
  EXPECT_EQ(found->message, "a stop was asked for");
}

TEST_F(RunLeaseTest, BeatsOnlyWhileTheCoordinatorTurns) {
  RunLease lease(file_, k_fast);
  const auto beat = [this] { return read_run_lease(file_)->beat; };
  for (int turn = 0; turn < 500 && beat() < 3; ++turn) {
    lease.touch();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_GE(beat(), 3U);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // what was touched last is written by now
  const std::uint64_t last = beat();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(beat(), last);
}

TEST_F(RunLeaseTest, ASecondCoordinatorOfThisHostIsRefusedByName) {
  RunLease first(file_, k_fast);
  const std::string before = text();
  EXPECT_THAT(refusal(), HasSubstr("process " + std::to_string(getpid()) + " on host"));
  EXPECT_EQ(text(), before);
}

TEST_F(RunLeaseTest, ADeadProcessOfThisHostIsFollowedAtOnce) {
  const pid_t child = fork();
  if (child == 0) {
    new RunLease(file_, k_fast);  // never destroyed: killed, as far as the file knows
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  RunLease lease(file_, {0.02, 3600});
  ASSERT_TRUE(lease.taken_from());
  EXPECT_EQ(lease.taken_from()->process, child);
  EXPECT_TRUE(lease.is_mine());
}

TEST_F(RunLeaseTest, ASilentCoordinatorElsewhereIsFollowedAfterAWhile) {
  write_foreign(7);
  const RunLease lease(file_, k_fast);
  ASSERT_TRUE(lease.taken_from());
  EXPECT_EQ(lease.taken_from()->host, "far");
}

TEST_F(RunLeaseTest, ALivingCoordinatorElsewhereIsLeftAlone) {
  write_foreign(7);
  std::atomic<bool> done{false};
  std::thread far([&] {
    for (std::uint64_t beat = 8; !done; ++beat) {
      const std::filesystem::path fresh = folder_ / "fresh";
      std::ofstream(fresh) << R"({"session":"aa","host":"far","place":"far boot pid","process":1,"process_began":"1",)"
                           << R"("began":0,"beat":)" << beat << R"(,"state":"running"})";
      std::filesystem::rename(fresh, file_);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  EXPECT_THAT(refusal(), HasSubstr("process 1 on host far"));
  done = true;
  far.join();
  EXPECT_EQ(read_run_lease(file_)->session, "aa");
}

TEST_F(RunLeaseTest, AnEndedSessionIsFollowedWithoutWaiting) {
  write_foreign(7, "ended");
  const RunLease lease(file_, {0.02, 3600});
  EXPECT_FALSE(lease.taken_from());
  EXPECT_TRUE(lease.is_mine());
}

TEST_F(RunLeaseTest, WhoLostTheRunSaysSoAndLeavesTheFileAlone) {
  RunLease lease(file_, k_fast);
  write_foreign(1);
  EXPECT_FALSE(lease.is_mine());
  EXPECT_THROW(lease.check_is_mine(), UserError);
  for (int turn = 0; turn < 10; ++turn) {
    lease.touch();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  lease.end(ExitCode::done, "");
  EXPECT_EQ(read_run_lease(file_)->session, "aa");
}

TEST_F(RunLeaseTest, AFileThatIsNoLeaseIsReplaced) {
  for (const std::string& bytes :
       {std::string(), std::string("{"), std::string("[1]"), std::string("{\"session\":3}")}) {
    write(bytes);
    const RunLease lease(file_, {0.02, 3600});
    EXPECT_TRUE(lease.is_mine()) << bytes;
  }
}

TEST_F(RunLeaseTest, AnEndWithoutWordsIsABug) {
  { const RunLease lease(file_, k_fast); }
  EXPECT_EQ(read_run_lease(file_)->exit_code, 70);
}

TEST_F(RunLeaseTest, AFolderThatCannotBeWrittenIsNamed) {
  file_ = folder_ / "absent" / "coordinator.json";
  EXPECT_THAT(refusal(), HasSubstr("absent"));
}

}  // namespace
}  // namespace fairsweep
