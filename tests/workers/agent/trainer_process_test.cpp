#include "workers/agent/trainer_process.hpp"

#include <gmock/gmock.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace fairsweep {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

using Clock = std::chrono::steady_clock;

TrainerLaunch shell(const std::string& script) {
  TrainerLaunch launch;
  launch.launcher = {NOOP_TRAINER, "launch-trainer"};
  launch.command = {"/bin/sh", "-c", script};
  return launch;
}

/// Everything it writes until it ends.
std::vector<std::string> lines_of(TrainerProcess& process) {
  std::vector<std::string> lines;
  for (const auto end = Clock::now() + std::chrono::seconds(20); Clock::now() < end;) {
    process.wait(10);
    while (const std::optional<std::string> line = process.next_line()) {
      lines.push_back(*line);
    }
    if (process.ended()) {
      break;
    }
  }
  return lines;
}

bool alive(pid_t process) { return ::kill(process, 0) == 0; }

TEST(TrainerProcess, TalksBothWays) {
  TrainerProcess process(shell("while read line; do echo \"got $line\"; done; echo end >&2"));
  process.send("one");
  process.send("two");
  process.close_input();
  EXPECT_THAT(lines_of(process), testing::ElementsAre("got one", "got two"));
  ASSERT_TRUE(process.ended());
  EXPECT_EQ(process.ended()->exit_code, 0);
  EXPECT_EQ(process.log_tail(), "end\n");
}

TEST(TrainerProcess, ManyLinesPassWithoutAnyoneBlocking) {
  TrainerProcess process(shell("cat"));
  const std::string line(1000, 'x');
  for (int i = 0; i < 2000; ++i) {  // far more than a pipe holds, before anything is read
    process.send(line);
  }
  process.close_input();
  EXPECT_EQ(lines_of(process).size(), 2000U);
}

TEST(TrainerProcess, WritingToADeadTrainerIsNoDisaster) {
  TrainerProcess process(shell("exit 3"));
  (void)lines_of(process);
  process.send("anybody there?");
  EXPECT_EQ(process.ended()->exit_code, 3);
}

TEST(TrainerProcess, InheritsNoDescriptorsAndNoVariablesOfTheLauncher) {
  setenv("OMPI_COMM_WORLD_RANK", "3", 1);
  setenv("PMIX_RANK", "3", 1);
  setenv("PMI_SIZE", "9", 1);
  setenv("FAIRSWEEP_KEPT", "yes", 1);
  const int open_here = dup(1);
  TrainerLaunch launch = shell("ls /proc/self/fd; env");
  launch.threads = 5;
  launch.devices = "2";
  TrainerProcess process(launch);
  const std::vector<std::string> lines = lines_of(process);
  close(open_here);
  ASSERT_GE(lines.size(), 5U);
  EXPECT_EQ(lines[3], "3") << "the folder that ls itself has open";
  EXPECT_THAT(lines[4], HasSubstr("=")) << "no other descriptor";
  EXPECT_THAT(lines, Contains("FAIRSWEEP_KEPT=yes"));
  EXPECT_THAT(lines, Contains("OMP_NUM_THREADS=5"));
  EXPECT_THAT(lines, Contains("OPENBLAS_NUM_THREADS=5"));
  EXPECT_THAT(lines, Contains("CUDA_VISIBLE_DEVICES=2"));
  EXPECT_THAT(lines, Not(Contains(testing::StartsWith("OMPI_"))));
  EXPECT_THAT(lines, Not(Contains(testing::StartsWith("PMI"))));
  unsetenv("OMPI_COMM_WORLD_RANK");
  unsetenv("PMIX_RANK");
  unsetenv("PMI_SIZE");
}

TEST(TrainerProcess, RunsOnTheCoresItIsGiven) {
  cpu_set_t usable;
  ASSERT_EQ(sched_getaffinity(0, sizeof usable, &usable), 0);
  int last = CPU_SETSIZE - 1;
  while (!CPU_ISSET(static_cast<std::size_t>(last), &usable)) {
    --last;
  }
  TrainerLaunch launch = shell("grep Cpus_allowed_list /proc/self/status");
  launch.cores = {last};
  TrainerProcess process(launch);
  EXPECT_THAT(lines_of(process), testing::ElementsAre("Cpus_allowed_list:\t" + std::to_string(last)));
}

