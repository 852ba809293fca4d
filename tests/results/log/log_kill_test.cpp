#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <thread>

#include "tests/results/log/log_fixture.hpp"

namespace fairsweep {
namespace {

using ::testing::HasSubstr;

class LogKill : public testing::LogTest {
 protected:
  /// Appends events for ever and says in the pipe which are durable.
  [[noreturn]] void write_until_killed(int acknowledge) const {
    EventLog::Recovery recovery;
    EventLog log(file_, recovery);
    std::uint64_t said = 0;
    for (std::uint64_t number = recovery.events.size() + 1;; ++number) {
      log.append(event(number));
      const std::uint64_t durable = log.durable();
      if (durable != said && write(acknowledge, &durable, sizeof durable) == sizeof durable) {
        said = durable;
      }
      if (number % 50 == 0) {
        std::this_thread::sleep_for(std::chrono::microseconds(200));
      }
    }
  }

  /// 0 where the log says once and for all why it cannot be written.
  [[nodiscard]] int answer_of_a_full_disk() const {
    EventLog::Recovery recovery;
    EventLog log(file_, recovery);
    const auto fill = [&log] {
      for (std::uint64_t number = 1; number < 1000000; ++number) {
        log.append(event(number));
        if (number % 1000 == 0) {
          log.sync();
        }
      }
    };
    const auto [code, message] = error_of(fill);
    const bool says_why =
        message.find("cannot be written (File too large)") != std::string::npos && message.find(file_.string()) == 0;
    const bool later_too = error_of([&log] { log.append(event(1)); }).second == message;
    return code == ExitCode::environment && says_why && later_too ? 0 : 1;
  }
};

TEST_F(LogKill, KeepsEverythingAcknowledged) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::size_t cuts = 0;
  for (int round = 0; round < 25; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(ends[0]);
      write_until_killed(ends[1]);
    }
    close(ends[1]);
    std::this_thread::sleep_for(std::chrono::microseconds(2000 + random() % 40000));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    std::uint64_t acknowledged = 0;
    std::uint64_t number = 0;
    while (read(ends[0], &number, sizeof number) == sizeof number) {
      acknowledged = number;
    }
    close(ends[0]);
    const EventLog::Recovery recovery = open();
    ASSERT_GE(recovery.events.size(), acknowledged) << "round " << round;
    ASSERT_EQ(recovery.events, events(recovery.events.size())) << "round " << round;
    cuts += recovery.cut_bytes > 0 ? 1 : 0;
    if (recovery.events.size() > 20000) {
      std::filesystem::remove(file_);
    }
  }
  RecordProperty("torn_tails", static_cast<int>(cuts));
}

TEST_F(LogKill, AFullDiskEndsTheRunWithAReason) {
  // The limit is the child's, so the rest of the tests may write. It answers with its exit status.
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{20000, 20000};
    setrlimit(RLIMIT_FSIZE, &limit);
    _exit(answer_of_a_full_disk());
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  const EventLog::Recovery recovery = open();  // with room again the run goes on
  EXPECT_GT(recovery.events.size(), 100U);
  EXPECT_EQ(recovery.events, events(recovery.events.size()));
}

TEST_F(LogKill, AFullDeviceIsSeenAtOnce) {
  const auto [code, message] = error_of([] {
    EventLog::Recovery recovery;
    const EventLog log("/dev/full", recovery);
  });
  EXPECT_EQ(code, ExitCode::environment);
  EXPECT_THAT(message, HasSubstr("/dev/full: cannot be written (No space left on device); make room"));
}

}  // namespace
}  // namespace fairsweep
