#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/protocol/array_bundle.hpp"

namespace fairsweep::store {

/// A one-dimensional array of the bundle as doubles, whatever it is stored as; nothing where there is none.
[[nodiscard]] std::optional<std::vector<double>> reals_of(const ArrayBundle& bundle, const std::string& name);
/// The same as integers; nothing where the array holds reals.
[[nodiscard]] std::optional<std::vector<std::int64_t>> integers_of(const ArrayBundle& bundle, const std::string& name);

/// `name` can be a dataset of its own in a group.
[[nodiscard]] bool is_dataset_name(const std::string& name);

}  // namespace fairsweep::store
