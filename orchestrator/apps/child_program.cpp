#include "orchestrator/apps/child_program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/host.hpp"

namespace fairsweep::apps {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds k_pause{50};
constexpr std::array k_default_signals = {SIGINT, SIGTERM, SIGUSR1, SIGPIPE};  // as programs expect them

int shell_code(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) {
    pointers.push_back(const_cast<char*>(word.c_str()));  // execvp does not write
  }
  pointers.push_back(nullptr);
  return pointers;
}

/// Tells through a pipe that closes at exec why exec failed. Returns that errno, or 0.
int failure_of_exec(int pipe) {
  int failure = 0;
  while (read(pipe, &failure, sizeof failure) < 0 && errno == EINTR) {}
  close(pipe);
  return failure;
}

[[noreturn]] void refuse_to_start(const std::string& program, int reason) {
  throw UserError(ExitCode::environment, program + " cannot be started: " + std::strerror(reason) +
                                             "; is it installed, and its module loaded?");
}

/// fork and exec, in a group of its own.
pid_t start(const std::vector<std::string>& words) {
  check(!words.empty(), "a program without a name");
  std::array<int, 2> failure{};
  if (pipe2(failure.data(), O_CLOEXEC) != 0) {
    throw UserError(ExitCode::environment, std::string("no pipe can be made: ") + std::strerror(errno));
  }
  std::vector<char*> pointers = pointers_to(words);
  const pid_t parent = getpid();
  const pid_t process = fork();
  if (process == 0) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    for (const int each : k_default_signals) {
      std::signal(each, SIG_DFL);
    }
    if (getppid() == parent) {
      execvp(pointers[0], pointers.data());
    }
    const int reason = errno;
    [[maybe_unused]] const ssize_t written = write(failure[1], &reason, sizeof reason);
    _exit(127);
  }
  const int fork_failure = errno;
  close(failure[1]);
  const int reason = process < 0 ? fork_failure : failure_of_exec(failure[0]);
  if (process < 0) {
    close(failure[0]);
  }
  if (reason != 0) {
    if (process > 0) {
      waitpid(process, nullptr, 0);
    }
    refuse_to_start(words[0], reason);
  }
  return process;
}

/// posix_spawn, which may be called where MPI is in use. Returns errno, or 0.
int spawn(pid_t& process, const std::vector<std::string>& words, int output, Errors errors) {
  check(!words.empty(), "a program without a name");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  if (errors == Errors::hidden) {
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  for (const int each : k_default_signals) {
    sigaddset(&signals, each);
  }
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> pointers = pointers_to(words);
  const int reason = posix_spawnp(&process, pointers[0], &actions, &attributes, pointers.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return reason;
}

/// Processes whose parent is this one.
std::vector<pid_t> children() {
  constexpr std::size_t k_parent = 1;
  const std::string self = std::to_string(getpid());
  std::vector<pid_t> found;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), last; !error && entry != last;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c) != 0; })) {
      continue;
    }
    const std::vector<std::string> fields = process_fields(std::stoi(name));
    if (fields.size() > k_parent && fields[k_parent] == self) {
      found.push_back(std::stoi(name));
    }
  }
  return found;
}

}  // namespace

ChildProgram::ChildProgram(const std::vector<std::string>& words) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);  // ranks leave mpirun's group, and must not outlive it
  process_ = start(words);
}

ChildProgram::~ChildProgram() {
  if (!exit_code()) {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  kill_descendants();
}

std::optional<int> ChildProgram::exit_code() {
  int status = 0;
  if (!code_ && waitpid(process_, &status, WNOHANG) == process_) {
    code_ = shell_code(status);
  }
  return code_;
}

void ChildProgram::signal(int number) const {
  if (!code_) {
    kill(process_, number);
  }
}

void ChildProgram::end(double patience_seconds) {
  signal(SIGTERM);
  const Clock::time_point last =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(patience_seconds));
  while (!exit_code() && Clock::now() < last) {
    std::this_thread::sleep_for(k_pause);
  }
  if (!exit_code()) {
    signal(SIGKILL);
    while (!exit_code()) {
      std::this_thread::sleep_for(k_pause);
    }
  }
  kill_descendants();
}

void ChildProgram::kill_descendants() {
  // Killing a process makes its children ours, so this goes on until there is none; a zombie is reaped here.
  for (std::vector<pid_t> left = children(); !left.empty(); left = children()) {
    for (const pid_t each : left) {
      kill(each, SIGKILL);
      waitpid(each, nullptr, 0);
    }
  }
}

ProgramOutput output_of(const std::vector<std::string>& words, Errors errors) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw UserError(ExitCode::environment, std::string("no pipe can be made: ") + std::strerror(errno));
  }
  pid_t process = -1;
  const int reason = spawn(process, words, ends[1], errors);
  close(ends[1]);
  if (reason != 0) {
    close(ends[0]);
    refuse_to_start(words[0], reason);
  }
  ProgramOutput output;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t count = read(ends[0], buffer.data(), buffer.size());
    if (count > 0) {
      output.text.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      break;
    }
  }
  close(ends[0]);
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {}
  output.exit_code = shell_code(status);
  return output;
}

std::optional<std::string> answer_of(const std::vector<std::string>& words, Errors errors) {
  try {
    ProgramOutput output = output_of(words, errors);
    if (output.exit_code == 0) {
      return std::move(output.text);
    }
  } catch (const UserError&) {
    return std::nullopt;
  }
  return std::nullopt;
}

bool in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((std::filesystem::path(folder) / program).c_str(), X_OK) == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace fairsweep::apps
