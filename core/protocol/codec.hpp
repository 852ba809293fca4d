#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/event.hpp"
#include "core/protocol/messages.hpp"

namespace fairsweep {

/// Bytes or a line that are no message: the sentence names the field. Never thrown for bytes of our own making.
class BadMessage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Bytes = std::vector<std::uint8_t>;

// Between ranks: CBOR.
[[nodiscard]] Bytes encode(const WorkerRequest& request);
[[nodiscard]] Bytes encode(const CoordinatorReply& reply);
[[nodiscard]] WorkerRequest decode_request(std::span<const std::uint8_t> bytes);
[[nodiscard]] CoordinatorReply decode_reply(std::span<const std::uint8_t> bytes);

// To and from the trainer: one JSON object a line, without the newline. docs/trainer_protocol.md is the reference.
// Integers stay integers and reals stay reals (3 and 3.0). JSON has no NaN and no infinities: null reads as NaN where a
// real is wanted, "Infinity" and "-Infinity" as what they say. Fields that a message does not have are ignored; one
// that stands twice, is missing or has another type is a BadMessage. Text that is no UTF-8 becomes U+FFFD (utf8.hpp).
[[nodiscard]] std::string to_line(const ToTrainer& message);
[[nodiscard]] std::string to_line(const FromTrainer& message);
[[nodiscard]] ToTrainer parse_to_trainer(std::string_view line);
[[nodiscard]] FromTrainer parse_from_trainer(std::string_view line);

// Events of the log: JSON text with the same rules; {"event": "reported", "time": ..., ...}.
[[nodiscard]] std::string to_json(const Event& event);
[[nodiscard]] Event parse_event(std::string_view json);

}  // namespace fairsweep
