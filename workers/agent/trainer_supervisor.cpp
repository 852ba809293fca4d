#include "workers/agent/trainer_supervisor.hpp"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstring>
#include <utility>
#include <variant>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/codec.hpp"
#include "workers/agent/report_check.hpp"

namespace fairsweep {
namespace {

constexpr double k_first_pause = 0.1;  // before a trainer that died is started again
constexpr double k_longest_pause = 10.0;
constexpr double k_closed_output_seconds = 2.0;  // a trainer without output has this long to be gone
constexpr double k_refusal_seconds = 5.0;        // a trainer that refused has this long to leave

double pause_after(int deaths) {
  return std::min(k_first_pause * std::pow(4.0, std::max(deaths - 1, 0)), k_longest_pause);
}

std::string describe(const TrainerExit& exit) {
  if (exit.signal != 0) {
    return "the trainer was ended by signal " + std::to_string(exit.signal) + " (" + strsignal(exit.signal) + ")";
  }
  return "the trainer ended with exit code " + std::to_string(exit.exit_code) + " before its trials did";
}

/// Somebody ended it in an orderly way.
bool was_told_to_stop(const TrainerExit& exit) {
  return exit.signal == SIGTERM || (exit.signal == 0 && exit.exit_code == static_cast<int>(ExitCode::resumable));
}

}  // namespace

void TrainerSupervisor::begin(Assignment assignment, double silence_seconds) {
  check(!pack_, "a trainer has one pack at a time");
  for (const TrialOrder& order : assignment.trials) {
    open_.insert(order.trial);
  }
  pack_ = std::move(assignment);
  expected_silence_ = silence_seconds;
  handed_over_ = false;
  progress_at_.clear();
  hand_over_pack();
}

void TrainerSupervisor::abandon() {
  pack_.reset();
  open_.clear();
  news_ = {};
  process_.reset();
  ready_ = false;
}

void TrainerSupervisor::ask_to_stop() {
  if (std::exchange(asked_to_stop_, true)) {
    return;
  }
  if (process_) {
    process_->send(to_line(ToTrainer{TrainerStop{}}));
    process_->close_input();
  }
}

void TrainerSupervisor::kill() {
  if (process_) {
    process_->kill();
  }
}

LeaseId TrainerSupervisor::finish() {
  check(pack_ended(), "a pack is finished when its trials have ended");
  const LeaseId lease = pack_->lease;
  pack_.reset();
  return lease;
}

TrialNews TrainerSupervisor::take_news() { return std::exchange(news_, {}); }

void TrainerSupervisor::turn(double now, int milliseconds) {
  if (!process_) {
    if (pack_ && !open_.empty() && !unusable_ && !asked_to_stop_ && now >= start_after_) {
      start(now);
    }
    return;
  }
  process_->wait(milliseconds);
  read_lines(now);
  if (process_ && process_->ended()) {
    take_end(now);
    return;
  }
  if (process_ && process_->output_closed() && kill_reason_.empty() && !asked_to_stop_ && !refusal_) {
    // A process that dies closes its pipes a moment before it can be waited for.
    if (output_closed_at_ < 0) {
      output_closed_at_ = now;
    } else if (now - output_closed_at_ > k_closed_output_seconds) {
      reject("it closed its output and lives on");
    }
  }
  watch_silence(now);
}

void TrainerSupervisor::start(double now) {
  ready_ = false;
  refusal_.reset();
  kill_reason_.clear();
  last_word_ = now;
  output_closed_at_ = -1;
  process_ = std::make_unique<TrainerProcess>(options_.launch);
  process_->send(to_line(ToTrainer{options_.setup}));
}

void TrainerSupervisor::hand_over_pack() {
  if (process_ && ready_ && pack_ && !handed_over_ && !asked_to_stop_) {
    handed_over_ = true;
    process_->send(to_line(ToTrainer{TrainerAssignment{*pack_}}));
  }
}

void TrainerSupervisor::read_lines(double now) {
  while (kill_reason_.empty()) {
    const std::optional<std::string> line = process_->next_line();
    if (!line) {
      break;
    }
    last_word_ = now;
    take_line(*line, now);
  }
  if (kill_reason_.empty() && process_->line_too_long()) {
    reject("it wrote a line of more than 16 MiB");
  }
}

void TrainerSupervisor::take_line(const std::string& line, double now) {
  try {
    const FromTrainer message = parse_from_trainer(line);
    if (const auto* progress = std::get_if<TrialProgress>(&message)) {
      on(*progress, now);
    } else if (const auto* report = std::get_if<TrialReport>(&message)) {
      on(*report);
    } else if (const auto* failure = std::get_if<TrialFailure>(&message)) {
      on(*failure);
    } else if (const auto* ready = std::get_if<TrainerReady>(&message)) {
      on(*ready);
    } else {
      on(std::get<TrainerRefusal>(message));
    }
  } catch (const BadMessage& error) {
    reject(std::string("it wrote a line that is no message: ") + error.what());
  }
}

void TrainerSupervisor::on(const TrainerReady& ready) {
  if (ready_) {
    reject("it said twice that it is ready");
    return;
  }
  if (ready.protocol != k_trainer_protocol) {
    refusal_ =
        TrainerRefusal{"the trainer speaks protocol " + std::to_string(ready.protocol) + " and this is protocol " +
                       std::to_string(k_trainer_protocol) + "; see docs/trainer_protocol.md"};
    process_->kill();
    return;
  }
  ready_ = true;
  failed_starts_ = 0;
  provenance_ = ready.provenance;
  provenance_["trainer"] = ready.name;
  hand_over_pack();
}

void TrainerSupervisor::on(const TrainerRefusal& refusal) {
  refusal_ = refusal;
  process_->close_input();
}

void TrainerSupervisor::on(const TrialProgress& progress, double now) {
  if (!open_.contains(progress.trial)) {
    reject("it spoke of trial " + std::to_string(progress.trial.value) + ", which it does not have");
    return;
  }
  const auto [last, first] = progress_at_.emplace(progress.trial, now);
  if (first || now - last->second >= options_.progress_seconds) {
    last->second = now;
    news_.progress.push_back(progress);
  }
}

void TrainerSupervisor::on(const TrialReport& report) {
  if (open_.erase(report.trial) == 0) {
    reject("it reported trial " + std::to_string(report.trial.value) + ", which it does not have");
    return;
  }
  if (std::optional<TrialFailure> failure = problem_of(report, options_.objectives)) {
    failure->log_tail = process_->log_tail();
    news_.failures.push_back(std::move(*failure));
    return;
  }
  failed_packs_ = 0;
  news_.reports.push_back(report);
}

void TrainerSupervisor::on(const TrialFailure& failure) {
  if (open_.erase(failure.trial) == 0) {
    reject("it failed trial " + std::to_string(failure.trial.value) + ", which it does not have");
    return;
  }
  news_.failures.push_back(failure);
  if (failure.stage == "start") {  // this stage is the agent's word for a trainer that cannot work
    news_.failures.back().stage = "setup";
  }
}

void TrainerSupervisor::reject(const std::string& what) {
  kill_reason_ = "bad_message";
  kill_message_ = "the trainer broke the protocol: " + what;
  process_->kill();
}

void TrainerSupervisor::watch_silence(double now) {
  const bool at_work = !ready_ || (pack_ && !open_.empty());
  if (!at_work) {
    last_word_ = now;
  }
  if (refusal_ && now - last_word_ > k_refusal_seconds) {
    process_->kill();
  }
  const bool configured = options_.silence_seconds > 0;
  const double longest = configured ? options_.silence_seconds : expected_silence_;
  if (longest > 0 && kill_reason_.empty() && now - last_word_ > longest) {
    kill_reason_ = "timeout";
    kill_message_ =
        "the trainer said nothing for " + std::to_string(std::lround(longest)) +
        (configured ? " s (resources.trial_timeout_seconds)" : " s, far longer than is usual for such trials,") +
        " and was killed";
    process_->kill();
  }
}

void TrainerSupervisor::take_end(double now) {
  const TrainerExit exit = *process_->ended();
  if (refusal_) {
    TrialFailure failure;
    failure.stage = "start";
    failure.reason = "refused";
    failure.message = refusal_->message;
    failure.exit_code = exit.exit_code;
    failure.retryable = false;
    failure.log_tail = process_->log_tail();
    unusable_ = std::move(failure);
  } else if (asked_to_stop_) {
    // Its trials go back with the lease; they did not fail.
  } else if (!ready_) {
    ++failed_starts_;
    start_after_ = now + pause_after(failed_starts_);
    if (failed_starts_ >= k_start_tries) {
      give_up_on_starting(exit);
    }
  } else {
    failed_packs_ += 1;
    start_after_ = now + pause_after(failed_packs_);
    if (kill_reason_.empty() && was_told_to_stop(exit) && failed_packs_ <= k_most_returns) {
      open_.clear();
    } else if (kill_reason_.empty()) {
      fail_open_trials(exit.signal != 0 ? "signal" : "exit", describe(exit), exit);
    } else {
      fail_open_trials(kill_reason_, kill_message_, exit);
    }
  }
  process_.reset();
  ready_ = false;
}

void TrainerSupervisor::give_up_on_starting(const TrainerExit& exit) {
  TrialFailure failure;
  failure.stage = "start";
  failure.reason = "start";
  const std::string why = kill_reason_.empty() ? describe(exit) : kill_message_;
  failure.log_tail = process_->log_tail();
  failure.message = "the trainer could not be started " + std::to_string(k_start_tries) + " times in a row: " + why;
  if (!failure.log_tail.empty()) {
    failure.message += "; its last words: " + failure.log_tail;
  }
  failure.signal = exit.signal;
  failure.exit_code = exit.exit_code;
  failure.retryable = false;
  unusable_ = std::move(failure);
}

void TrainerSupervisor::fail_open_trials(const std::string& reason, const std::string& message,
                                         const TrainerExit& exit) {
  for (const TrialId trial : open_) {
    TrialFailure failure;
    failure.trial = trial;
    failure.stage = "training";
    failure.reason = reason;
    failure.message = message;
    failure.signal = exit.signal;
    failure.exit_code = exit.exit_code;
    failure.log_tail = process_->log_tail();
    news_.failures.push_back(std::move(failure));
  }
  open_.clear();
}

}  // namespace fairsweep
