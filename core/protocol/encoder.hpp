#pragma once

#include <bit>
#include <cmath>  // for isfinite
#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/fields.hpp"

namespace fairsweep {

/// Writes a message, field by field, with a JsonWriter or a CborWriter.
template <typename Writer>
class Encoder {
 public:
  explicit Encoder(Writer& out) : out_(out) {}

  /// The whole message: its type under `tag`, then its fields.
  template <typename Message>
  void message(std::string_view tag, const Message& message) {
    out_.begin_record();
    out_.key(tag);
    out_.text(Fields<Message>::k_type);
    Fields<Message>::list(*this, message);
    out_.end_record();
  }

  template <typename T>
  void required(std::string_view name, const T& value) {
    out_.key(name);
    put(value);
  }

  template <typename T, typename Default = T>
  void optional(std::string_view name, const T& value, const Default& fallback = Default{}) {
    if (!same(value, fallback)) {
      required(name, value);
    }
  }

  template <typename List>
  void nested(std::string_view name, List list) {
    out_.key(name);
    out_.begin_record();
    list(*this);
    out_.end_record();
  }

 private:
  template <typename T, typename Default>
  static bool same(const T& value, const Default& fallback) {
    return value == fallback;
  }
  static bool same(double value, double fallback) {  // -0.0 is not left out
    return std::bit_cast<std::uint64_t>(value) == std::bit_cast<std::uint64_t>(fallback);
  }

  void put(bool value) { out_.boolean(value); }
  template <std::signed_integral Integer>
  void put(Integer value) {
    out_.integer(value);
  }
  template <std::unsigned_integral Integer>
    requires(!std::same_as<Integer, bool>)
  void put(Integer value) {
    out_.unsigned_integer(value);
  }
  void put(double value) { out_.real(value); }
  void put(const std::string& value) { out_.text(value); }
  void put(TrialId id) { out_.unsigned_integer(id.value); }
  void put(ConfigurationId id) { out_.unsigned_integer(id.value); }
  void put(LeaseId id) { out_.unsigned_integer(id.value); }
  void put(Split split) { out_.text(to_text(split)); }
  void put(Direction direction) { out_.text(direction == Direction::maximise ? "maximise" : "minimise"); }
  void put(const Value& value) {
    // A setting has no place for "Infinity": that would read back as text. The configuration refuses such numbers.
    const double* real = std::get_if<double>(&value);
    check(real == nullptr || std::isfinite(*real), "a setting is not finite");
    std::visit([this](const auto& held) { this->put(held); }, value);
  }
  template <typename T>
  void put(const std::vector<T>& values) {
    out_.begin_list(values.size());
    for (const T& value : values) {
      put(value);
    }
    out_.end_list();
  }
  template <typename T, typename Compare>
  void put(const std::map<std::string, T, Compare>& values) {
    out_.begin_map(values.size());
    for (const auto& [key, value] : values) {
      required(key, value);
    }
    out_.end_map();
  }
  template <typename Record>
    requires requires(Encoder& encoder, const Record& record) { Fields<Record>::list(encoder, record); }
  void put(const Record& record) {
    out_.begin_record();
    Fields<Record>::list(*this, record);
    out_.end_record();
  }

  Writer& out_;
};

}  // namespace fairsweep
