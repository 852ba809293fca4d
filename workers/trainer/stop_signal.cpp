#include "workers/trainer/stop_signal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace fairsweep {
namespace {

// A signal handler can reach nothing but such variables.
std::atomic<bool> requested{false};
std::array<int, 2> wake_pipe = {-1, -1};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void take_note(int /*signal*/) {
  const int kept = errno;
  requested.store(true);
  const char byte = 1;
  // The pipe never fills: it is not blocking, and one byte in it is enough.
  [[maybe_unused]] const auto written = ::write(wake_pipe[1], &byte, 1);
  errno = kept;
}

}  // namespace

void listen_for_stop() {
  if (::pipe2(wake_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe2");
  }
  struct sigaction action{};
  action.sa_handler = take_note;
  sigset_t ours;
  sigemptyset(&ours);
  for (const int signal : {SIGTERM, SIGINT}) {
    ::sigaction(signal, &action, nullptr);
    sigaddset(&ours, signal);
  }
  ::pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() noexcept { return requested.load(); }

int stop_descriptor() noexcept { return wake_pipe[0]; }

}  // namespace fairsweep
