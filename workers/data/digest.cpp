#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/diagnostics/digest.hpp"
#include "workers/data/preference_columns.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

namespace {

// Everything is fed as: name, count, values; counts and values little-endian, texts with their length before them.
// The order and the names below are frozen: they define the digest.
class Feeder {
 public:
  template <typename T>
  void array(std::string_view name, const std::vector<T>& values) {
    text(name);
    integer(values.size());
    if constexpr (std::is_same_v<T, std::string>) {
      for (const std::string& value : values) {
        text(value);
      }
    } else {
      static_assert(std::endian::native == std::endian::little, "swap the bytes here on a big-endian machine");
      hash_.update(std::as_bytes(std::span(values)));
    }
  }
  template <typename T>
  void array(std::string_view name, const Column<T>& column) {
    text(name);
    integer(column.count);
    std::vector<T> block(std::min<std::uint64_t>(column.count, 1U << 18U));
    for (std::uint64_t first = 0; first < column.count; first += block.size()) {
      const std::span<T> values(block.data(), std::min<std::uint64_t>(block.size(), column.count - first));
      column.fill(first, values);
      hash_.update(std::as_bytes(values));
    }
  }
  /// Arrays that came with later versions of the format are fed only where they are used, so that older data keep
  /// their digest.
  template <typename T>
  void used_array(std::string_view name, const T& values) {
    if (!empty(values)) {
      array(name, values);
    }
  }
  void text(std::string_view value) {
    integer(value.size());
    hash_.update(value);
  }
  void integer(std::uint64_t value) { hash_.update(std::as_bytes(std::span(&value, 1))); }
  [[nodiscard]] std::string finish() { return hash_.finish(); }

 private:
  template <typename T>
  static bool empty(const std::vector<T>& values) {
    return values.empty();
  }
  template <typename T>
  static bool empty(const Column<T>& column) {
    return column.count == 0;
  }

  Sha256 hash_;
};

void feed_attributes(Feeder& feeder, std::string_view group, const std::map<std::string, Attribute>& attributes) {
  for (const auto& [name, attribute] : attributes) {
    feeder.text(group);
    feeder.text(name);
    feeder.array("labels", attribute.labels);
    feeder.array("codes", attribute.codes);
  }
}

}  // namespace

std::string digest_of(const PreferenceData& data) { return digest_of(data, columns_of(data)); }

std::string digest_of(const PreferenceData& data, const PreferenceColumns& columns) {
  Feeder feeder;
  feeder.text("fairsweep-preferences 1");
  feeder.array("candidates/features", columns.features);
  feeder.array("candidates/feature_names", data.feature_names);
  feeder.used_array("candidates/names", data.candidate_names);
  feeder.used_array("candidates/text", data.candidate_text);
  feeder.array("contexts/offset", data.context_offset);
  feeder.used_array("contexts/names", data.context_names);
  feeder.used_array("contexts/text", data.context_text);
  feeder.used_array("contexts/wording", data.context_wording);
  feeder.used_array("contexts/fitted", data.context_fitted);
  feeder.array("users/names", data.user_names);
  feeder.array("users/features", data.user_features);
  feeder.array("users/feature_names", data.user_feature_names);
  feed_attributes(feeder, "users/attributes", data.user_attributes);
  feeder.used_array("users/links/from", data.user_links.from);
  feeder.used_array("users/links/to", data.user_links.to);
  feeder.used_array("users/links/weight", data.user_links.weight);
  feeder.array("comparisons/user", columns.user);
  feeder.array("comparisons/context", columns.context);
  feeder.array("comparisons/offset", columns.offset);
  feeder.array("comparisons/candidate", columns.candidate);
  feeder.array("comparisons/ranked", columns.ranked);
  feeder.array("comparisons/weight", columns.weight);
  feeder.array("comparisons/repeat", columns.repeat);
  feeder.used_array("comparisons/time", columns.time);
  feeder.used_array("comparisons/position", columns.position);
  feed_attributes(feeder, "comparisons/attributes", data.comparison_attributes);
  for (const Ceiling& ceiling : data.ceilings) {
    feeder.text("ceilings");
    feeder.text(ceiling.attribute);
    feeder.array("accuracy", ceiling.accuracy);
  }
  for (const auto& [name, array] : data.feature_model.arrays) {
    feeder.text("feature_model");
    feeder.text(name);
    feeder.array("shape", array.shape);
    feeder.array("values", array.values);
  }
  if (!data.feature_model.recipe.empty()) {
    feeder.text("feature_model/recipe");
    feeder.text(data.feature_model.recipe);
  }
  for (const auto& [key, value] : data.about) {
    feeder.text("about");
    feeder.text(key);
    feeder.text(value);
  }
  return feeder.finish();
}

}  // namespace fairsweep
