#include "orchestrator/apps/child_program.hpp"

#include <fcntl.h>
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
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::apps {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds k_pause{50};

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

/// fork and exec. @param output  becomes stdout where it is not negative
pid_t start(const std::vector<std::string>& words, int output, bool own_group) {
  check(!words.empty(), "a program without a name");
  std::array<int, 2> failure{};
  if (pipe2(failure.data(), O_CLOEXEC) != 0) {
    throw UserError(ExitCode::environment, std::string("no pipe can be made: ") + std::strerror(errno));
  }
  std::vector<char*> pointers = pointers_to(words);
  const pid_t parent = getpid();
  const pid_t process = fork();
  if (process == 0) {
    if (own_group) {
      setpgid(0, 0);
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      const int nothing = open("/dev/null", O_RDONLY);
      dup2(nothing, STDIN_FILENO);
    }
    if (output >= 0) {
      dup2(output, STDOUT_FILENO);
    }
    for (const int each : {SIGINT, SIGTERM, SIGUSR1, SIGPIPE}) {
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
    throw UserError(ExitCode::environment, words[0] + " cannot be started: " + std::strerror(reason) +
                                               "; is it installed, and its module loaded?");
  }
  return process;
}

/// Processes whose parent is this one.
std::vector<pid_t> children() {
  std::vector<pid_t> found;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), last; !error && entry != last;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c) != 0; })) {
      continue;
    }
    std::ifstream file(entry->path() / "stat");
    std::string line;
    std::getline(file, line);
    const std::size_t name_end = line.rfind(')');  // a program's name may hold anything
    if (name_end == std::string::npos) {
      continue;
    }
    std::istringstream fields(line.substr(name_end + 1));
    char state = 0;
    pid_t parent = 0;
    fields >> state >> parent;
    if (parent == getpid()) {
      found.push_back(std::stoi(name));
    }
  }
  return found;
}

}  // namespace

ChildProgram::ChildProgram(const std::vector<std::string>& words) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);  // ranks leave mpirun's group, and must not outlive it
  process_ = start(words, -1, true);
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

ProgramOutput output_of(const std::vector<std::string>& words) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw UserError(ExitCode::environment, std::string("no pipe can be made: ") + std::strerror(errno));
  }
  pid_t process = -1;
  try {
    process = start(words, ends[1], false);
  } catch (...) {
    close(ends[0]);
    close(ends[1]);
    throw;
  }
  close(ends[1]);
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
