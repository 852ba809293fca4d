#include "core/protocol/message_tree.hpp"

namespace fairsweep {

std::string_view describe(MessageNode::Kind kind) {
  switch (kind) {
    case MessageNode::Kind::null:
      return "null";
    case MessageNode::Kind::boolean:
      return "true or false";
    case MessageNode::Kind::negative:
      return "a negative integer";
    case MessageNode::Kind::unsigned_integer:
      return "an integer";
    case MessageNode::Kind::real:
      return "a real number";
    case MessageNode::Kind::text:
      return "text";
    case MessageNode::Kind::bytes:
      return "bytes";
    case MessageNode::Kind::array:
      return "a list";
    case MessageNode::Kind::object:
      return "an object";
  }
  return "something unknown";
}

}  // namespace fairsweep
