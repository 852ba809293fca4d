#include "orchestrator/apps/export_models.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "core/config/read_sweep.hpp"
#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/logging.hpp"
#include "core/diagnostics/output_file.hpp"
#include "orchestrator/apps/cores.hpp"
#include "orchestrator/apps/stop_signal.hpp"
#include "orchestrator/apps/sweep_plan.hpp"
#include "results/report/front_report.hpp"
#include "workers/agent/trainer_supervisor.hpp"

namespace fairsweep::apps {
namespace {

SweepConfiguration sweep_of(const report::RunSummary& run) {
  const ReadResult read = read_sweep_text(run.record.resolved_configuration, run.name);
  if (!read.ok()) {
    throw UserError(ExitCode::file, run.name +
                                        ": this fairsweep cannot read the configuration in it, so its models "
                                        "cannot be trained again: " +
                                        read.issues.front().text());
  }
  if (!read.sweep.trainer_command.empty()) {
    throw UserError(ExitCode::configuration, run.name + " was trained by another program (trainer.command: " +
                                                 read.sweep.trainer_command.front() +
                                                 "), which keeps its own models; --models is for those of "
                                                 "fairsweep-trainer");
  }
  return read.sweep;
}

/// Every replicate of every configuration on the front that was reported.
std::vector<const TrialRecord*> trials_of_front(const report::RunSummary& run) {
  std::vector<const TrialRecord*> trials;
  for (const std::size_t member : run.front.members) {
    for (const TrialRecord& trial : run.record.trials) {
      if (trial.configuration == run.front.points[member].configuration && trial.state == TrialState::reported)
        trials.push_back(&trial);
    }
  }
  if (trials.empty())
    throw UserError(ExitCode::configuration, run.name + " has no front yet, so there are no models to export");
  return trials;
}

/// A folder for the trainer's files within `folder`, gone with this object.
class WorkFolder {
 public:
  explicit WorkFolder(const std::filesystem::path& folder) : path_(folder / (".work-" + std::to_string(::getpid()))) {
    std::error_code error;
    std::filesystem::create_directories(models(), error);
    if (error)
      throw UserError(ExitCode::environment, path_.string() + ": this folder cannot be made: " + error.message());
  }
  ~WorkFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path models() const { return path_ / "models"; }

