#include "orchestrator/apps/job_end.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/child_program.hpp"

namespace fairsweep::apps {
namespace {

constexpr double k_longest_seconds = 3650.0 * 86400;

/// A whole text that is a number.
std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto answer = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = answer.ec == std::errc() && answer.ptr == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// "2026-03-01T18:00:00", local time, and nothing else.
std::optional<double> moment_of(std::string_view text) {
  std::tm parts{};
  const std::string copy(text);
  const char* end = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (end == nullptr || *end != '\0') {
    return std::nullopt;
  }
  parts.tm_isdst = -1;  // whether summer time holds then is the system's to know
  const std::time_t time = std::mktime(&parts);
  return time == -1 ? std::nullopt : std::optional(static_cast<double>(time));
}

/// "+90m": seconds, minutes, hours or days.
std::optional<double> duration_of(std::string_view text) {
  if (text.size() < 3 || text.front() != '+') {
    return std::nullopt;
  }
  constexpr std::string_view k_units = "smhd";
  constexpr std::array<double, 4> k_seconds{1, 60, 3600, 86400};
  const std::size_t unit = k_units.find(text.back());
  const std::optional<double> count = number_of(text.substr(1, text.size() - 2));
  if (unit == std::string_view::npos || !count || *count <= 0 || *count * k_seconds.at(unit) > k_longest_seconds) {
    return std::nullopt;
  }
  return *count * k_seconds.at(unit);
}

JobEnd read_option(const std::string& option, double now) {
  if (const std::optional<double> duration = duration_of(option)) {
    return {now + *duration, "--deadline"};
  }
  const std::optional<double> moment = moment_of(option);
  if (!moment) {
    throw UserError(ExitCode::configuration,
                    fmt::format("--deadline \"{}\" is no moment and no time from now; write 2026-03-01T18:00:00 (local "
                                "time) or +90m (s, m, h or d)",
                                option));
  }
  if (*moment <= now) {
    throw UserError(ExitCode::configuration,
                    fmt::format("--deadline {} has passed; give a later one, or leave the option out", option));
  }
  return {*moment, "--deadline"};
}

std::string words_of_scontrol(const std::string& job) {
  // Not to wait for a controller that does not answer.
  return answer_of({"timeout", "10", "scontrol", "show", "job", "--oneliner", job}, Errors::hidden).value_or("");
}

}  // namespace

JobEndSources job_end_sources() {
  return {[](const char* name) -> std::optional<std::string> {
            const char* value = std::getenv(name);
            return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
          },
          words_of_scontrol,
          [] { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }};
}

std::optional<double> end_time_of(std::string_view description) {
  constexpr std::string_view k_key = " EndTime=";
  const std::size_t key = description.find(k_key);
  if (key == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view value = description.substr(key + k_key.size());
  return moment_of(value.substr(0, value.find_first_of(" \n")));
}

std::optional<JobEnd> find_job_end(const std::string& option, const JobEndSources& sources) {
  if (!option.empty()) {
    return read_option(option, sources.time());
  }
  if (const std::optional<std::string> text = sources.environment("SLURM_JOB_END_TIME")) {
    const std::optional<double> time = number_of(*text);
    if (time && *time > 0) {
      return JobEnd{*time, "SLURM_JOB_END_TIME"};
    }
  }
  const std::optional<std::string> job = sources.environment("SLURM_JOB_ID");
  if (!job || job->find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  const std::optional<double> time = end_time_of(sources.describe_job(*job));
  return time ? std::optional(JobEnd{*time, "scontrol"}) : std::nullopt;
}

}  // namespace fairsweep::apps
