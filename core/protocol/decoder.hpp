#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/protocol/fields.hpp"
#include "core/protocol/message_tree.hpp"

namespace fairsweep {

/// The place in a message, kept only for the sentence of an error.
class FieldPath {
 public:
  void enter(std::string_view name) { steps_.push_back({name, 0}); }
  void enter(std::size_t index) { steps_.push_back({{}, index}); }
  void leave() { steps_.pop_back(); }
  /// "metrics[2].value"
  [[nodiscard]] std::string text() const;

 private:
  struct Step {
    std::string_view name;
    std::size_t index;
  };
  std::vector<Step> steps_;
};

/// Reads the fields of one object of a message. Fields it does not know are ignored; a key twice is an error.
class Decoder {
 public:
  /// @throws BadMessage where an object has a key twice.
  Decoder(const MessageTree& tree, std::uint32_t object, FieldPath& path);

  /// The text of the field that says what kind of message this is.
  [[nodiscard]] std::string_view type(std::string_view tag);

  template <typename T>
  void required(std::string_view name, T& value) {
    const std::optional<std::uint32_t> found = find(name);
    if (!found) {
      fail_missing(name);
    }
    read_field(name, *found, value);
  }

  template <typename T, typename Default = T>
  void optional(std::string_view name, T& value, const Default& fallback = Default{}) {
    if (const std::optional<std::uint32_t> found = find(name)) {
      read_field(name, *found, value);
    } else {
      value = fallback;
    }
  }

  template <typename List>
  void nested(std::string_view name, List list) {
    const std::optional<std::uint32_t> found = find(name);
    if (!found) {
      fail_missing(name);
    }
    path_.enter(name);
    Decoder inner(tree_, object_at(*found), path_);
    list(inner);
    path_.leave();
  }

 private:
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name);
  void refuse_repeated_keys() const;
  std::uint32_t object_at(std::uint32_t at) const;

  [[noreturn]] void fail_missing(std::string_view name);
  [[noreturn]] void fail(const std::string& sentence) const;
  [[noreturn]] void fail_kind(std::string_view expected, const MessageNode& node) const;

  template <typename T>
  void read_field(std::string_view name, std::uint32_t at, T& value) {
    path_.enter(name);
    read(at, value);
    path_.leave();
  }

  std::uint64_t unsigned_at(std::uint32_t at, std::uint64_t largest) const;
  std::int64_t signed_at(std::uint32_t at, std::int64_t smallest, std::int64_t largest) const;

  template <std::signed_integral Integer>
  void read(std::uint32_t at, Integer& value) {
    using Limits = std::numeric_limits<Integer>;
    value = static_cast<Integer>(signed_at(at, Limits::min(), Limits::max()));
  }
  template <std::unsigned_integral Integer>
    requires(!std::same_as<Integer, bool>)
  void read(std::uint32_t at, Integer& value) {
    value = static_cast<Integer>(unsigned_at(at, std::numeric_limits<Integer>::max()));
  }
  void read(std::uint32_t at, bool& value);
  void read(std::uint32_t at, double& value);
  void read(std::uint32_t at, std::string& value);
  void read(std::uint32_t at, Value& value);
  void read(std::uint32_t at, Split& value);
  void read(std::uint32_t at, Direction& value);
  void read(std::uint32_t at, TrialId& id) { read(at, id.value); }
  void read(std::uint32_t at, ConfigurationId& id) { read(at, id.value); }
  void read(std::uint32_t at, LeaseId& id) { read(at, id.value); }

  template <typename T>
  void read(std::uint32_t at, std::vector<T>& values) {
    const MessageNode& node = tree_.node(at);
    if (node.kind != MessageNode::Kind::array) {
      fail_kind("a list", node);
    }
    values.clear();
    values.reserve(node.children);
    std::uint32_t child = at + 1;
    for (std::size_t i = 0; i < node.children; ++i) {
      path_.enter(i);
      read(child, values.emplace_back());
      path_.leave();
      child = tree_.node(child).end;
    }
  }
  template <typename T, typename Compare>
  void read(std::uint32_t at, std::map<std::string, T, Compare>& values) {
    const MessageNode& node = tree_.node(object_at(at));
    values.clear();
    std::uint32_t child = at + 1;
    for (std::uint32_t i = 0; i < node.children; ++i) {
      const std::string_view key = tree_.node(child).key;
      path_.enter(key);
      const std::size_t before = values.size();
      const auto place = values.emplace_hint(values.end(), std::string(key), T{});
      if (values.size() == before) {
        fail("stands twice");
      }
      read(child, place->second);
      path_.leave();
      child = tree_.node(child).end;
    }
  }
  template <typename Record>
    requires requires(Decoder& decoder, Record& record) { Fields<Record>::list(decoder, record); }
  void read(std::uint32_t at, Record& record) {
    Decoder inner(tree_, object_at(at), path_);
    Fields<Record>::list(inner, record);
  }

  const MessageTree& tree_;
  FieldPath& path_;
  std::uint32_t object_;
  std::uint32_t expected_;  ///< the field after the one found last: usually the next one asked for
};

}  // namespace fairsweep
