#include <variant>

#include "core/protocol/codec.hpp"
#include "core/protocol/decode_variant.hpp"
#include "core/protocol/encoder.hpp"
#include "core/protocol/event_fields.hpp"
#include "core/protocol/json_writer.hpp"

namespace fairsweep {

std::string to_json(const Event& event) {
  JsonWriter writer;
  std::visit([&writer](const auto& held) { Encoder<JsonWriter>(writer).message("event", held); }, event);
  return writer.take();
}

Event parse_event(std::string_view json) {
  const MessageTree tree = MessageTree::from_json(json);
  return VariantDecoder<Event>(tree, "event").read();
}

}  // namespace fairsweep
