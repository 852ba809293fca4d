#include "results/report/packed_column.hpp"

#include <bit>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <vector>

namespace fairsweep::report {
namespace {

void append_word(std::vector<std::uint8_t>& bytes, std::uint32_t word) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    bytes.push_back(static_cast<std::uint8_t>(word >> shift));
}

}  // namespace

std::string base64(std::span<const std::uint8_t> bytes) {
  static constexpr char k_signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t k) { return i + k < bytes.size() ? std::uint32_t{bytes[i + k]} : 0U; };
    const std::uint32_t three = byte(0) << 16U | byte(1) << 8U | byte(2);
    text += k_signs[three >> 18U];
    text += k_signs[three >> 12U & 63U];
    text += i + 1 < bytes.size() ? k_signs[three >> 6U & 63U] : '=';
    text += i + 2 < bytes.size() ? k_signs[three & 63U] : '=';
  }
  return text;
}

nlohmann::json packed_reals(std::span<const double> values) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(4 * values.size());
  for (const double value : values)
    append_word(bytes, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
  return {{"f32", base64(bytes)}};
}

nlohmann::json packed_counts(std::span<const std::uint32_t> values) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(4 * values.size());
  for (const std::uint32_t value : values)
    append_word(bytes, value);
  return {{"u32", base64(bytes)}};
}

}  // namespace fairsweep::report
