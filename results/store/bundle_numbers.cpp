#include "results/store/bundle_numbers.hpp"

#include <type_traits>

#include "core/hdf5/text.hpp"

namespace fairsweep::store {
namespace {

const NamedArray* find_row(const ArrayBundle& bundle, const std::string& name) {
  const auto place = bundle.arrays.find(name);
  return place != bundle.arrays.end() && place->second.shape.size() == 1 ? &place->second : nullptr;
}

}  // namespace

std::optional<std::vector<double>> reals_of(const ArrayBundle& bundle, const std::string& name) {
  const NamedArray* array = find_row(bundle, name);
  if (array == nullptr)
    return std::nullopt;
  return std::visit([](const auto& values) { return std::vector<double>(values.begin(), values.end()); },
                    array->values);
}

std::optional<std::vector<std::int64_t>> integers_of(const ArrayBundle& bundle, const std::string& name) {
  const NamedArray* array = find_row(bundle, name);
  if (array == nullptr)
    return std::nullopt;
  return std::visit(
      [](const auto& values) -> std::optional<std::vector<std::int64_t>> {
        if constexpr (std::is_floating_point_v<typename std::decay_t<decltype(values)>::value_type>) {
          return std::nullopt;
        } else {
          return std::vector<std::int64_t>(values.begin(), values.end());
        }
      },
      array->values);
}

bool is_dataset_name(const std::string& name) {
  return !name.empty() && name != "." && name.find('/') == std::string::npos && hdf5::is_storable_text(name);
}

}  // namespace fairsweep::store
