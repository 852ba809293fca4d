#include "orchestrator/apps/load_run.hpp"

#include <memory>
#include <system_error>
#include <utility>

#include "core/config/read_sweep.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/logging.hpp"
#include "results/store/result_file.hpp"

namespace fairsweep::apps {
namespace {

/// A file that people name in place of a run.
void refuse_other_files(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const bool configuration = file.extension() == ".yaml" || file.extension() == ".yml";
  if (!configuration && file.filename() != "events.log")
    return;
  std::error_code ignored;
  const std::string what =
      file.string() + ": this is " + (configuration ? "the configuration of a sweep" : "the log of a run");
  if (std::filesystem::exists(folder / "events.log", ignored)) {
    throw UserError(ExitCode::configuration, what + "; name the run's folder, " + folder.string());
  }
  throw UserError(
      ExitCode::configuration,
      what + " and no run: \"fairsweep run " + file.string() +
          "\" makes the run, whose folder (runs/NAME where nothing else is said) or results.h5 is wanted here");
}

}  // namespace

std::filesystem::path result_file_of(const std::filesystem::path& run) {
  std::error_code ignored;
  if (!std::filesystem::exists(run, ignored)) {
    throw UserError(
        ExitCode::file,
        run.string() + ": there is no such run; name a run directory, for example runs/my_sweep, or a results.h5");
  }
  if (!std::filesystem::is_directory(run, ignored)) {
    refuse_other_files(run);
    return run;
  }
  const std::filesystem::path file = run / "results.h5";
  if (std::filesystem::exists(file, ignored))
    return file;
  if (std::filesystem::exists(run / "events.log", ignored)) {
    throw UserError(ExitCode::file, run.string() +
                                        " has no results.h5 yet: a run writes the first one soon after it "
                                        "began (\"fairsweep status " +
                                        run.string() +
                                        "\" says how far it is); of a "
                                        "run that has ended \"fairsweep rebuild " +
                                        run.string() + "\" makes it");
  }
  throw UserError(ExitCode::file, run.string() + " is no run directory: it holds neither results.h5 nor events.log");
}

report::RunSummary load_run(const std::string& run, EventLines events) {
  const std::filesystem::path file = result_file_of(run);
  RunRecord record = read_result_file(file, events);
  const auto read = std::make_shared<const ReadResult>(read_sweep_text(record.resolved_configuration, file.string()));
  if (!read->ok()) {
    make_logger("results")->warn(
        "{}: its configuration cannot be read by this fairsweep, so only searched settings are shown: {}",
        file.string(), read->issues.front().text());
    return report::summarise_run(run, std::move(record), {});
  }
  return report::summarise_run(
      run, std::move(record), read->sweep.settings,
      [read](const Configuration& configuration) { return trial_settings(read->sweep, configuration.values); });
}

void warn_where_incomplete(const report::RunSummary& run) {
  if (!run.record.complete) {
    make_logger("results")->warn(
        "{0}: the run is not complete, and what is written of it may still change; `fairsweep status {0}` says how far "
        "it is",
        run.name);
  }
}

}  // namespace fairsweep::apps
