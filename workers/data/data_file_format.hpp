#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "workers/data/preference_data.hpp"

/// data.h5 as it lies on the disk; docs/data_format.md is the reference. Names and values are frozen per version.
namespace fairsweep::data_file {

inline constexpr std::string_view k_format = "fairsweep-preferences";
inline constexpr std::int64_t k_version = 3;
inline constexpr std::int64_t k_version_without_links = 2;  ///< written where it says all that there is
inline constexpr std::int64_t k_oldest_version = 1;         ///< still read

/// Reads and validates in this process, where a damaged file can crash the HDF5 library. For the probe, and for
/// read_data_file() after the probe.
/// @throws UserError (file) with the path of the dataset.
[[nodiscard]] PreferenceData read_here(const std::filesystem::path& file);

}  // namespace fairsweep::data_file
