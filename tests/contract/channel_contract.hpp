#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstring>  // for memcpy
#include <deque>
#include <string>
#include <vector>

#include "core/transport/channel.hpp"

namespace fairsweep::testing {

/// One rank's side of a contract test. Ranks go through the tests in the same order without barriers, so a message says
/// which test it belongs to: one of a later test is kept, one of an earlier test (whose receiver failed) is dropped.
/// No receive waits for ever, so a failing rank makes the others fail and never hang.
class ContractRank {
 public:
  explicit ContractRank(Channel& channel) : channel_(channel) {}

  [[nodiscard]] Channel& channel() { return channel_; }
  [[nodiscard]] int rank() const { return channel_.rank(); }
  [[nodiscard]] int size() const { return channel_.size(); }
  void begin_test(std::uint32_t number) { test_ = number; }

  void send(int destination, std::vector<std::uint8_t> bytes) {
    bytes.insert(bytes.begin(), k_head, 0);
    std::memcpy(bytes.data(), &test_, k_head);
    channel_.send(destination, bytes);
  }
  void send_number(int destination, std::uint64_t number) {
    std::vector<std::uint8_t> bytes(sizeof number);
    std::memcpy(bytes.data(), &number, sizeof number);
    send(destination, std::move(bytes));
  }

  /// The next message of this test; a test failure and an envelope from rank -1 where none comes.
  Envelope receive(double seconds = 60) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    for (auto kept = early_.begin(); kept != early_.end(); ++kept) {
      if (test_of(*kept) == test_) {
        Envelope envelope = std::move(*kept);
        early_.erase(kept);
        return without_head(std::move(envelope));
      }
    }
    while (std::chrono::steady_clock::now() < deadline) {
      std::optional<Envelope> envelope = channel_.try_receive();
      if (!envelope) {
        channel_.progress();
        channel_.wait(20);
      } else if (test_of(*envelope) == test_) {
        return without_head(std::move(*envelope));
      } else if (test_of(*envelope) > test_) {
        early_.push_back(std::move(*envelope));
      }
    }
    ADD_FAILURE() << "rank " << rank() << " waited " << seconds << " s for a message";
    return {-1, {}};
  }
  static std::uint64_t number(const Envelope& envelope) {
    std::uint64_t number = 0;
    if (envelope.bytes.size() == sizeof number) {
      std::memcpy(&number, envelope.bytes.data(), sizeof number);
    } else {
      ADD_FAILURE() << "a number came as " << envelope.bytes.size() << " bytes";
    }
    return number;
  }

  /// Moves outgoing messages along until all have left.
  void drain(double seconds = 60) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (channel_.progress() > 0) {
      if (std::chrono::steady_clock::now() > deadline) {
        ADD_FAILURE() << "rank " << rank() << ": messages do not leave";
        return;
      }
      channel_.wait(1);
    }
  }

 private:
  static constexpr std::size_t k_head = sizeof(std::uint32_t);

  static std::uint32_t test_of(const Envelope& envelope) {
    std::uint32_t number = 0;
    std::memcpy(&number, envelope.bytes.data(), k_head);
    return number;
  }
  static Envelope without_head(Envelope envelope) {
    envelope.bytes.erase(envelope.bytes.begin(), envelope.bytes.begin() + k_head);
    return envelope;
  }

  Channel& channel_;
  std::uint32_t test_ = 0;
  std::deque<Envelope> early_;
};

struct ContractTest {
  const char* name;
  void (*body)(ContractRank& rank);
};

/// Every clause of core/transport/channel.hpp. Each body runs on every rank at once.
[[nodiscard]] const std::vector<ContractTest>& channel_contract();

}  // namespace fairsweep::testing
