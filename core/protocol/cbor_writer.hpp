#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace fairsweep {

/// Writes one CBOR map (RFC 8949, definite lengths, shortest integers, 64-bit reals, big-endian as the standard says)
/// without building a tree first. The same calls as JsonWriter.
class CborWriter {
 public:
  CborWriter() { bytes_.reserve(256); }
  /// A map whose number of keys is not known yet: at most 23, which fit the byte that is patched at the end.
  void begin_record();
  void end_record();
  void begin_map(std::size_t size) { open(5, size); }
  void end_map() { open_.pop_back(); }
  void begin_list(std::size_t size) { open(4, size); }
  void end_list() { open_.pop_back(); }
  void key(std::string_view name);
  void boolean(bool value) { bytes_.push_back(value ? 0xF5 : 0xF4); }
  void integer(std::int64_t value);
  void unsigned_integer(std::uint64_t value) { head(0, value); }
  void real(double value);
  /// Bytes that are no UTF-8 become U+FFFD.
  void text(std::string_view value);
  void binary(std::span<const std::uint8_t> value);
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  struct Open {
    std::size_t at;  ///< of the byte that holds the number of keys
    std::size_t keys;
  };
  void open(unsigned major, std::size_t size);
  void head(unsigned major, std::uint64_t argument);

  std::vector<std::uint8_t> bytes_;
  std::vector<Open> open_;
};

}  // namespace fairsweep