 private:
  std::filesystem::path path_;
};

/// The kernels of the recorded trainer, where it chose any and nobody chooses others now.
void choose_recorded_kernels(const RunRecord& record) {
  for (const char* name : {"OPENBLAS_CORETYPE", "ATEN_CPU_CAPABILITY"}) {
    const auto recorded = record.provenance.find(std::string("trainer.") + name);
    if (recorded != record.provenance.end() && recorded->second != "not set")
      ::setenv(name, recorded->second.c_str(), 0);
  }
}

SweepPlan plan_of(const report::RunSummary& run, SweepConfiguration sweep, const std::string& data_file,
                  const WorkFolder& work) {
  if (!data_file.empty())
    sweep.data.file = data_file;
  const RunDirectory directory(work.path());
  SweepPlan plan = make_plan(std::move(sweep), directory);
  if (plan.data_digest != run.record.data_digest) {
    throw UserError(ExitCode::file, plan.sweep.data.file + " is not the data of this run: its SHA-256 is " +
                                        plan.data_digest + ", the run was trained on " + run.record.data_digest +
                                        "; say with --data where those are");
  }
  directory.prepare();
  return plan;
}

SupervisorOptions supervisor_options(const SweepPlan& plan, const WorkFolder& work) {
  SupervisorOptions options;
  options.setup = setup_of(plan);
  options.setup.people_file.clear();  // nobody wrote it here; our trainer finds the people by itself
  options.setup.threads = trainer_threads(plan.sweep.resources.threads_per_trainer);
  options.objectives = plan.objectives;
  options.launch.launcher = {this_program(), "launch-trainer"};
  options.launch.command = trainer_command(plan.sweep);
  options.launch.command.emplace_back("--models");
  options.launch.command.push_back(std::filesystem::absolute(work.models()).string());
  options.launch.threads = options.setup.threads;
  options.launch.log_file = (work.path() / "trainer.log").string();
  return options;
}

/// The trials in packs of one shape.
std::vector<Assignment> packs_of(const report::RunSummary& run, const std::vector<const TrialRecord*>& trials) {
  std::map<std::string, Assignment> packs;
  for (const TrialRecord* trial : trials) {
    const Settings settings = run.all_settings(report::configuration_of(run.record, trial->configuration));
    packs[shape_key(settings)].trials.push_back({trial->id, trial->configuration, trial->replicate, 0, settings});
  }
  std::vector<Assignment> list;
  list.reserve(packs.size());
  for (auto& [key, pack] : packs) {
    pack.lease.value = list.size() + 1;
    list.push_back(std::move(pack));
  }
  return list;
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::vector<TrialReport> train(SupervisorOptions options, const std::vector<Assignment>& packs) {
  constexpr int k_turn_milliseconds = 100;
  std::vector<TrialReport> reports;
  TrainerSupervisor supervisor(std::move(options));
  for (const Assignment& pack : packs) {
    supervisor.begin(pack);
    while (!supervisor.pack_ended()) {
      supervisor.turn(seconds_now(), k_turn_milliseconds);
      if (stop_signals() > 0)
        throw UserError(ExitCode::resumable, "export: stopped; no model was written, give the command again");
      TrialNews news = supervisor.take_news();
      for (TrialReport& report : news.reports)
        reports.push_back(std::move(report));
      if (!news.failures.empty()) {
        throw UserError(ExitCode::environment,
                        fmt::format("trial {} could not be trained again ({}): {}", news.failures.front().trial.value,
                                    news.failures.front().reason, news.failures.front().message));
      }
      if (supervisor.unusable())
        throw UserError(ExitCode::environment, "the trainer cannot work: " + supervisor.unusable()->message);
    }
    (void)supervisor.finish();
  }
  return reports;
}

std::string digest_of_artefact(const std::vector<Artefact>& artefacts, const std::string& name) {
  const auto place = std::ranges::find(artefacts, name, &Artefact::name);
  return place == artefacts.end() ? "" : place->digest;
}

/// Compares with what is recorded. @throws UserError (file) where they are not the same model.
ExportedModel compared(const report::RunSummary& run, const TrialRecord& recorded, const TrialReport& report) {
  ExportedModel model;
  model.trial = recorded.id;
  const std::string digest = digest_of_artefact(recorded.artefacts, "margins");
  model.bit_for_bit = !digest.empty() && digest == digest_of_artefact(report.artefacts, "margins");
  for (const MetricValue& before : recorded.metrics) {
    const auto now = std::ranges::find_if(report.metrics, [&](const MetricValue& metric) {
      return metric.metric == before.metric && metric.split == before.split && metric.group == before.group;
    });
    if (now == report.metrics.end() || (std::isnan(now->value) && std::isnan(before.value)))
      continue;
    const double difference = std::fabs(now->value - before.value);
    model.largest_difference = std::max(model.largest_difference, difference);
    if (!(difference <= k_metric_tolerance * std::max(1.0, std::fabs(before.value)))) {
      throw UserError(
          ExitCode::file,
          fmt::format("{}: trial {} comes out otherwise: {}{} on {} is {} and was {}; use the fairsweep "
                      "(commit {}), the libraries and the kind of device that the file names",
                      run.name, recorded.id.value, before.metric, before.group.empty() ? "" : " of " + before.group,
                      to_text(before.split), now->value, before.value,
                      run.record.provenance.contains("fairsweep.commit") ? run.record.provenance.at("fairsweep.commit")
                                                                         : "unknown"));
    }
  }
  return model;
}

void write_list(const report::RunSummary& run, const std::filesystem::path& folder,
                const std::vector<ExportedModel>& models) {
  nlohmann::json list = nlohmann::json::array();
  for (const ExportedModel& model : models) {
    const auto trial = std::ranges::find(run.record.trials, model.trial, &TrialRecord::id);
    const Configuration& configuration = report::configuration_of(run.record, trial->configuration);
    list.push_back({{"file", model.file.filename().string()},
                    {"recipe", model.file.stem().string() + ".json"},
                    {"trial", model.trial.value},
                    {"configuration", configuration.id.value},
                    {"replicate", trial->replicate},
                    {"method", report::method_of(run, configuration)},
                    {"bit_for_bit", model.bit_for_bit},
                    {"largest_metric_difference", model.largest_difference}});
  }
  const nlohmann::json document = {{"format", "fairsweep-models"},
                                   {"format_version", 1},
                                   {"sweep", run.record.sweep},
                                   {"configuration_digest", run.record.configuration_digest},
                                   {"data_digest", run.record.data_digest},
                                   {"models", std::move(list)}};
  replace_file(folder / "models.json", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace

std::vector<ExportedModel> export_models(const report::RunSummary& run, const std::filesystem::path& folder,
                                         const std::string& data_file) {
  SweepConfiguration sweep = sweep_of(run);
  const std::vector<const TrialRecord*> trials = trials_of_front(run);
  const OutputFile place(folder / "models.json");
  const WorkFolder work(folder);
  choose_recorded_kernels(run.record);
  const SweepPlan plan = plan_of(run, std::move(sweep), data_file, work);
  make_logger("export")->info("training {} models of the front again", trials.size());
  std::map<TrialId, TrialReport> reports;
  for (TrialReport& report : train(supervisor_options(plan, work), packs_of(run, trials)))
    reports[report.trial] = std::move(report);
  std::vector<ExportedModel> models;
  models.reserve(trials.size());
  for (const TrialRecord* trial : trials)
    models.push_back(compared(run, *trial, reports.at(trial->id)));
  for (ExportedModel& model : models) {
    const std::string stem = "trial-" + std::to_string(model.trial.value);
    for (const char* ending : {".json", ".pt"})
      std::filesystem::rename(work.models() / (stem + ending), folder / (stem + ending));
    model.file = folder / (stem + ".pt");
  }
  write_list(run, folder, models);
  return models;
}

}  // namespace fairsweep::apps
