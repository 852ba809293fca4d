#include "core/protocol/cbor_writer.hpp"

#include <bit>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/utf8.hpp"

namespace fairsweep {

void CborWriter::begin_record() {
  open_.push_back({bytes_.size(), 0});
  bytes_.push_back(0xA0);
}

void CborWriter::end_record() {
  check(open_.back().keys <= 23, "a record has more fields than its CBOR head can count");
  bytes_[open_.back().at] = static_cast<std::uint8_t>(0xA0 + open_.back().keys);
  open_.pop_back();
}

void CborWriter::open(unsigned major, std::size_t size) {
  open_.push_back({bytes_.size(), 0});
  head(major, size);
}

void CborWriter::key(std::string_view name) {
  ++open_.back().keys;
  text(name);
}

void CborWriter::integer(std::int64_t value) {
  if (value >= 0) {
    head(0, static_cast<std::uint64_t>(value));
  } else {
    head(1, static_cast<std::uint64_t>(-1 - value));
  }
}

void CborWriter::real(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  bytes_.push_back(0xFB);
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes_.push_back(static_cast<std::uint8_t>(bits >> static_cast<unsigned>(shift)));
  }
}

void CborWriter::text(std::string_view value) {
  if (!is_utf8(value)) {
    text(to_utf8(value));
    return;
  }
  head(3, value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

void CborWriter::binary(std::span<const std::uint8_t> value) {
  head(2, value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

void CborWriter::head(unsigned major, std::uint64_t argument) {
  const unsigned first = major << 5U;
  if (argument < 24) {
    bytes_.push_back(static_cast<std::uint8_t>(first | argument));
    return;
  }
  const int width = argument <= 0xFF ? 1 : argument <= 0xFFFF ? 2 : argument <= 0xFFFFFFFF ? 4 : 8;
  const unsigned code = width == 1 ? 24 : width == 2 ? 25 : width == 4 ? 26 : 27;
  bytes_.push_back(static_cast<std::uint8_t>(first | code));
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
    bytes_.push_back(static_cast<std::uint8_t>(argument >> static_cast<unsigned>(shift)));
  }
}

}  // namespace fairsweep
