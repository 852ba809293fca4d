#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/domain/objective.hpp"
#include "core/protocol/messages.hpp"
#include "workers/agent/trainer_process.hpp"

namespace fairsweep {

struct SupervisorOptions {
  TrainerLaunch launch;
  TrainerSetup setup;
  std::vector<Objective> objectives;  ///< each needs a validation value in every report
  double silence_seconds = 0;         ///< a trainer at work that says nothing for longer is killed; 0: as begin() says
  double progress_seconds = 10;       ///< a trial's progress is passed on at most this often; its first at once
};

/// What became of a pack's trials since it was last asked.
struct TrialNews {
  std::vector<TrialProgress> progress;
  std::vector<TrialReport> reports;
  std::vector<TrialFailure> failures;
  [[nodiscard]] bool empty() const { return progress.empty() && reports.empty() && failures.empty(); }
};

/// Keeps a trainer: starts it when there is work, checks everything it says, and turns every way it can go wrong into
/// TrialFailures of the trials it had. A trainer that died is started again, later each time; one that dies
/// k_start_tries times in a row before it was ready, or refuses, is unusable. docs/errors.md lists the reasons.
///
/// A trainer that was asked to stop by somebody else (SIGTERM, or its own word for that, exit code 75) gives its trials
/// back: whoever ends a job ends all its processes, and the trainer may get the signal before its agent does. One that
/// does so k_most_returns times in a row without a report has failed them.
class TrainerSupervisor {
 public:
  static constexpr int k_most_returns = 3;
  static constexpr int k_start_tries = 3;

  explicit TrainerSupervisor(SupervisorOptions options) : options_(std::move(options)) {}

  /// The pack is the trainer's now. Only while none is.
  /// @param silence_seconds  without a word after which the trainer hangs, where the options say nothing; 0: never
  void begin(Assignment assignment, double silence_seconds = 0);
  /// Drops the pack without a word about its trials, and the trainer with it: it has no way to be told.
  void abandon();
  /// Asks the trainer to stop at the next occasion (it may leave checkpoints); its end is seen by running().
  void ask_to_stop();
  void kill();
  /// Does what is due; waits at most `milliseconds` for the trainer to say something. `now` in seconds.
  void turn(double now, int milliseconds);

  [[nodiscard]] bool running() const { return process_ != nullptr; }
  [[nodiscard]] const std::optional<Assignment>& pack() const { return pack_; }
  /// Every trial of the pack has ended; finish() takes it away.
  [[nodiscard]] bool pack_ended() const { return pack_ && open_.empty(); }
  [[nodiscard]] LeaseId finish();
  [[nodiscard]] TrialNews take_news();
  /// Set once the trainer cannot work at all: stage "start", reason "refused" or "start".
  [[nodiscard]] const std::optional<TrialFailure>& unusable() const { return unusable_; }
  /// What the trainer said about itself when it was ready.
  [[nodiscard]] const std::map<std::string, std::string>& provenance() const { return provenance_; }

 private:
  void start(double now);
  void read_lines(double now);
  void take_line(const std::string& line, double now);
  void on(const TrainerReady& ready);
  void on(const TrainerRefusal& refusal);
  void on(const TrialProgress& progress, double now);
  void on(const TrialReport& report);
  void on(const TrialFailure& failure);
  void take_end(double now);
  void give_up_on_starting(const TrainerExit& exit);
  void fail_open_trials(const std::string& reason, const std::string& message, const TrainerExit& exit);
  void reject(const std::string& what);
  void watch_silence(double now);
  void hand_over_pack();

  SupervisorOptions options_;
  std::unique_ptr<TrainerProcess> process_;
  bool ready_ = false;
  bool asked_to_stop_ = false;
  std::optional<Assignment> pack_;
  double expected_silence_ = 0;  ///< of the pack, as begin() said
  bool handed_over_ = false;     ///< the pack has been sent to the trainer
  std::set<TrialId> open_;       ///< trials of the pack that have not ended
  std::map<TrialId, double> progress_at_;
  TrialNews news_;
  std::optional<TrainerRefusal> refusal_;
  std::optional<TrialFailure> unusable_;
  std::map<std::string, std::string> provenance_;
  std::string kill_reason_;  ///< why this side ended the trainer; empty: it did so itself
  std::string kill_message_;
  double last_word_ = 0;
  double output_closed_at_ = -1;  ///< when its output was first seen closed; negative: open
  double start_after_ = 0;
  int failed_starts_ = 0;
  int failed_packs_ = 0;  ///< deaths in a row without a single report
};

}  // namespace fairsweep
