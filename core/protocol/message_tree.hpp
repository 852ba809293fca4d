#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairsweep {

/// A part of a decoded message. Messages are one flat list of nodes in document order and not a tree of maps: nothing
/// is allocated for a node, and reading fields in the order they were written is a walk.
/// A node's children follow it; `end` is the node after its last descendant, which is also its next sibling.
struct MessageNode {
  enum class Kind : std::uint8_t { null, boolean, negative, unsigned_integer, real, text, bytes, array, object };
  Kind kind = Kind::null;
  bool boolean = false;
  std::uint32_t children = 0;  ///< of an array or object
  std::uint32_t end = 0;
  std::int64_t negative = 0;  ///< integers below 0
  std::uint64_t unsigned_integer = 0;
  double real = 0;
  std::string_view key;   ///< inside an object
  std::string_view text;  ///< characters, or bytes
};

/// How deep messages may nest; none of ours needs more than six levels.
inline constexpr std::size_t k_deepest_message = 16;

class MessageTree {
 public:
  /// Reads one JSON object. Node texts live in the tree.
  /// @throws BadMessage saying at which byte the text stops being JSON.
  [[nodiscard]] static MessageTree from_json(std::string_view json);
  /// Reads one CBOR map (RFC 8949): definite lengths, text keys, no tags. Node texts point into `bytes`.
  /// @throws BadMessage saying at which byte.
  [[nodiscard]] static MessageTree from_cbor(std::span<const std::uint8_t> bytes);

  [[nodiscard]] const MessageNode& node(std::uint32_t index) const { return nodes_[index]; }
  static constexpr std::uint32_t k_root = 0;

 private:
  MessageTree(std::vector<MessageNode> nodes, std::vector<char> characters)
      : nodes_(std::move(nodes)), characters_(std::move(characters)) {}

  std::vector<MessageNode> nodes_;
  std::vector<char> characters_;  ///< what the texts of a JSON message point to; moving it keeps them valid
};

/// "a number", "text", ... for error messages.
[[nodiscard]] std::string_view describe(MessageNode::Kind kind);

}  // namespace fairsweep
