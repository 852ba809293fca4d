#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace fairsweep {

/// A message that has arrived.
struct Envelope {
  int source = 0;  ///< rank that sent it
  std::vector<std::uint8_t> bytes;
};

/// The only way processes of a sweep talk: small whole messages between ranks, in order per pair of ranks.
///
/// Contract (tests/contract/channel_contract.hpp runs it on every implementation):
///  - `send` never blocks: it copies the bytes and returns, whether or not the other side lives or listens.
///  - messages from one rank to another arrive whole, once and in order, or, if the receiver is dead, never.
///  - `try_receive` never blocks and returns the oldest message that has arrived, from any rank.
///  - an object is used by one thread only.
///  - no collective operation happens after construction, so a dead rank stops nobody.
class Channel {
 public:
  virtual ~Channel() = default;
  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  virtual void send(int destination, std::span<const std::uint8_t> bytes) = 0;
  [[nodiscard]] virtual std::optional<Envelope> try_receive() = 0;
  /// Moves outgoing messages along; call it now and then. Returns how many have not left yet.
  virtual std::size_t progress() = 0;
  /// Sleeps at most `milliseconds`, less when a message may have arrived. Does not spin.
  virtual void wait(int milliseconds) = 0;
  /// Whether it is known that this rank's process is dead: nothing will come from it any more. Never true of the
  /// living; where the transport learns nothing of deaths it stays false, and silence has to do.
  [[nodiscard]] virtual bool is_dead(int /*rank*/) const { return false; }
};

/// `size` connected channels inside one process, for threads; element r is rank r.
[[nodiscard]] std::vector<std::unique_ptr<Channel>> make_loopback_channels(int size);

}  // namespace fairsweep
