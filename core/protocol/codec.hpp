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
[[nodiscard]] std::string to_line(const ToTrainer& message);
[[nodiscard]] std::string to_line(const FromTrainer& message);
[[nodiscard]] ToTrainer parse_to_trainer(std::string_view line);
[[nodiscard]] FromTrainer parse_from_trainer(std::string_view line);

// Events of the log: JSON text.
[[nodiscard]] std::string to_json(const Event& event);
[[nodiscard]] Event parse_event(std::string_view json);

}  // namespace fairsweep
