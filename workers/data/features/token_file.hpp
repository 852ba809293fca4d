#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace fairsweep {

/// Texts as a tokeniser made them for an encoder, without padding at the end.
struct TokenisedTexts {
  std::vector<std::string> ids;        ///< [texts], different; empty: in order
  std::vector<std::size_t> offset{0};  ///< [texts + 1] into the following two
  std::vector<std::int64_t> tokens;    ///< at least 0; every text has one
  std::vector<std::uint8_t> mask;      ///< 1: the encoder attends to the token; every text has one

  [[nodiscard]] std::size_t count() const { return offset.size() - 1; }
  [[nodiscard]] std::size_t length(std::size_t text) const { return offset[text + 1] - offset[text]; }
};

/// .jsonl or .jsonl.gz: one object a line, {"id": text or number, "input_ids": [...]} and perhaps "attention_mask".
/// .npy: integers [texts, length], with the mask in a second file of the same shape, or all 1. Tokens after the last
/// with mask 1 are padding and dropped.
/// @throws UserError (file) with the line or row, (configuration) for another ending or a mask that cannot be used.
[[nodiscard]] TokenisedTexts read_tokens(const std::filesystem::path& file, const std::filesystem::path& mask = {});

/// "text \"abc\"" or "text 7 (from 0)", for messages.
[[nodiscard]] std::string name_of(const TokenisedTexts& texts, std::size_t text);

}  // namespace fairsweep
