#include "workers/data/probe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "workers/data/data_file_format.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail_to_start(const ProbeSettings& settings, int reason) {
  throw UserError(ExitCode::environment, "cannot start " + settings.program.string() +
                                             ", which opens data files first: " + std::strerror(reason) +
                                             "; it belongs beside the program that needs it");
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void close() {
    if (value_ >= 0) {
      ::close(value_);
      value_ = -1;
    }
  }
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

// A child that took over an MPI rank's variables would try to join its job.
std::vector<char*> child_environment() {
  std::vector<char*> kept;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (!text.starts_with("OMPI_") && !text.starts_with("PMIX_") && !text.starts_with("PMI_")) {
      kept.push_back(*entry);
    }
  }
  kept.push_back(nullptr);
  return kept;
}

// Standard output goes to the pipe; every other descriptor stays here.
pid_t start(const ProbeSettings& settings, const std::string& file, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  std::string program = settings.program.string();
  std::string kind = settings.kind == ProbeKind::data ? "data" : "embeddings";
  std::string target = file;
  const std::array<char*, 4> arguments{program.data(), kind.data(), target.data(), nullptr};
  std::vector<char*> environment = child_environment();
  pid_t child = -1;
  const int problem = posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) {
    fail_to_start(settings, problem);
  }
  return child;
}

struct Ending {
  std::string output;
  int status = 0;
  bool timed_out = false;
};

Ending wait_for(pid_t child, int input, double seconds) {
  Ending ending;
  const auto deadline = Clock::now() + std::chrono::duration<double>(seconds);
  constexpr std::size_t k_longest_message = 64 * 1024;
  for (bool open = true; open && !ending.timed_out;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{input, POLLIN, 0};
    const int ready = left > 0 ? poll(&waiting, 1, static_cast<int>(left < 1000 ? left : 1000)) : 0;
    if (ready > 0) {
      std::array<char, 4096> block{};
      const ssize_t got = read(input, block.data(), block.size());
      open = got > 0 || (got < 0 && errno == EINTR);
      if (got > 0 && ending.output.size() < k_longest_message) {
        ending.output.append(block.data(), static_cast<std::size_t>(got));
      }
    }
    ending.timed_out = Clock::now() >= deadline;
  }
  // A closed pipe does not mean that the child has ended.
  while (!ending.timed_out && waitpid(child, &ending.status, WNOHANG) != child) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ending.timed_out = Clock::now() >= deadline;
  }
  if (ending.timed_out) {
    kill(child, SIGKILL);
    while (waitpid(child, &ending.status, 0) < 0 && errno == EINTR) {}
  }
  return ending;
}

}  // namespace

ProbeSettings default_probe_settings(const std::filesystem::path& file) {
  ProbeSettings settings;
  std::error_code problem;
  settings.program = std::filesystem::read_symlink("/proc/self/exe", problem).parent_path() / "fairsweep-probe";
  constexpr double k_bytes_per_second = 10e6;  // a slow network file system
  const auto bytes = std::filesystem::file_size(file, problem);
  if (!problem) {
    settings.seconds += static_cast<double>(bytes) / k_bytes_per_second;
  }
  return settings;
}

void probe_data_file(const std::filesystem::path& file, const ProbeSettings& settings) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    fail_to_start(settings, errno);
  }
  Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const pid_t child = start(settings, file.string(), writing.get());
  writing.close();
  const Ending ending = wait_for(child, reading.get(), settings.seconds);
  if (ending.timed_out) {
    throw UserError(ExitCode::file, file.string() +
                                        ": is damaged, or its disk is too slow: reading it took more than " +
                                        std::to_string(static_cast<int>(settings.seconds)) + " s");
  }
  if (WIFSIGNALED(ending.status)) {
    throw UserError(ExitCode::file, file.string() + ": is damaged: reading it crashed (signal " +
                                        std::to_string(WTERMSIG(ending.status)) + "); get or make the file again");
  }
  const int code = WEXITSTATUS(ending.status);
  if (code == static_cast<int>(ExitCode::done)) {
    return;
  }
  if (code == static_cast<int>(ExitCode::file) || code == static_cast<int>(ExitCode::environment)) {
    throw UserError(static_cast<ExitCode>(code), ending.output);
  }
  throw UserError(ExitCode::file, file.string() + ": is damaged: reading it ended with exit code " +
                                      std::to_string(code) + (ending.output.empty() ? "" : ": " + ending.output));
}

PreferenceData read_data_file(const std::filesystem::path& file) {
  probe_data_file(file, default_probe_settings(file));
  return data_file::read_here(file);
}

}  // namespace fairsweep
