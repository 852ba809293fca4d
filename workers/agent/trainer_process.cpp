#include "workers/agent/trainer_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "core/diagnostics/disk_advice.hpp"
#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

constexpr std::size_t k_tail = 4096;

/// The last k_tail bytes of a log, begun with a whole line; a single longer line is cut where it must be.
std::string tail_of(const std::string& log) {
  if (log.size() <= k_tail) {
    return log;
  }
  const std::string last = log.substr(log.size() - k_tail);
  const std::size_t newline = last.find('\n');
  // The newline that ends the log begins no line.
  return newline + 1 < last.size() ? last.substr(newline + 1) : last;
}

/// A pipe whose ends close themselves unless they are taken.
struct Pipe {
  std::array<int, 2> ends{-1, -1};

  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw UserError(ExitCode::environment, std::string("cannot make a pipe to the trainer: ") + std::strerror(errno));
    }
  }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) {
        close(end);
      }
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  /// The end is the caller's from now on, and does not block.
  [[nodiscard]] int take(std::size_t end) {
    const int taken = std::exchange(ends.at(end), -1);
    fcntl(taken, F_SETFL, fcntl(taken, F_GETFL) | O_NONBLOCK);
    return taken;
  }
};

/// A write to a trainer that has died must be an error code, not the end of this process.
void ignore_broken_pipes() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction now{};
    if (sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) {
      std::signal(SIGPIPE, SIG_IGN);
    }
  });
}

/// Reads what is there, at most 4 MiB at a time; closes the descriptor at its end.
template <typename Take>
void read_all(int& descriptor, const Take& take) {
  std::array<char, 65536> buffer;
  for (int turn = 0; turn < 64 && descriptor >= 0; ++turn) {
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count > 0) {
      take(buffer.data(), static_cast<std::size_t>(count));
      if (static_cast<std::size_t>(count) < buffer.size()) {
        return;
      }
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
      close(std::exchange(descriptor, -1));
    } else if (errno == EAGAIN) {
      return;
    }
  }
}

/// posix_spawn with the three ends as the child's stdin, stdout and stderr, a process group of its own (so that a
/// Ctrl-C reaches the coordinator and not the trainer), and default signals. @returns the error number, or 0.
int spawn(pid_t& process, const std::vector<std::string>& command, int input, int output, int errors) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_adddup2(&actions, errors, 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t ours;
  sigemptyset(&none);
  sigemptyset(&ours);
  for (const int each : {SIGPIPE, SIGINT, SIGTERM, SIGUSR1, SIGHUP}) {
    sigaddset(&ours, each);
  }
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &ours);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  const int result = posix_spawnp(&process, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return result;
}

}  // namespace

TrainerProcess::TrainerProcess(const TrainerLaunch& launch) {
  ignore_broken_pipes();
  if (!launch.log_file.empty()) {
    log_file_ = launch.log_file;
    log_.open(launch.log_file, std::ios::app | std::ios::binary);
    if (!log_) {
      throw UserError(ExitCode::environment,
                      launch.log_file + ": cannot be written: " + std::strerror(errno) + "; " + disk_advice(errno));
    }
  }
  Pipe input;
  Pipe output;
  Pipe errors;
  const std::vector<std::string> command = launcher_arguments(launch, getpid());
  if (const int error = spawn(process_, command, input.ends[0], output.ends[1], errors.ends[1])) {
    throw UserError(ExitCode::environment, "cannot start \"" + command[0] + "\": " + std::strerror(error));
  }
  input_ = input.take(1);
  output_ = output.take(0);
  errors_ = errors.take(0);
}

TrainerProcess::~TrainerProcess() {
  if (!ended_ && process_ > 0) {
    kill();
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {}
  }
  for (const int descriptor : {input_, output_, errors_}) {
    if (descriptor >= 0) {
      close(descriptor);
    }
  }
}

void TrainerProcess::send(const std::string& line) {
  unwritten_.append(line).push_back('\n');
  write_input();
}

void TrainerProcess::close_input() {
  close_input_when_written_ = true;
  write_input();
}

void TrainerProcess::kill() {
  if (!ended_ && process_ > 0) {
    ::kill(-process_, SIGKILL);  // its own children too
    ::kill(process_, SIGKILL);   // the group may not exist yet
  }
}

void TrainerProcess::wait(int milliseconds) {
  std::array<pollfd, 3> ready{};
  ready[0] = {output_, POLLIN, 0};
  ready[1] = {errors_, POLLIN, 0};
  ready[2] = {written_ < unwritten_.size() ? input_ : -1, POLLOUT, 0};
  poll(ready.data(), ready.size(), milliseconds);
  write_input();
  read_output();
  read_errors();
  reap();
}

std::optional<std::string> TrainerProcess::next_line() {
  if (lines_.empty()) {
    return std::nullopt;
  }
  std::string line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

std::string TrainerProcess::log_tail() const { return tail_of(tail_); }

void TrainerProcess::write_input() {
  while (input_ >= 0 && written_ < unwritten_.size()) {
    const ssize_t count = write(input_, unwritten_.data() + written_, unwritten_.size() - written_);
    if (count >= 0) {
      written_ += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {  // its reader is gone; reap() will say how
      close(std::exchange(input_, -1));
    }
  }
  unwritten_.clear();
  written_ = 0;
  if (close_input_when_written_ && input_ >= 0) {
    close(std::exchange(input_, -1));
  }
}

void TrainerProcess::read_output() {
  read_all(output_, [this](const char* bytes, std::size_t count) {
    const char* const end = bytes + count;
    while (bytes != end) {
      const char* const newline = std::find(bytes, end, '\n');
      if (partial_.size() <= k_longest_line) {
        partial_.append(bytes, newline);
      }
      if (newline == end) {
        return;
      }
      bytes = newline + 1;
      if (!line_too_long()) {
        lines_.push_back(std::exchange(partial_, {}));
      }
    }
  });
}

void TrainerProcess::read_errors() {
  read_all(errors_, [this](const char* bytes, std::size_t count) {
    if (log_.is_open()) {
      log_.write(bytes, static_cast<std::streamsize>(count));
      log_.flush();
      lose_log_if_broken();
    }
    tail_.append(bytes, count);
    if (tail_.size() > 2 * k_tail) {  // cut now and then, not at every byte
      tail_ = tail_of(tail_);
    }
  });
}

/// A log that cannot be written costs words, not results: said once, and tried again with the next ones.
void TrainerProcess::lose_log_if_broken() {
  if (log_) {
    return;
  }
  if (!std::exchange(log_lost_, true)) {
    spdlog::warn("{}: cannot be written ({}); what the trainer says on stderr is lost until it can be again", log_file_,
                 std::strerror(errno));
  }
  log_.clear();
}

void TrainerProcess::reap() {
  if (ended_) {
    return;
  }
  int status = 0;
  if (waitpid(process_, &status, WNOHANG) != process_) {
    return;
  }
  // Read what is left in the pipes. A grandchild may keep them open for ever, so their end is not waited for.
  read_output();
  read_errors();
  TrainerExit exit;
  if (WIFSIGNALED(status)) {
    exit.signal = WTERMSIG(status);
  } else {
    exit.exit_code = WEXITSTATUS(status);
  }
  ended_ = exit;
}

}  // namespace fairsweep
