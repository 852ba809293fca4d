#include "tests/workers/trainer_session/trainer_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <stdexcept>
#include <string_view>

extern char** environ;

namespace fairsweep::testing_data {
namespace {

constexpr int k_patience_milliseconds = 60'000;

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe");
  }
  return ends;
}

/// Pointers to the texts, with the null that exec wants at the end.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> answer;
  for (auto& text : texts) {
    answer.push_back(text.data());
  }
  answer.push_back(nullptr);
  return answer;
}

std::vector<std::string> environment_with(const TrainerProcess::Environment& more) {
  std::vector<std::string> answer;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!more.contains(text.substr(0, text.find('=')))) {
      answer.push_back(text);
    }
  }
  for (const auto& [name, value] : more) {
    answer.push_back(name + "=" + value);
  }
  return answer;
}

}  // namespace

TrainerProcess::TrainerProcess(const std::vector<std::string>& command, const Environment& more) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto in = make_pipe(), out = make_pipe(), err = make_pipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  auto arguments = command;
  auto environment = environment_with(more);
  const int failed = ::posix_spawn(&process_, command.front().c_str(), &actions, nullptr, pointers(arguments).data(),
                                   pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  for (const int end : {in[0], out[1], err[1]}) {
    ::close(end);
  }
  input_ = in[1];
  output_ = out[0];
  error_ = err[0];
  if (failed != 0) {
    process_ = -1;
    throw std::runtime_error("cannot start " + command.front());
  }
}

TrainerProcess::~TrainerProcess() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  close_input();
  ::close(output_);
  ::close(error_);
}

void TrainerProcess::say(const std::string& line) {
  const auto text = line + "\n";
  for (std::string_view rest = text; !rest.empty();) {
    const auto count = ::write(input_, rest.data(), rest.size());
    if (count <= 0) {
      return;  // it has ended; what it said tells why
    }
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

void TrainerProcess::close_input() {
  if (input_ >= 0) {
    ::close(input_);
    input_ = -1;
  }
}

void TrainerProcess::kill(int signal) const { ::kill(process_, signal); }

std::optional<std::string> TrainerProcess::line() {
  bool log_open = true;
  while (true) {
    if (const auto end = partial_.find('\n'); end != std::string::npos) {
      auto answer = partial_.substr(0, end);
      partial_.erase(0, end + 1);
      return answer;
    }
    std::array<pollfd, 2> watched = {pollfd{output_, POLLIN, 0}, pollfd{log_open ? error_ : -1, POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), k_patience_milliseconds) <= 0) {
      throw std::runtime_error("the trainer says nothing; its log: " + log_);
    }
    std::array<char, 65536> bytes{};
    if (watched[1].revents != 0) {
      const auto count = ::read(error_, bytes.data(), bytes.size());
      log_open = count > 0;
      log_.append(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    if (watched[0].revents != 0) {
      const auto count = ::read(output_, bytes.data(), bytes.size());
      if (count <= 0) {
        return std::nullopt;
      }
      partial_.append(bytes.data(), static_cast<std::size_t>(count));
    }
  }
}

std::optional<FromTrainer> TrainerProcess::answer() {
  const auto text = line();
  return text ? std::optional(parse_from_trainer(*text)) : std::nullopt;
}

int TrainerProcess::wait() {
  while (line()) {}
  std::array<char, 65536> bytes{};
  for (ssize_t count = 1; count > 0;) {
    count = ::read(error_, bytes.data(), bytes.size());
    log_.append(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = -1;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace fairsweep::testing_data
