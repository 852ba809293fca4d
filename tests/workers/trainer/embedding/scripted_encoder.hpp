#pragma once

#include <filesystem>
#include <string>

namespace fairsweep::testing_data {

/// Saves a TorchScript module with a parameter `table` [10, 2], row t = (t, t * t), and this source of its methods.
void save_encoder(const std::filesystem::path& file, const std::string& methods);

}  // namespace fairsweep::testing_data
