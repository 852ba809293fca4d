#include <bit>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/diagnostics/digest.hpp"
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
  void text(std::string_view value) {
    integer(value.size());
    hash_.update(value);
  }
  void integer(std::uint64_t value) { hash_.update(std::as_bytes(std::span(&value, 1))); }
  [[nodiscard]] std::string finish() { return hash_.finish(); }

 private:
  Sha256 hash_;
};

}  // namespace

std::string digest_of(const PreferenceData& data) {
  Feeder feeder;
  feeder.text("fairsweep-preferences 1");
  feeder.array("candidates/features", data.features);
  feeder.array("candidates/feature_names", data.feature_names);
  feeder.array("contexts/offset", data.context_offset);
  feeder.array("users/names", data.user_names);
  feeder.array("users/features", data.user_features);
  feeder.array("users/feature_names", data.user_feature_names);
  for (const auto& [name, attribute] : data.user_attributes) {
    feeder.text("users/attributes");
    feeder.text(name);
    feeder.array("labels", attribute.labels);
    feeder.array("codes", attribute.codes);
  }
  feeder.array("comparisons/user", data.comparison_user);
  feeder.array("comparisons/context", data.comparison_context);
  feeder.array("comparisons/offset", data.comparison_offset);
  feeder.array("comparisons/candidate", data.comparison_candidate);
  feeder.array("comparisons/ranked", data.comparison_ranked);
  feeder.array("comparisons/weight", data.comparison_weight);
  feeder.array("comparisons/repeat", data.comparison_repeat);
  for (const Ceiling& ceiling : data.ceilings) {
    feeder.text("ceilings");
    feeder.text(ceiling.attribute);
    feeder.array("accuracy", ceiling.accuracy);
  }
  for (const auto& [key, value] : data.about) {
    feeder.text("about");
    feeder.text(key);
    feeder.text(value);
  }
  return feeder.finish();
}

}  // namespace fairsweep
