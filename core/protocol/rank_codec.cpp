#include <variant>

#include "core/protocol/cbor_writer.hpp"
#include "core/protocol/codec.hpp"
#include "core/protocol/decode_variant.hpp"
#include "core/protocol/encoder.hpp"
#include "core/protocol/rank_fields.hpp"

namespace fairsweep {

namespace {

template <typename Message>
Bytes to_cbor(const Message& message) {
  CborWriter writer;
  Encoder<CborWriter>(writer).message("type", message);
  return writer.take();
}

template <typename Message>
Message from_cbor(std::span<const std::uint8_t> bytes) {
  const MessageTree tree = MessageTree::from_cbor(bytes);
  return std::get<Message>(VariantDecoder<std::variant<Message>>(tree, "type").read());
}

}  // namespace

Bytes encode(const WorkerRequest& request) { return to_cbor(request); }
Bytes encode(const CoordinatorReply& reply) { return to_cbor(reply); }
WorkerRequest decode_request(std::span<const std::uint8_t> bytes) { return from_cbor<WorkerRequest>(bytes); }
CoordinatorReply decode_reply(std::span<const std::uint8_t> bytes) { return from_cbor<CoordinatorReply>(bytes); }

}  // namespace fairsweep
