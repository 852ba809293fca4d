#include "workers/trainer/trainer_session.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <utility>

#include "core/protocol/codec.hpp"
#include "workers/trainer/kernels.hpp"
#include "workers/trainer/pack_failure.hpp"
#include "workers/trainer/shared_training_set.hpp"
#include "workers/trainer/stop_signal.hpp"

namespace fairsweep {
namespace {

at::Device device_named(const std::string& name) {
  if (name == "cpu") {
    return at::kCPU;
  }
  if (name != "cuda") {
    throw UserError(ExitCode::configuration, fmt::format("there is no device \"{}\"; write cpu or cuda", name));
  }
  if (!at::hasCUDA()) {
    throw UserError(ExitCode::environment,
                    "this trainer is to use a CUDA device, but LibTorch finds none: it was built without CUDA, or no "
                    "device is visible here; build against a LibTorch with CUDA, or train on the CPU");
  }
  return at::kCUDA;
}

/// "cpu", or the UUID the agent bound this process to.
std::string device_text(at::Device device) {
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  if (device.is_cpu()) {
    return "cpu";
  }
  return visible == nullptr || *visible == '\0' ? "cuda:0" : visible;
}

void require_directory(const std::string& path, const std::string& what) {
  std::error_code failed;
  if (!std::filesystem::is_directory(path, failed)) {
    throw UserError(ExitCode::environment,
                    fmt::format("{} \"{}\" is no directory; make it before the trainer starts", what, path));
  }
}

void require_protocol(const TrainerSetup& setup) {
  if (setup.protocol != k_trainer_protocol) {
    throw UserError(ExitCode::configuration,
                    fmt::format("the agent speaks trainer protocol {}, this fairsweep-trainer protocol {}; use a "
                                "fairsweep and a fairsweep-trainer of the same version",
                                setup.protocol, k_trainer_protocol));
  }
}

}  // namespace

TrainerSession::TrainerSession(LineInput& input, LineOutput& output, PackTrainer train_pack, double checkpoint_seconds,
                               std::shared_ptr<spdlog::logger> logger)
    : input_(input),
      output_(output),
      train_pack_(std::move(train_pack)),
      checkpoint_seconds_(checkpoint_seconds),
      logger_(std::move(logger)) {}

ExitCode TrainerSession::run() {
  try {
    return converse();
  } catch (const BadMessage& error) {
    return refuse(fmt::format("a line the trainer cannot read: {}", error.what()), ExitCode::configuration);
  } catch (const UserError& error) {
    return refuse(error.what(), error.code());
  } catch (const std::bad_alloc& error) {
    return refuse("there was not enough memory to load the data", ExitCode::environment);
  } catch (const std::exception& error) {
    return refuse(fmt::format("internal error: {}", sentence_of(error)), ExitCode::internal);
  }
}

ExitCode TrainerSession::converse() {
  const auto first = next_message();
  if (!first) {
    return ExitCode::done;
  }
  if (!std::holds_alternative<TrainerSetup>(*first)) {
    throw BadMessage("the first line must be the setup");
  }
  if (!prepare(std::get<TrainerSetup>(*first))) {
    return ExitCode::done;
  }
  while (!told_to_stop()) {
    const auto message = next_message();
    if (!message || std::holds_alternative<TrainerStop>(*message)) {
      break;
    }
    if (!std::holds_alternative<TrainerAssignment>(*message)) {
      throw BadMessage("the setup may come only once");
    }
    train(std::get<TrainerAssignment>(*message).assignment);
    if (device_lost_) {
      logger_->error("the device answers no more; the agent will start a new trainer");
      return ExitCode::internal;
    }
  }
  return work_left_ && stop_requested() ? ExitCode::resumable : ExitCode::done;
}

std::optional<ToTrainer> TrainerSession::next_message() {
  const auto line = input_.next(stop_descriptor());
  return line ? std::optional(parse_to_trainer(*line)) : std::nullopt;
}

bool TrainerSession::told_to_stop() {
  input_.look();
  return stop_requested() || input_.closed() || output_.broken();
}

bool TrainerSession::prepare(const TrainerSetup& setup) {
  require_protocol(setup);
  use_threads(setup.threads);
  const auto device = device_named(setup.device);
  require_directory(setup.artefact_directory, "artefact_directory");
  if (!setup.checkpoint_directory.empty()) {
    require_directory(setup.checkpoint_directory, "checkpoint_directory");
  }
  if (setup.data_file.empty()) {
    throw UserError(ExitCode::configuration, "the setup names no data file; fairsweep-trainer needs one (data.file)");
  }
  const auto blas = blas_in_use();
  if (!blas.warning.empty() && device.is_cpu()) {
    logger_->warn("{}", blas.warning);
  }
  data_ = shared_training_set(setup, device, [this] { return told_to_stop(); }, *logger_);
  if (!data_) {
    return false;
  }
  evaluator_.emplace(*data_, setup.metrics);
  device_ = device_text(device);
  setup_ = setup;

  TrainerReady ready{.name = "fairsweep-trainer", .provenance = trainer_provenance()};
  ready.provenance["device"] = device_;
  logger_->info("ready: {} training, {} validation, {} test comparisons, {} thread(s), {}, {}", data_->train.count(),
                data_->validation.count(), data_->test.count(), setup.threads, device_, blas.text);
  send(ready);
  return true;
}

void TrainerSession::train(const Assignment& assignment) {
  std::map<TrialId, const TrialOrder*> unfinished;
  for (const auto& order : assignment.trials) {
    unfinished[order.trial] = &order;
  }
  ProgressLimiter limiter(k_progress_interval);
  PackTrainingOptions options;
  options.seed = setup_->seed;
  options.checkpoint_directory = setup_->checkpoint_directory;
  options.artefact_directory = setup_->artefact_directory;
  options.data_digest = setup_->data_digest;
  options.few_shot = setup_->split.few_shot;
  options.checkpoint_seconds = checkpoint_seconds_;
  options.on_progress = [&](const TrialProgress& progress) {
    if (const auto now = limiter.offer(progress, ProgressLimiter::Time::clock::now())) {
      send(*now);
    }
  };
  options.on_outcome = [&](TrialOutcome&& outcome) {
    limiter.forget(outcome.trial);
    const auto ended = unfinished.extract(outcome.trial);
    check(!ended.empty(), "a trial ended twice, or was not of this pack");
    end(*ended.mapped(), outcome);
  };
  options.on_stage = [this](const StageNews& news) {
    logger_->info("stage {} {}: {} {} epochs, {:.3f} s; {} trials share it", news.stage, news.digest.substr(0, 12),
                  news.found ? "found," : (news.failed ? "failed after" : "trained"), news.epochs, news.seconds,
                  news.trials);
  };
  options.should_stop = [this] { return told_to_stop(); };

  TrialFailure reason;
  reason.stage = "training";
  reason.reason = "internal";
  reason.message = "the pack ended without this trial's outcome";
  try {
    train_pack_(assignment.trials, *data_, options);
    if (!unfinished.empty() && told_to_stop()) {
      logger_->info("stopped with {} of {} trials unfinished", unfinished.size(), assignment.trials.size());
      work_left_ = true;
      return;
    }
  } catch (const std::exception& error) {
    reason = failure_from(error, "training");
    device_lost_ = device_ != "cpu" && reason.reason == "internal";
  }
  for (const auto& [trial, order] : unfinished) {
    fail(trial, reason);
  }
}

void TrainerSession::end(const TrialOrder& order, const TrialOutcome& outcome) {
  if (outcome.failed) {
    fail(outcome.trial, outcome.failure);
  } else if (!all_finite(outcome.validation) || !all_finite(outcome.test)) {
    TrialFailure failure;
    failure.stage = "evaluation";
    failure.reason = "non_finite_objective";
    failure.message = "the trained model gives scores that are no numbers";
    failure.retryable = false;
    fail(outcome.trial, std::move(failure));
  } else {
    try {
      report(order, outcome);
    } catch (const std::exception& error) {  // of this trial only: the pack goes on
      fail(outcome.trial, failure_from(error, "report"));
    }
  }
}

void TrainerSession::report(const TrialOrder& order, const TrialOutcome& outcome) {
  if (keeper_) {
    keeper_(*setup_, *data_, order, outcome);
  }
  auto evaluation = evaluator_->evaluate(outcome);
  for (auto* bundle : {&evaluation.users, &evaluation.margins}) {
    bundle->attributes["data"] = setup_->data_digest;
  }
  TrialReport report;
  report.trial = outcome.trial;
  report.epochs = outcome.epochs;
  report.seconds = outcome.seconds;
  report.device = device_;
  report.metrics = std::move(evaluation.metrics);
  report.artefacts = {{"users", write_artefact(setup_->artefact_directory, evaluation.users)},
                      {"margins", write_artefact(setup_->artefact_directory, evaluation.margins)}};
  report.notes = outcome.notes;
  report.words = outcome.words;
  if (outcome.oracle)
    report.notes.merge(evaluator_->oracle_notes(*outcome.oracle));
  report.notes.merge(evaluator_->few_shot_notes(outcome.few_shot));
  logger_->info("trial {}: {} epochs, best {}, {:.3f} s", outcome.trial.value, outcome.epochs, outcome.best_epoch,
                outcome.seconds);
  send(report);
}

void TrainerSession::fail(TrialId trial, TrialFailure failure) {
  failure.trial = trial;
  logger_->warn("trial {} failed in {}: {} ({})", trial.value, failure.stage, failure.message, failure.reason);
  send(failure);
}

void TrainerSession::send(const FromTrainer& message) { output_.send(to_line(message)); }

ExitCode TrainerSession::refuse(const std::string& sentence, ExitCode code) {
  logger_->error("{}", sentence);
  send(TrainerRefusal{sentence});
  return code;
}

}  // namespace fairsweep
