#include "core/diagnostics/logging.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>

#include <array>
#include <cstddef>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"

namespace fairsweep {
namespace {

const std::array<std::string, 4> k_level_names = {"debug", "info", "warning", "error"};
constexpr std::array k_spdlog_levels = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                        spdlog::level::err};

}  // namespace

LogLevel log_level(std::string_view text) {
  for (std::size_t i = 0; i < k_level_names.size(); ++i) {
    if (k_level_names[i] == text)
      return static_cast<LogLevel>(i);
  }
  throw UserError(ExitCode::configuration, "unknown log level \"" + std::string(text) +
                                               "\"; it is one of debug, info, warning, error" +
                                               did_you_mean(text, k_level_names));
}

std::shared_ptr<spdlog::logger> make_logger(std::string_view role, LogLevel level) {
  // The colour sinks share one lock for the whole stream, so that lines of several loggers never mix.
  auto logger =
      std::make_shared<spdlog::logger>(std::string(role), std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_level(k_spdlog_levels.at(static_cast<std::size_t>(level)));
  logger->flush_on(spdlog::level::trace);
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ [%n] %v");
  return logger;
}

}  // namespace fairsweep
