#include "orchestrator/apps/farewell.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace fairsweep::apps {
namespace {

constexpr int k_wait_milliseconds = 50;
constexpr std::uint8_t k_all_are_here = 0;
constexpr std::uint8_t k_one_was_lost = 1;

}  // namespace

void say_farewell(Channel& channel, bool workers_lost) {
  const std::vector<std::uint8_t> word = {workers_lost ? k_one_was_lost : k_all_are_here};
  for (int rank = 1; rank < channel.size(); ++rank) {
    channel.send(rank, word);
  }
  channel.progress();
}

bool await_farewell(Channel& channel, double seconds) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  while (std::chrono::duration<double>(Clock::now() - begin).count() < seconds) {
    channel.progress();
    const std::optional<Envelope> envelope = channel.try_receive();
    if (!envelope) {
      channel.wait(k_wait_milliseconds);
    } else if (envelope->source == 0 && envelope->bytes.size() == 1) {  // no reply is that short
      return envelope->bytes[0] != k_all_are_here;
    }
  }
  return true;
}

}  // namespace fairsweep::apps
