#include "orchestrator/apps/stop_signal.hpp"

#include <atomic>
#include <csignal>
#include <initializer_list>

namespace fairsweep::apps {
namespace {

std::atomic<int> signals{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

void count(int) { signals.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

void listen_for_stop_signals() {
  struct sigaction action{};
  action.sa_handler = count;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int each : {SIGINT, SIGTERM, SIGUSR1}) {
    sigaction(each, &action, nullptr);
  }
}

int stop_signals() { return signals.load(std::memory_order_relaxed); }

void ask_to_stop() { count(0); }

}  // namespace fairsweep::apps
