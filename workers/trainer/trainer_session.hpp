#pragma once

#include <spdlog/logger.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/messages.hpp"
#include "workers/trainer/evaluation.hpp"
#include "workers/trainer/line_pipe.hpp"
#include "workers/trainer/pack_training.hpp"
#include "workers/trainer/progress_limiter.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// train_pack, or a stand-in for tests.
using PackTrainer = std::function<void(const std::vector<TrialOrder>&, const TrainingSet&, const PackTrainingOptions&)>;

/// Does something with a trained model before its trial is reported, for example keeps it.
using ModelKeeper =
    std::function<void(const TrainerSetup&, const TrainingSet&, const TrialOrder&, const TrialOutcome&)>;

/// The trainer's side of the conversation in core/protocol/messages.hpp: setup, then packs, until a stop message, which
/// is read in its turn. The end of input, a reader that has gone and a signal stop it at once: the pack at work is
/// checkpointed at the end of its epoch, and the trials without a report are another trainer's to continue.
class TrainerSession {
 public:
  static constexpr std::chrono::milliseconds k_progress_interval{200};

  /// @param checkpoint_seconds  at most this much work is lost to a kill; > 0
  TrainerSession(LineInput& input, LineOutput& output, PackTrainer train_pack, double checkpoint_seconds,
                 std::shared_ptr<spdlog::logger> logger);

  /// Every trial that is reported from now on goes through `keeper` first; one that it throws at has failed.
  void keep_models(ModelKeeper keeper) { keeper_ = std::move(keeper); }

  /// The whole conversation. done: stopped as asked; resumable: stopped by a signal with work left; configuration,
  /// environment, file: refused, the sentence has been sent; internal: a bug, or a device that can do no more.
  [[nodiscard]] ExitCode run();

 private:
  [[nodiscard]] std::optional<ToTrainer> next_message();
  [[nodiscard]] bool told_to_stop();
  /// False where the trainer was told to stop before it was ready.
  [[nodiscard]] bool prepare(const TrainerSetup& setup);
  [[nodiscard]] ExitCode converse();
  void train(const Assignment& assignment);
  void end(const TrialOrder& order, const TrialOutcome& outcome);
  void report(const TrialOrder& order, const TrialOutcome& outcome);
  void fail(TrialId trial, TrialFailure failure);
  void send(const FromTrainer& message);
  ExitCode refuse(const std::string& sentence, ExitCode code);

  LineInput& input_;
  LineOutput& output_;
  PackTrainer train_pack_;
  ModelKeeper keeper_;  ///< may be empty
  double checkpoint_seconds_;
  std::shared_ptr<spdlog::logger> logger_;
  std::optional<TrainerSetup> setup_;
  std::optional<TrainingSet> data_;
  std::optional<Evaluator> evaluator_;
  std::string device_;        ///< as reports name it
  bool work_left_ = false;    ///< a pack was stopped before its end
  bool device_lost_ = false;  ///< after a fault a CUDA context answers nothing but errors
};

}  // namespace fairsweep
