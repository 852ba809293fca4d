#include "workers/agent/agent.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <string_view>
#include <utility>
#include <variant>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/codec.hpp"

namespace fairsweep {
namespace {

constexpr double k_short_pack_seconds = 0.5;  // shorter ones are fetched one ahead
constexpr double k_goodbye_seconds = 5;       // for the answer to the last request
constexpr int k_reply_wait_milliseconds = 1;  // while an answer or a trainer's word is due soon
constexpr int k_idle_wait_milliseconds = 50;

}  // namespace

Agent::Agent(Channel& channel, AgentOptions options)
    : channel_(channel), options_(std::move(options)), trainer_(options_.trainer) {
  outbox_.host = options_.host;
  outbox_.process = getpid();
  outbox_.place = {options_.place};
}

double Agent::now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::optional<TrainerSetup> Agent::ask_for_setup(Channel& channel, int coordinator, double timeout_seconds) {
  channel.send(coordinator, encode(WorkerRequest{}));
  const double deadline = now() + timeout_seconds;
  while (now() < deadline) {
    channel.progress();
    if (const std::optional<Envelope> envelope = channel.try_receive()) {
      if (envelope->bytes.empty()) {
        return std::nullopt;
      }
      const std::string_view line(reinterpret_cast<const char*>(envelope->bytes.data()), envelope->bytes.size());
      return std::get<TrainerSetup>(parse_to_trainer(line));
    }
    channel.wait(k_idle_wait_milliseconds);
  }
  throw UserError(ExitCode::environment,
                  fmt::format("the coordinator did not answer for {} s; its own message says why, or the network "
                              "between the nodes does not work",
                              timeout_seconds));
}

AgentEnd Agent::run() {
  sent_at_ = now();
  while (true) {
    take_replies();
    if (dismissed_) {
      trainer_.abandon();
      return AgentEnd::dismissed;
    }
    work();
    if (stopping_) {
      stop_trainer();
    } else if (options_.stop_requested && options_.stop_requested()) {
      begin_to_stop(AgentEnd::left);
    }
    send_if_due();
    if (said_leaving_ && (!awaiting_ || now() - sent_at_ > k_goodbye_seconds)) {
      return end_;
    }
    if (channel_.is_dead(options_.coordinator) ||
        (awaiting_ && now() - sent_at_ > options_.coordinator_timeout_seconds)) {
      trainer_.abandon();
      return AgentEnd::coordinator_silent;
    }
    rest();
  }
}

void Agent::say_goodbye(Channel& channel, int coordinator) noexcept {
  try {
    WorkerRequest request;
    request.sequence = std::numeric_limits<std::uint64_t>::max();
    request.leaving = true;
    channel.send(coordinator, encode(request));
    for (int turn = 0; turn < 100 && channel.progress() > 0; ++turn) {
      channel.wait(10);
    }
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    // The lease will run out instead, which is how the coordinator learns of workers that cannot speak.
  }
}

void Agent::take_replies() {
  while (const std::optional<Envelope> envelope = channel_.try_receive()) {
    if (envelope->bytes.empty()) {
      dismissed_ = true;
      return;
    }
    take_reply(decode_reply(envelope->bytes));
  }
}

void Agent::take_reply(const CoordinatorReply& reply) {
  if (reply.sequence == sequence_) {
    awaiting_ = false;
  }
  for (const LeaseId lease : reply.revoked) {
    if (trainer_.pack() && trainer_.pack()->lease == lease) {
      options_.logger->warn("lease {} was lost; its trials run elsewhere", lease.value);
      trainer_.abandon();
    }
    if (next_ && next_->lease == lease) {
      next_.reset();
    }
  }
  for (const Assignment& assignment : reply.work) {
    if (stopping_) {
      continue;  // goes back with `leaving`
    }
    check(!next_, "more work came than was asked for");
    next_ = assignment;
    next_silence_ = reply.silence_seconds;
  }
  if (reply.work.empty()) {
    ask_again_at_ = now() + reply.wait_milliseconds / 1000.0;
  }
  if (reply.stop && !stopping_) {
    begin_to_stop(AgentEnd::told);
  }
  if (reply.stop && reply.grace_seconds >= 0) {  // it knows when the job ends
    stop_deadline_ = now() + reply.grace_seconds;
  }
}

void Agent::work() {
  if (next_ && !trainer_.pack() && !stopping_) {
    begin_next();
  }
  trainer_.turn(now(), 0);
  if (trainer_.provenance() != provenance_) {
    provenance_ = trainer_.provenance();
    outbox_.trainer = provenance_;
  }
  if (!trainer_.pack()) {
    return;
  }
  const LeaseId lease = trainer_.pack()->lease;
  TrialNews news = trainer_.take_news();
  for (TrialProgress& each : news.progress) {
    outbox_.progress.push_back({lease, each});
    urgent_ = true;
  }
  for (TrialReport& each : news.reports) {
    outbox_.reports.push_back({lease, std::move(each)});
  }
  for (TrialFailure& each : news.failures) {
    outbox_.failures.push_back({lease, std::move(each)});
    urgent_ = true;
  }
  if (trainer_.pack_ended()) {
    take_ended_pack();
  }
  if (trainer_.unusable() && !stopping_) {
    outbox_.failures.push_back({lease, *trainer_.unusable()});
    begin_to_stop(AgentEnd::trainer_unusable);
  }
}

void Agent::take_ended_pack() {
  outbox_.finished.push_back(trainer_.finish());
  pack_seconds_ = now() - pack_began_;
  urgent_ = true;
  if (next_ && !stopping_) {  // at once: the trainer should not wait for this turn to end
    begin_next();
  }
}

void Agent::begin_next() {
  pack_began_ = now();
  trainer_.begin(*std::exchange(next_, std::nullopt), next_silence_);
}

void Agent::begin_to_stop(AgentEnd why) {
  stopping_ = true;
  end_ = why;
  urgent_ = true;
  next_.reset();
  stop_deadline_ = now() + options_.stop_grace_seconds;
  trainer_.ask_to_stop();
}

void Agent::stop_trainer() {
  if (trainer_.running() && (now() > stop_deadline_ || (options_.hurry_requested && options_.hurry_requested()))) {
    trainer_.kill();
  }
}

bool Agent::wants_work() const {
  if (stopping_ || next_) {
    return false;
  }
  return !trainer_.pack() || pack_seconds_ < k_short_pack_seconds;
}

void Agent::send_if_due() {
  if (awaiting_ || said_leaving_) {
    return;
  }
  const double time = now();
  const bool heartbeat = time - sent_at_ >= options_.heartbeat_seconds;
  const bool asks = wants_work() && time >= ask_again_at_;
  const bool leaves = stopping_ && !trainer_.running();
  if (urgent_ || heartbeat || asks || leaves) {
    send_request();
  }
}

void Agent::send_request() {
  outbox_.sequence = ++sequence_;
  outbox_.wants_work = wants_work();
  outbox_.leaving = stopping_ && !trainer_.running();
  if (trainer_.pack()) {
    outbox_.holding.push_back(trainer_.pack()->lease);
  }
  if (next_) {
    outbox_.holding.push_back(next_->lease);
  }
  channel_.send(options_.coordinator, encode(outbox_));
  said_leaving_ = outbox_.leaving;
  outbox_.holding.clear();
  outbox_.finished.clear();
  outbox_.progress.clear();
  outbox_.reports.clear();
  outbox_.failures.clear();
  outbox_.trainer.clear();
  outbox_.place.clear();
  awaiting_ = true;
  urgent_ = false;
  sent_at_ = now();
}

void Agent::rest() {
  channel_.progress();
  const int milliseconds = awaiting_ ? k_reply_wait_milliseconds : k_idle_wait_milliseconds;
  if (trainer_.running()) {
    // The trainer's pipe wakes this; an answer waits a millisecond at most, and work at hand hides that.
    trainer_.turn(now(), awaiting_ ? k_reply_wait_milliseconds : std::min(milliseconds, 20));
  } else {
    channel_.wait(milliseconds);
  }
}

}  // namespace fairsweep
