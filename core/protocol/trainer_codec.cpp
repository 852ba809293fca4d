#include <variant>

#include "core/protocol/codec.hpp"
#include "core/protocol/decode_variant.hpp"
#include "core/protocol/encoder.hpp"
#include "core/protocol/json_writer.hpp"
#include "core/protocol/trainer_fields.hpp"

namespace fairsweep {

namespace {

template <typename Variant>
std::string write_line(const Variant& message) {
  JsonWriter writer;
  std::visit([&writer](const auto& held) { Encoder<JsonWriter>(writer).message("type", held); }, message);
  return writer.take();
}

template <typename Variant>
Variant read_line(std::string_view line) {
  const MessageTree tree = MessageTree::from_json(line);
  return VariantDecoder<Variant>(tree, "type").read();
}

}  // namespace

std::string to_line(const ToTrainer& message) { return write_line(message); }
std::string to_line(const FromTrainer& message) { return write_line(message); }
ToTrainer parse_to_trainer(std::string_view line) { return read_line<ToTrainer>(line); }
FromTrainer parse_from_trainer(std::string_view line) { return read_line<FromTrainer>(line); }

}  // namespace fairsweep
