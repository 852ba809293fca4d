#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Values of one array, made while they are used, so that an import of many millions need not hold them.
template <typename T>
struct Column {
  std::uint64_t count = 0;
  std::function<void(std::uint64_t first, std::span<T> block)> fill;  ///< values `first` and on into the block
};

/// The arrays of PreferenceData that grow with the comparisons, or with candidates times features. `time` and
/// `position` have no values where the source does not say.
struct PreferenceColumns {
  Column<float> features;
  Column<std::int32_t> user, context;
  Column<std::int64_t> offset, candidate;
  Column<std::int32_t> ranked;
  Column<float> weight;
  Column<std::int32_t> repeat;
  Column<std::int64_t> time;
  Column<std::int32_t> position;
};

/// Views of the arrays of `data`, which must outlive them.
[[nodiscard]] PreferenceColumns columns_of(const PreferenceData& data);

/// digest_of(), with `columns` in place of the arrays of `data` of the same names.
[[nodiscard]] std::string digest_of(const PreferenceData& data, const PreferenceColumns& columns);

/// write_data_file(), with `columns` in place of the arrays of `data` of the same names. The caller answers for the
/// rules of the format.
void write_data_file(const std::filesystem::path& file, const PreferenceData& data, const PreferenceColumns& columns);

}  // namespace fairsweep
