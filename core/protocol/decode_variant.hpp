#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "core/protocol/codec.hpp"
#include "core/protocol/decoder.hpp"

namespace fairsweep {

/// Reads the one of the variant's messages that the field `tag` names.
/// @throws BadMessage; the sentence begins with the type where it is known: `report: the field "trial" is missing`.
template <typename Variant>
class VariantDecoder {
 public:
  VariantDecoder(const MessageTree& tree, std::string_view tag)
      : tag_(tag), decoder_(tree, MessageTree::k_root, path_), type_(decoder_.type(tag)) {}

  [[nodiscard]] Variant read() { return read_one_of(static_cast<Variant*>(nullptr)); }

 private:
  template <typename... Messages>
  Variant read_one_of(const std::variant<Messages...>* /*which*/) {
    Variant message;
    if (!(read_if<Messages>(message) || ...)) {
      std::string known;
      ((known += (known.empty() ? "" : ", ") + std::string(Fields<Messages>::k_type)), ...);
      throw BadMessage("the field \"" + std::string(tag_) + "\" is \"" + std::string(type_) + "\"; known are " + known);
    }
    return message;
  }

  template <typename Message>
  bool read_if(Variant& variant) {
    if (type_ != Fields<Message>::k_type) {
      return false;
    }
    Message& message = variant.template emplace<Message>();
    try {
      Fields<Message>::list(decoder_, message);
    } catch (const BadMessage& error) {
      throw BadMessage(std::string(type_) + ": " + error.what());
    }
    return true;
  }

  std::string_view tag_;
  FieldPath path_;
  Decoder decoder_;
  std::string_view type_;
};

}  // namespace fairsweep
