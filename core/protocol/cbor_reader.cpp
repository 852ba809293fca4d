#include <bit>
#include <limits>

#include "core/protocol/codec.hpp"
#include "core/protocol/message_tree.hpp"
#include "core/protocol/node_list.hpp"

namespace fairsweep {

namespace {

// Our own, and not the library's: that one calls itself for every nested "text of unknown length", so that a message of
// 0x7F bytes overflows the stack, and it copies the arrays of a bundle byte by byte.
class CborReader {
 public:
  explicit CborReader(std::span<const std::uint8_t> bytes) : bytes_(bytes), nodes_(8 + bytes.size() / 8) {}

  std::vector<MessageNode> read() {
    read_item();
    if (!nodes_.starts_with_object()) {
      throw BadMessage("expected a CBOR map");
    }
    if (at_ != bytes_.size()) {
      fail("bytes follow the message");
    }
    return nodes_.take();
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw BadMessage("not CBOR of this protocol at byte " + std::to_string(at_) + ": " + what);
  }

  std::span<const std::uint8_t> take(std::uint64_t count) {
    if (count > bytes_.size() - at_) {
      fail("the message ends too early");
    }
    const auto part = bytes_.subspan(at_, count);
    at_ += count;
    return part;
  }

  std::uint64_t big_endian(std::size_t count) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : take(count)) {
      value = (value << 8) | byte;
    }
    return value;
  }

  std::uint64_t argument(unsigned information) {
    switch (information) {
      case 24:
        return big_endian(1);
      case 25:
        return big_endian(2);
      case 26:
        return big_endian(4);
      case 27:
        return big_endian(8);
      default:
        break;
    }
    if (information > 27) {
      fail("a length this protocol does not use");
    }
    return information;
  }

  std::string_view characters(std::uint64_t count) {
    const auto part = take(count);
    return {reinterpret_cast<const char*>(part.data()), part.size()};
  }

  void read_item() {
    const std::uint8_t head = take(1)[0];
    const unsigned information = head & 31U;
    switch (head >> 5U) {
      case 0:
        nodes_.add(MessageNode::Kind::unsigned_integer).unsigned_integer = argument(information);
        break;
      case 1:
        read_negative(information);
        break;
      case 2:
        read_text(MessageNode::Kind::bytes, information);
        break;
      case 3:
        read_text(MessageNode::Kind::text, information);
        break;
      case 4:
        read_children(MessageNode::Kind::array, information);
        break;
      case 5:
        read_children(MessageNode::Kind::object, information);
        break;
      case 7:
        read_simple(information);
        break;
      default:
        fail("a tag");
    }
  }

  void read_negative(unsigned information) {
    const std::uint64_t value = argument(information);
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      fail("an integer below -2^63");
    }
    nodes_.add(MessageNode::Kind::negative).negative = -1 - static_cast<std::int64_t>(value);
  }

  void read_text(MessageNode::Kind kind, unsigned information) {
    const std::string_view text = characters(argument(information));
    nodes_.add(kind).text = text;
  }

  void read_children(MessageNode::Kind kind, unsigned information) {
    const std::uint64_t count = argument(information);
    if (count > bytes_.size() - at_) {  // every item has at least one byte
      fail("the message ends too early");
    }
    if (!nodes_.open(kind)) {
      fail("nested deeper than " + std::to_string(k_deepest_message) + " levels");
    }
    for (std::uint64_t i = 0; i < count; ++i) {
      if (kind == MessageNode::Kind::object) {
        const std::uint8_t head = take(1)[0];
        if (head >> 5U != 3) {
          fail("a key that is no text");
        }
        nodes_.key(characters(argument(head & 31U)));
      }
      read_item();
    }
    nodes_.close();
  }

  void read_simple(unsigned information) {
    switch (information) {
      case 20:
        nodes_.add(MessageNode::Kind::boolean).boolean = false;
        break;
      case 21:
        nodes_.add(MessageNode::Kind::boolean).boolean = true;
        break;
      case 22:
        nodes_.add(MessageNode::Kind::null);
        break;
      case 26: {
        const float value = std::bit_cast<float>(static_cast<std::uint32_t>(big_endian(4)));
        nodes_.add(MessageNode::Kind::real).real = static_cast<double>(value);
        break;
      }
      case 27:
        nodes_.add(MessageNode::Kind::real).real = std::bit_cast<double>(big_endian(8));
        break;
      default:
        fail("a simple value this protocol does not use");
    }
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  NodeList nodes_;
};

}  // namespace

MessageTree MessageTree::from_cbor(std::span<const std::uint8_t> bytes) { return {CborReader(bytes).read(), {}}; }

}  // namespace fairsweep
