#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/mistakes.hpp"
#include "core/config/place.hpp"

namespace fairsweep {

/// A YAML document as it was written: order and duplicates kept, nothing converted.
struct YamlNode {
  enum class Kind { nothing, scalar, sequence, mapping };
  Kind kind = Kind::nothing;
  bool plain = true;            ///< scalar without quotes
  std::string text;             ///< scalar
  std::vector<YamlNode> keys;   ///< mapping: one for each of `items`
  std::vector<YamlNode> items;  ///< sequence and mapping
  Place place;
};

/// Levels of lists and mappings within each other. yaml-cpp's parser recurses; it is stopped at this depth.
inline constexpr std::size_t k_most_levels = 32;
inline constexpr std::size_t k_most_bytes = std::size_t{1} << 20U;

/// The one document in `text`, or nothing and the mistake that stopped the reading. Refused: what is no UTF-8 or larger
/// than 1 MiB, tabs in the indentation, anchors, aliases, tags, several documents, and more than 32 levels.
[[nodiscard]] std::optional<YamlNode> parse_yaml(const std::string& text, int source, MistakeList& mistakes);

}  // namespace fairsweep
