#include "results/store/probe.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::store {
namespace {

[[noreturn]] void run_child(const std::function<void()>& read) {
  // A crash is expected here: no core file, and nothing of the library's last words on the terminal.
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  // A damaged file may also send the library round in circles.
  const rlimit processor_seconds{600, 600};
  setrlimit(RLIMIT_CPU, &processor_seconds);
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0)
    dup2(nowhere, STDERR_FILENO);
  try {
    read();
  } catch (const std::exception&) {
    _exit(0);
  }
  _exit(0);
}

}  // namespace

void probe(const std::filesystem::path& file, const std::function<void()>& read) {
  const pid_t child = fork();
  if (child < 0) {
    throw UserError(ExitCode::environment,
                    "no process can be started to look at " + file.string() + ": " + std::strerror(errno));
  }
  if (child == 0)
    run_child(read);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      throw UserError(ExitCode::environment,
                      std::string("the process looking at ") + file.string() + " was lost: " + std::strerror(errno));
    }
  }
  // The child itself always answers 0; a sanitizer turns a crash into another answer.
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return;
  const std::string end = WIFSIGNALED(status)
                              ? "signal " + std::to_string(WTERMSIG(status)) + " (" + strsignal(WTERMSIG(status)) + ")"
                              : "exit code " + std::to_string(WEXITSTATUS(status));
  throw UserError(ExitCode::file, file.string() + ": is damaged: reading it ended in " + end + "; copy it again");
}

}  // namespace fairsweep::store
