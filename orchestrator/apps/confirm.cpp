#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/config/read_sweep.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/job_end.hpp"
#include "orchestrator/apps/load_run.hpp"
#include "orchestrator/apps/run_sweep.hpp"
#include "results/report/confirmation.hpp"

namespace fairsweep::apps {
namespace {

struct ConfirmOptions {
  RunOptions options;
  std::string run;
  std::int64_t replicates = 0;  ///< 0: as many as the run has
};

/// The folder beside the run, or beside the folder its result file is in.
std::filesystem::path place_beside(const std::string& run) {
  std::filesystem::path place = std::filesystem::path(run).lexically_normal();
  if (!std::filesystem::is_directory(place)) {
    place =
        place.filename() == "results.h5" && place.has_parent_path() ? place.parent_path() : place.replace_extension();
  }
  if (!place.has_filename()) {  // "runs/x/"
    place = place.parent_path();
  }
  if (place.empty() || place.filename() == "." || place.filename() == "..") {
    place = std::filesystem::absolute(place).lexically_normal();
    place = place.has_filename() ? place : place.parent_path();
  }
  return place.parent_path() / (place.filename().string() + "-confirmed");
}

void refuse_without_front(const report::RunSummary& run) {
  if (!run.record.complete) {
    throw UserError(ExitCode::configuration,
                    fmt::format("{}: the run is not complete, and its front may still change; go on with it first "
                                "(`fairsweep run ... --resume`)",
                                run.name));
  }
  if (run.front.members.empty()) {
    throw UserError(ExitCode::configuration, fmt::format("{}: the run has no front to confirm", run.name));
  }
}

/// Only what says where and with what trials run: anything else would confirm another sweep.
Overrides means_of_running(const RunOptions& options) {
  Overrides overrides = parse_overrides(options.assignments);
  for (const auto& [path, value] : overrides) {
    if (path != "data.file" && !path.starts_with("resources.")) {
      throw UserError(ExitCode::configuration,
                      fmt::format("--set {}: a confirmation trains what the run trained; only data.file (the same data "
                                  "elsewhere) and resources.* may be set",
                                  path));
    }
  }
  return overrides;
}

/// The first replicate whose number no trial of the run has.
std::uint32_t first_fresh_replicate(const RunRecord& record) {
  std::uint32_t next = record.replicates;
  for (const TrialRecord& trial : record.trials) {
    next = std::max(next, trial.replicate + 1);
  }
  return next;
}

/// Settings as a mapping that a sweep takes; text in JSON's quotes is YAML, too.
std::string settings_text(const Settings& settings) {
  std::string text;
  for (const auto& [path, value] : settings) {
    const auto* word = std::get_if<std::string>(&value);
    text +=
        (text.empty() ? "" : ", ") + path + ": " + (word != nullptr ? nlohmann::json(*word).dump() : to_text(value));
  }
  return "{" + text + "}";
}

/// The run's own sweep with its front as the list of configurations, and replicates that it never had.
SweepConfiguration sweep_of(const report::RunSummary& first, const ConfirmOptions& confirm) {
  const RunRecord& record = first.record;
  std::vector<std::string> listed, numbers;
  for (const std::size_t member : first.front.members) {
    const ConfigurationId id = first.front.points[member].configuration;
    listed.push_back(settings_text(report::configuration_of(record, id).values));
    numbers.push_back(fmt::format("\"{}\"", id.value));
  }
  const std::int64_t replicates = confirm.replicates > 0 ? confirm.replicates : record.replicates;
  Overrides overrides = means_of_running(confirm.options);
  const auto set = [&overrides](const char* path, std::string value) {
    overrides.emplace_back(path, std::move(value));
  };
  set("sweep", fmt::format("\"{}-confirmed\"", record.sweep));
  set("search.strategy", "listed");
  set("search.configurations", "0");
  set("search.replicates", std::to_string(replicates));
  set("search.listed", fmt::format("[{}]", fmt::join(listed, ", ")));
  set("search.first_replicate", std::to_string(first_fresh_replicate(record)));
  set("search.confirms.run", nlohmann::json(first.name).dump());
  set("search.confirms.digest", fmt::format("\"{}\"", record.configuration_digest));
  set("search.confirms.configurations", fmt::format("[{}]", fmt::join(numbers, ", ")));
  ReadResult read = read_sweep_text(record.resolved_configuration, first.name, overrides);
  if (!read.ok()) {
    throw UserError(ExitCode::configuration,
                    fmt::format("{}: its configuration cannot be made into one that confirms it: {}", first.name,
                                read.issues.front().text()));
  }
  return std::move(read.sweep);
}

SweepPlan plan_of(const ConfirmOptions& confirm, spdlog::logger& logger) {
  const std::optional<JobEnd> end = find_job_end(confirm.options.deadline, job_end_sources());
  const report::RunSummary first = load_run(confirm.run);
  refuse_without_front(first);
  SweepConfiguration sweep = sweep_of(first, confirm);
  (void)trainer_command(sweep);
  const std::filesystem::path place =
      confirm.options.out.empty() ? place_beside(confirm.run) : std::filesystem::path(confirm.options.out);
  SweepPlan plan = make_plan(std::move(sweep), RunDirectory(place), true);
  if (plan.data_digest != first.record.data_digest) {
    throw UserError(ExitCode::file,
                    fmt::format("{}: these are not the data of {} (digest {}, there {}); bring back the data it was "
                                "trained on, or say where they are with --set data.file=FILE",
                                plan.sweep.data.file, confirm.run, plan.data_digest, first.record.data_digest));
  }
  plan.provenance = report::facts_of_front(first);
  keep_job_end(plan, end, logger);
  plan.announcement = fmt::format("the front of {} is trained again in {}: {} configurations, {} fresh seeds each",
                                  confirm.run, place.string(), plan.configurations, plan.sweep.search.replicates);
  return plan;
}

report::Confirmation confirmation_in(const report::RunSummary& run) {
  std::optional<report::Confirmation> confirmation = report::confirmation_of(run);
  check(confirmation.has_value(), "a run that confirms another keeps its first numbers");
  return std::move(*confirmation);
}

}  // namespace

void add_confirm(CLI::App& app, ExitCode& exit_code) {
  const auto confirm = std::make_shared<ConfirmOptions>();
  CLI::App* command = app.add_subcommand(
      "confirm", "Train the front of a run again on fresh seeds: what the choice among noisy values made of it");
  command->add_option("RUN", confirm->run, "a complete run: its directory or results.h5")->required();
  command
      ->add_option("--replicates", confirm->replicates,
                   "fresh seeds of each configuration (default: as many as the run has)")
      ->check(CLI::Range(1, 10000));
  add_run_options(*command, confirm->options, "RUN-confirmed");
  command->callback([confirm, &exit_code] {
    RunRequest request;
    request.options = confirm->options;
    request.plan = [confirm](spdlog::logger& logger) { return plan_of(*confirm, logger); };
    request.text = [](const report::RunSummary& run) { return report::confirmation_text(run, confirmation_in(run)); };
    request.add_json = [](nlohmann::json& answer, const report::RunSummary& run) {
      answer["confirmation"] = report::confirmation_json(run, confirmation_in(run));
    };
    exit_code = run_sweep(request);
  });
}

}  // namespace fairsweep::apps