TEST(TrainerProcess, StartsWhereItsCoresAreNotThereAndSaysSo) {
  TrainerLaunch launch = shell("echo here");
  launch.cores = {CPU_SETSIZE - 1};
  TrainerProcess process(launch);
  EXPECT_THAT(lines_of(process), testing::ElementsAre("here"));
  EXPECT_THAT(process.log_tail(), HasSubstr("cannot be bound to its cores"));
}

TEST(TrainerProcess, ItsTailIsTheEndOfALongLog) {
  TrainerProcess process(shell("i=0; while [ $i -lt 2000 ]; do echo \"line $i of the log\" >&2; i=$((i+1)); done"));
  (void)lines_of(process);
  // Its output may close a moment before the last of its log is written.
  std::string tail = process.log_tail();
  for (const auto end = Clock::now() + std::chrono::seconds(20);
       Clock::now() < end && !tail.ends_with("line 1999 of the log\n"); tail = process.log_tail()) {
    process.wait(10);
  }
  EXPECT_LE(tail.size(), 4096U);
  EXPECT_TRUE(tail.starts_with("line ")) << "begins with a whole line";
  EXPECT_TRUE(tail.ends_with("line 1999 of the log\n"));
}

TEST(TrainerProcess, ItsTailBeginsWithAWholeLineHoweverTheLogIsCut) {
  for (int length = 8190; length < 8215; ++length) {  // around twice the tail, in one write
    TrainerProcess process(shell("printf '%0" + std::to_string(length - 13) + "d\\nend of it all\\nlast\\n' 7 >&2"));
    (void)lines_of(process);
    for (const auto end = Clock::now() + std::chrono::seconds(20);
         Clock::now() < end && !process.log_tail().ends_with("last\n");) {
      process.wait(10);
    }
    EXPECT_EQ(process.log_tail(), "end of it all\nlast\n") << length;
  }
}

TEST(TrainerProcess, DiesWithItsObjectAndSoDoItsChildren) {
  pid_t process_id = 0;
  pid_t child = 0;
  {
    TrainerProcess process(shell("sleep 600 & echo $!; wait"));
    process_id = process.process();
    std::optional<std::string> line;
    for (const auto end = Clock::now() + std::chrono::seconds(20); Clock::now() < end && !line;) {
      process.wait(10);
      line = process.next_line();
    }
    ASSERT_TRUE(line);
    child = static_cast<pid_t>(std::stol(*line));
    EXPECT_TRUE(alive(child));
  }
  EXPECT_FALSE(alive(process_id));
  // The orphan is reaped by whoever adopted it; a zombie still has a process id.
  for (const auto end = Clock::now() + std::chrono::seconds(5); Clock::now() < end && alive(child);) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (alive(child)) {
    std::string state;
    std::getline(std::ifstream("/proc/" + std::to_string(child) + "/stat"), state);
    EXPECT_THAT(state, HasSubstr(") Z")) << "the child of the trainer lives on";
  }
}

TEST(TrainerProcess, DiesWithTheThreadThatStartedIt) {
  std::unique_ptr<TrainerProcess> process;  // outlives its thread, as nothing does after a SIGKILL of the agent
  std::thread([&] {
    process = std::make_unique<TrainerProcess>(shell("echo up; sleep 600"));
    std::optional<std::string> line;
    for (const auto end = Clock::now() + std::chrono::seconds(20); Clock::now() < end && !line;) {
      process->wait(10);
      line = process->next_line();
    }
    EXPECT_TRUE(line);
  }).join();
  for (const auto end = Clock::now() + std::chrono::seconds(10); Clock::now() < end && !process->ended();) {
    process->wait(10);
  }
  ASSERT_TRUE(process->ended());
  EXPECT_EQ(process->ended()->signal, SIGKILL);
}

}  // namespace
}  // namespace fairsweep
