#pragma once

#include <spdlog/logger.h>

#include <filesystem>
#include <functional>
#include <string>

namespace fairsweep::apps {

/// The folder that resources.staging_directory names on this node: a first part "$NAME" is that environment variable's
/// value. Empty where the option is, or the variable is not set here.
[[nodiscard]] std::filesystem::path staging_folder(const std::string& option);

/// A copy of `file` in `folder`, named by the data's digest, made once a node however many workers ask at once, and
/// whole wherever it has its name. Where it cannot be made, a warning and `file` itself: the trials can still run.
/// @param stop  asked while another worker copies; true: `file` itself, at once
[[nodiscard]] std::filesystem::path stage_data(const std::filesystem::path& file, const std::string& digest,
                                               const std::filesystem::path& folder, const std::function<bool()>& stop,
                                               spdlog::logger& logger);

}  // namespace fairsweep::apps
