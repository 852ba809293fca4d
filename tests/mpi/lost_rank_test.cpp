// One rank of three is killed; the other two go on talking to each other, and one of them to the dead. Started under
// mpirun --enable-recovery, or --with-ft ulfm. Rank 0 prints the verdict, which is what the test looks for.
//   --told  MPI has to tell rank 0 of the death; without it, it has to keep silent
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>  // for memcpy
#include <iostream>
#include <string>
#include <vector>

#include "core/transport/mpi_channel.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using fairsweep::Envelope;
using fairsweep::MpiChannel;

constexpr std::uint32_t k_rounds = 2000;
constexpr double k_dead_after_seconds = 0.5;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

std::vector<std::uint8_t> message(std::uint32_t number, std::size_t size) {
  std::vector<std::uint8_t> bytes(std::max(size, sizeof number));
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

[[noreturn]] void give_verdict(MpiChannel& channel, const std::string& verdict, int exit_code) {
  std::cout << "rank " << channel.rank() << ": " << verdict << std::endl;
  channel.finish(true, exit_code);
  _exit(exit_code);
}

Envelope receive(MpiChannel& channel) {
  const Clock::time_point begin = Clock::now();
  while (seconds_since(begin) < 30) {
    if (std::optional<Envelope> envelope = channel.try_receive()) {
      return std::move(*envelope);
    }
    channel.wait(20);
  }
  give_verdict(channel, "FAILED: no message in 30 s", 1);
}

void expect_number(MpiChannel& channel, const Envelope& envelope, int source, std::uint32_t number) {
  std::uint32_t got = 0;
  std::memcpy(&got, envelope.bytes.data(), sizeof got);
  if (envelope.source != source || got != number) {
    give_verdict(channel, "FAILED: expected message " + std::to_string(number) + ", got " + std::to_string(got), 1);
  }
}

/// Waits for the news of a death where it has to come.
bool hears_of_death(MpiChannel& channel, int rank, bool told) {
  const Clock::time_point begin = Clock::now();
  while (told && !channel.is_dead(rank) && seconds_since(begin) < 30) {
    channel.wait(10);
  }
  return channel.is_dead(rank);
}

void coordinate(MpiChannel& channel, bool told) {
  for (int i = 0; i < 2; ++i) {
    static_cast<void>(receive(channel));
  }
  channel.send(2, message(0, 100));  // it dies of this one
  const std::vector<std::size_t> sizes = {16, 64, 1000, 5000, 65536};
  double longest_send = 0;
  const Clock::time_point begin = Clock::now();
  for (std::uint32_t round = 0; round < k_rounds || seconds_since(begin) < 4 * k_dead_after_seconds; ++round) {
    const Clock::time_point before = Clock::now();
    channel.send(2, message(round, sizes[round % sizes.size()]));
    longest_send = std::max(longest_send, seconds_since(before));
    channel.send(1, message(round, sizes[round % sizes.size()]));
    expect_number(channel, receive(channel), 1, round);
  }
  channel.send(1, message(UINT32_MAX, 0));
  expect_number(channel, receive(channel), 1, UINT32_MAX);
  const Clock::time_point draining = Clock::now();
  while (channel.progress() > 0 && seconds_since(draining) < 10) {
    channel.wait(10);
  }
  const std::size_t left = channel.progress();
  const bool heard = hears_of_death(channel, 2, told);
  const std::string facts = "longest send " + std::to_string(longest_send) + " s, " +
                            std::to_string(channel.dropped()) + " dropped, " + std::to_string(left) + " left, " +
                            (heard ? "told of the death" : "told nothing");
  const bool good = longest_send < 3 && channel.dropped() > 0 && left == 0 && heard == told && !channel.is_dead(1);
  give_verdict(channel, (good ? "SURVIVED: " : "FAILED: ") + facts, good ? 0 : 1);
}

void echo(MpiChannel& channel) {
  channel.send(0, message(1, 0));
  for (;;) {
    const Envelope envelope = receive(channel);
    channel.send(0, envelope.bytes);
    std::uint32_t number = 0;
    std::memcpy(&number, envelope.bytes.data(), sizeof number);
    if (number == UINT32_MAX) {
      give_verdict(channel, "went on to the end", 0);
    }
  }
}

void die(MpiChannel& channel) {
  channel.send(0, message(1, 0));
  static_cast<void>(receive(channel));
  kill(getpid(), SIGKILL);
}

}  // namespace

int main(int argc, char** argv) {
  const auto channel = fairsweep::make_mpi_channel(argc, argv, {k_dead_after_seconds, 64});
  if (channel->size() != 3) {
    std::cerr << "needs 3 ranks" << std::endl;
    return 1;
  }
  switch (channel->rank()) {
    case 0:
      coordinate(*channel, argc > 1 && std::string(argv[1]) == "--told");
      break;
    case 1:
      echo(*channel);
      break;
    default:
      die(*channel);
  }
}
