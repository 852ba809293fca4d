#include "core/protocol/decoder.hpp"

#include <algorithm>
#include <array>

#include "core/protocol/codec.hpp"

namespace fairsweep {

std::string FieldPath::text() const {
  std::string text;
  for (const Step& step : steps_) {
    if (step.name.data() == nullptr) {
      text.append("[").append(std::to_string(step.index)).append("]");
    } else {
      text.append(text.empty() ? "" : ".").append(step.name);
    }
  }
  return text;
}

Decoder::Decoder(const MessageTree& tree, std::uint32_t object, FieldPath& path)
    : tree_(tree), path_(path), object_(object), expected_(object + 1) {
  refuse_repeated_keys();
}

std::string_view Decoder::type(std::string_view tag) {
  const std::optional<std::uint32_t> found = find(tag);
  if (!found) {
    fail_missing(tag);
  }
  const MessageNode& node = tree_.node(*found);
  if (node.kind != MessageNode::Kind::text) {
    path_.enter(tag);
    fail_kind("text", node);
  }
  return node.text;
}

std::optional<std::uint32_t> Decoder::find(std::string_view name) {
  const std::uint32_t end = tree_.node(object_).end;
  if (expected_ < end && tree_.node(expected_).key == name) {
    const std::uint32_t found = expected_;
    expected_ = tree_.node(found).end;
    return found;
  }
  for (std::uint32_t child = object_ + 1; child < end; child = tree_.node(child).end) {
    if (tree_.node(child).key == name) {
      expected_ = tree_.node(child).end;
      return child;
    }
  }
  return std::nullopt;
}

void Decoder::refuse_repeated_keys() const {
  const MessageNode& object = tree_.node(object_);
  constexpr std::size_t k_few = 24;
  std::array<std::string_view, k_few> few;
  std::vector<std::string_view> many;
  if (object.children > k_few) {
    many.resize(object.children);
  }
  const std::span<std::string_view> keys =
      object.children > k_few ? std::span(many) : std::span(few).first(object.children);
  std::uint32_t child = object_ + 1;
  for (std::string_view& key : keys) {
    key = tree_.node(child).key;
    child = tree_.node(child).end;
  }
  if (object.children > k_few) {
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    if (twice != keys.end()) {
      path_.enter(*twice);
      fail("stands twice");
    }
    return;
  }
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (std::find(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(i), keys[i]) !=
        keys.begin() + static_cast<std::ptrdiff_t>(i)) {
      path_.enter(keys[i]);
      fail("stands twice");
    }
  }
}

std::uint32_t Decoder::object_at(std::uint32_t at) const {
  const MessageNode& node = tree_.node(at);
  if (node.kind != MessageNode::Kind::object) {
    fail_kind("an object", node);
  }
  return at;
}

void Decoder::fail_missing(std::string_view name) {
  path_.enter(name);
  fail("is missing");
}

void Decoder::fail(const std::string& sentence) const {
  std::string text = "the field \"";
  text.append(path_.text()).append("\" ").append(sentence);
  throw BadMessage(text);
}

void Decoder::fail_kind(std::string_view expected, const MessageNode& node) const {
  fail("should be " + std::string(expected) + " and is " + std::string(describe(node.kind)));
}

std::uint64_t Decoder::unsigned_at(std::uint32_t at, std::uint64_t largest) const {
  const MessageNode& node = tree_.node(at);
  if (node.kind != MessageNode::Kind::unsigned_integer) {
    fail_kind("an integer, 0 or more,", node);
  }
  if (node.unsigned_integer > largest) {
    fail("is " + std::to_string(node.unsigned_integer) + ", more than " + std::to_string(largest));
  }
  return node.unsigned_integer;
}

std::int64_t Decoder::signed_at(std::uint32_t at, std::int64_t smallest, std::int64_t largest) const {
  const MessageNode& node = tree_.node(at);
  if (node.kind == MessageNode::Kind::unsigned_integer) {
    return static_cast<std::int64_t>(unsigned_at(at, static_cast<std::uint64_t>(largest)));
  }
  if (node.kind != MessageNode::Kind::negative) {
    fail_kind("an integer", node);
  }
  if (node.negative < smallest) {
    fail("is " + std::to_string(node.negative) + ", less than " + std::to_string(smallest));
  }
  return node.negative;
}

void Decoder::read(std::uint32_t at, bool& value) {
  const MessageNode& node = tree_.node(at);
  if (node.kind != MessageNode::Kind::boolean) {
    fail_kind("true or false", node);
  }
  value = node.boolean;
}

void Decoder::read(std::uint32_t at, double& value) {
  const MessageNode& node = tree_.node(at);
  constexpr double k_infinity = std::numeric_limits<double>::infinity();
  switch (node.kind) {
    case MessageNode::Kind::real:
      value = node.real;
      return;
    case MessageNode::Kind::unsigned_integer:
      value = static_cast<double>(node.unsigned_integer);
      return;
    case MessageNode::Kind::negative:
      value = static_cast<double>(node.negative);
      return;
    case MessageNode::Kind::null:
      value = std::numeric_limits<double>::quiet_NaN();
      return;
    default:
      break;
  }
  if (node.kind == MessageNode::Kind::text && (node.text == "Infinity" || node.text == "-Infinity")) {
    value = node.text == "Infinity" ? k_infinity : -k_infinity;
    return;
  }
  fail_kind("a number", node);
}

void Decoder::read(std::uint32_t at, std::string& value) {
  const MessageNode& node = tree_.node(at);
  if (node.kind != MessageNode::Kind::text) {
    fail_kind("text", node);
  }
  value.assign(node.text);
}

void Decoder::read(std::uint32_t at, Value& value) {
  const MessageNode& node = tree_.node(at);
  switch (node.kind) {
    case MessageNode::Kind::boolean:
      value = node.boolean;
      return;
    case MessageNode::Kind::negative:
      value = node.negative;
      return;
    case MessageNode::Kind::unsigned_integer:
      value = static_cast<std::int64_t>(unsigned_at(at, std::numeric_limits<std::int64_t>::max()));
      return;
    case MessageNode::Kind::text:
      value = std::string(node.text);
      return;
    case MessageNode::Kind::real:
      if (node.real - node.real == 0) {  // finite
        value = node.real;
        return;
      }
      break;
    default:
      break;
  }
  fail_kind("true, false, a finite number or text", node);
}

void Decoder::read(std::uint32_t at, Split& value) {
  std::string name;
  read(at, name);
  for (const Split split : {Split::train, Split::validation, Split::test, Split::history}) {
    if (name == to_text(split)) {
      value = split;
      return;
    }
  }
  fail("should be train, validation, test or history and is \"" + name + "\"");
}

void Decoder::read(std::uint32_t at, Direction& value) {
  std::string name;
  read(at, name);
  if (name != "maximise" && name != "minimise") {
    fail("should be maximise or minimise and is \"" + name + "\"");
  }
  value = name == "maximise" ? Direction::maximise : Direction::minimise;
}

}  // namespace fairsweep
