#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace fairsweep::apps {

/// When this job will be ended by others, and who says so.
struct JobEnd {
  double time = 0;     ///< seconds since the epoch
  std::string source;  ///< "--deadline", "SLURM_JOB_END_TIME" or "scontrol"
};

/// What is looked at; replaced in tests.
struct JobEndSources {
  std::function<std::optional<std::string>(const char* name)> environment;
  std::function<std::string(const std::string& job)> describe_job;  ///< scontrol's words about a job; empty: none
  std::function<double()> time;                                     ///< seconds since the epoch
};
/// This process's environment and `scontrol show job`.
[[nodiscard]] JobEndSources job_end_sources();

/// The end that `--deadline` names; else SLURM_JOB_END_TIME; else the EndTime of `scontrol show job` (Slurm
/// before 23.02 sets no variable). Nothing where no one knows of an end.
/// @param option  a moment "2026-03-01T18:00:00" (local time) or a time from now, "+90m" (s, m, h, d); empty: none
/// @throws UserError (configuration) where the option is neither, or lies in the past.
[[nodiscard]] std::optional<JobEnd> find_job_end(const std::string& option, const JobEndSources& sources);

/// Seconds since the epoch of the EndTime in scontrol's one-line description; nothing where it names none.
[[nodiscard]] std::optional<double> end_time_of(std::string_view description);

}  // namespace fairsweep::apps
