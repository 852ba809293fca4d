#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/protocol/message_tree.hpp"

namespace fairsweep {

/// Builds a message's nodes from the events of a parser.
class NodeList {
 public:
  explicit NodeList(std::size_t expected) { nodes_.reserve(expected); }

  /// The key of the node that comes next.
  void key(std::string_view text) { key_ = text; }
  MessageNode& add(MessageNode::Kind kind);
  /// A new array or object. False where messages may not nest that deep.
  [[nodiscard]] bool open(MessageNode::Kind kind);
  void close();
  [[nodiscard]] std::vector<MessageNode> take() { return std::move(nodes_); }
  [[nodiscard]] bool starts_with_object() const {
    return !nodes_.empty() && nodes_.front().kind == MessageNode::Kind::object;
  }

 private:
  std::vector<MessageNode> nodes_;
  std::vector<std::uint32_t> open_;
  std::string_view key_;
};

inline MessageNode& NodeList::add(MessageNode::Kind kind) {
  if (!open_.empty()) {
    ++nodes_[open_.back()].children;
  }
  MessageNode& node = nodes_.emplace_back();
  node.kind = kind;
  node.key = std::exchange(key_, {});
  node.end = static_cast<std::uint32_t>(nodes_.size());
  return node;
}

inline bool NodeList::open(MessageNode::Kind kind) {
  if (open_.size() == k_deepest_message) {
    return false;
  }
  add(kind);
  open_.push_back(static_cast<std::uint32_t>(nodes_.size() - 1));
  return true;
}

inline void NodeList::close() {
  nodes_[open_.back()].end = static_cast<std::uint32_t>(nodes_.size());
  open_.pop_back();
}

}  // namespace fairsweep
