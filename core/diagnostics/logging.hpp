#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <string>
#include <string_view>

namespace fairsweep {

/// How much is said on stderr; each level includes those after it.
enum class LogLevel { debug, info, warning, error };

/// "debug", "info", "warning" or "error". @throws UserError (configuration) naming the known levels.
[[nodiscard]] LogLevel log_level(std::string_view text);

/// A logger that writes lines "time level [role] text" to stderr, never to stdout, which belongs to results.
/// `role` says who speaks: "rank 3 agent", "rank 0 coordinator". Hand the logger to whoever needs it; threads may share
/// one. Lines are complete before the call returns, so a crash loses none. Coloured on a terminal only.
[[nodiscard]] std::shared_ptr<spdlog::logger> make_logger(std::string_view role, LogLevel level = LogLevel::info);

}  // namespace fairsweep
