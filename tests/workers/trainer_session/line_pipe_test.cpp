#include "workers/trainer/line_pipe.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "workers/trainer/progress_limiter.hpp"

namespace fairsweep {
namespace {

class LinePipe : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::pipe(ends_.data()), 0); }
  void TearDown() override {
    ::close(ends_[0]);
    close_writer();
  }
  void write(const std::string& text) {
    ASSERT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void close_writer() {
    if (ends_[1] >= 0) {
      ::close(ends_[1]);
      ends_[1] = -1;
    }
  }
  std::array<int, 2> ends_{-1, -1};
};

TEST_F(LinePipe, LinesComeWholeAndInOrder) {
  LineInput input(ends_[0]);
  write("one\ntwo\n\nthr");
  EXPECT_EQ(input.next(), "one");
  EXPECT_EQ(input.next(), "two");
  EXPECT_EQ(input.next(), "");
  write("ee\n");
  EXPECT_EQ(input.next(), "three");
}

TEST_F(LinePipe, TheEndDropsATornLine) {
  LineInput input(ends_[0]);
  write("whole\ntorn");
  close_writer();
  EXPECT_EQ(input.next(), "whole");
  EXPECT_EQ(input.next(), std::nullopt);
  EXPECT_TRUE(input.closed());
  EXPECT_EQ(input.next(), std::nullopt);
}

TEST_F(LinePipe, LookingDoesNotWaitAndKeepsLines) {
  LineInput input(ends_[0]);
  input.look();
  EXPECT_FALSE(input.closed());
  write("kept\n");
  close_writer();
  input.look();
  EXPECT_TRUE(input.closed());
  EXPECT_EQ(input.next(), "kept");
  EXPECT_EQ(input.next(), std::nullopt);
}

TEST_F(LinePipe, AWakeUpEndsTheWait) {
  std::array<int, 2> wake{};
  ASSERT_EQ(::pipe(wake.data()), 0);
  ASSERT_EQ(::write(wake[1], "x", 1), 1);
  LineInput input(ends_[0]);
  EXPECT_EQ(input.next(wake[0]), std::nullopt);
  EXPECT_FALSE(input.closed());
  ::close(wake[0]);
  ::close(wake[1]);
}

TEST_F(LinePipe, ALineLargerThanThePipeArrivesWhole) {
  const std::string large(1U << 20U, 'x');
  std::thread writer([&] { LineOutput(ends_[1]).send(large); });
  LineInput input(ends_[0]);
  EXPECT_EQ(input.next(), large);
  writer.join();
}

TEST_F(LinePipe, ALineWithoutEndIsRefused) {
  std::signal(SIGPIPE, SIG_IGN);
  std::thread writer([&] { LineOutput(ends_[1]).send(std::string(LineInput::k_longest_line + (1U << 17U), 'x')); });
  LineInput input(ends_[0]);
  EXPECT_THROW((void)input.next(), UserError);
  ::close(std::exchange(ends_[0], -1));  // the writer may still have something to say
  writer.join();
}

TEST_F(LinePipe, WritingToNobodyIsNoticedOnce) {
  std::signal(SIGPIPE, SIG_IGN);
  LineOutput output(ends_[1]);
  ::close(ends_[0]);
  EXPECT_FALSE(output.broken());
  output.send("hello");
  EXPECT_TRUE(output.broken());
  output.send("again");
  EXPECT_TRUE(output.broken());
}

using namespace std::chrono_literals;

TrialProgress progress(std::uint32_t trial, std::uint32_t epoch) { return {TrialId{trial}, epoch, 100, 0.5}; }

TEST(ProgressLimiterTest, OneMessageAnInterval) {
  ProgressLimiter limiter(200ms);
  const ProgressLimiter::Time start{1000s};
  int sent = 0;
  for (std::uint32_t epoch = 1; epoch <= 1000; ++epoch) {
    sent += limiter.offer(progress(0, epoch), start + epoch * 1ms) ? 1 : 0;
  }
  EXPECT_EQ(sent, 5);
}

TEST(ProgressLimiterTest, TrialsTakeTurnsAndSpeakOfTheirNewestEpoch) {
  ProgressLimiter limiter(200ms);
  const ProgressLimiter::Time start{1000s};
  std::vector<std::uint32_t> spoken;
  for (std::uint32_t epoch = 1; epoch <= 4; ++epoch) {
    for (std::uint32_t trial = 0; trial < 3; ++trial) {
      if (const auto now = limiter.offer(progress(trial, epoch), start + epoch * 250ms + trial * 1ms)) {
        spoken.push_back(now->trial.value);
        EXPECT_GE(now->epoch, epoch - 1);
      }
    }
  }
  ASSERT_EQ(spoken.size(), 4U);
  EXPECT_EQ(spoken[0], 0U);
  EXPECT_NE(spoken[1], spoken[0]);
  EXPECT_NE(spoken[2], spoken[1]);
  EXPECT_NE(spoken[2], spoken[0]);
}

TEST(ProgressLimiterTest, EndedTrialsAreNotSpokenOf) {
  ProgressLimiter limiter(200ms);
  const ProgressLimiter::Time start{1000s};
  EXPECT_TRUE(limiter.offer(progress(0, 1), start));
  EXPECT_FALSE(limiter.offer(progress(1, 1), start + 1ms));
  limiter.forget(TrialId{1});
  const auto now = limiter.offer(progress(0, 2), start + 300ms);
  ASSERT_TRUE(now);
  EXPECT_EQ(now->trial, TrialId{0});
}

}  // namespace
}  // namespace fairsweep
