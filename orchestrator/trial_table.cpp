#include "orchestrator/trial_table.hpp"

#include <algorithm>
#include <csignal>
#include <variant>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

using State = TableTrial::State;

TrialTable::TrialTable(TrialRules rules) : rules_(rules) {
  check(rules.replicates >= 1, "a run has at least one replicate");
}

std::vector<TrialId> TrialTable::apply(const Event& event) {
  return std::visit([this](const auto& each) { return on(each); }, event);
}

bool TrialTable::holds(LeaseId lease, std::uint32_t worker, TrialId trial) const {
  const auto found = leases_.find(lease);
  return found != leases_.end() && found->second.worker == worker && trial.value < trials_.size() &&
         trials_[trial.value].state == State::running && trials_[trial.value].lease == lease;
}

bool TrialTable::operator==(const TrialTable& other) const {
  return configurations_ == other.configurations_ && trials_ == other.trials_ && leases_ == other.leases_ &&
         pending_ == other.pending_ && counts_ == other.counts_ && next_lease_ == other.next_lease_ &&
         started_ == other.started_ && completed_ == other.completed_;
}

TableTrial& TrialTable::trial_at(TrialId id) {
  check(id.value < trials_.size(), "an event names a trial that was never suggested");
  return trials_[id.value];
}

TableTrial* TrialTable::running_under(LeaseId lease, TrialId id) {
  check(lease < next_lease_, "an event names a lease that was never given");
  TableTrial& trial = trial_at(id);
  return trial.state == State::running && trial.lease == lease ? &trial : nullptr;
}

void TrialTable::move_to(TableTrial& trial, State state) {
  const auto count = [this](State which) -> std::size_t& {
    switch (which) {
      case State::pending:
        return counts_.pending;
      case State::running:
        return counts_.running;
      case State::reported:
        return counts_.reported;
      case State::elsewhere:
        return counts_.elsewhere;
      case State::failed:
        break;
    }
    return counts_.failed;
  };
  --count(trial.state);
  ++count(state);
  if (trial.state == State::pending) {
    pending_.erase(trial.id);
  }
  if (state == State::pending) {
    pending_.insert(trial.id);
  }
  trial.state = state;
}

void TrialTable::leave_lease(TableTrial& trial) {
  const auto lease = leases_.find(trial.lease);
  check(lease != leases_.end() && lease->second.open > 0, "a running trial has an open lease");
  if (--lease->second.open == 0) {
    leases_.erase(lease);
  }
  trial.lease = {};
  trial.progress = {};
}

std::vector<TrialId> TrialTable::on(const events::Started& event) {
  check(event.replicates == rules_.replicates, "a run keeps its number of replicates");
  check(event.resumed == started_.has_value(), "a run starts once and is resumed after that");
  check(event.shard.valid(), "a shard is one of as many as there are, or a list of trials in order");
  if (event.retries >= 0) {
    rules_.retries = static_cast<std::uint32_t>(event.retries);
  }
  if (!started_) {
    started_ = event;
    return {};
  }
  check(event.shard == started_->shard, "a run keeps its shard");
  started_->configurations = event.configurations;
  started_->configuration_digest = event.configuration_digest;
  completed_ = false;
  std::vector<TrialId> back;
  for (TableTrial& trial : trials_) {
    if (may_try_again(trial, rules_.retries)) {
      move_to(trial, State::pending);
      back.push_back(trial.id);
    }
  }
  return back;
}

bool TrialTable::may_try_again(const TableTrial& trial, std::uint32_t retries) {
  return trial.state == State::failed && trial.failures.back().retryable && trial.counted <= retries;
}

bool TrialTable::reopens(std::uint32_t retries) const {
  return std::any_of(trials_.begin(), trials_.end(),
                     [retries](const TableTrial& trial) { return may_try_again(trial, retries); });
}

std::vector<TrialId> TrialTable::on(const events::Suggested& event) {
  check(event.configuration.id.value == configurations_.size(),
        "configurations are suggested in the order of their ids");
  check(!completed_, "nothing is suggested after the end");
  configurations_.push_back(event.configuration);
  std::vector<TrialId> fresh;
  for (std::uint32_t replicate = 0; replicate < rules_.replicates; ++replicate) {
    TableTrial trial;
    trial.id = {static_cast<std::uint32_t>(trials_.size())};
    trial.configuration = event.configuration.id;
    trial.replicate = rules_.first_replicate + replicate;
    if (!started_ || started_->shard.holds(trial.id)) {
      pending_.insert(trial.id);
      ++counts_.pending;
      fresh.push_back(trial.id);
    } else {
      trial.state = State::elsewhere;
      ++counts_.elsewhere;
    }
    trials_.push_back(std::move(trial));
  }
  return fresh;
}

std::vector<TrialId> TrialTable::on(const events::Assigned& event) {
  check(event.lease >= next_lease_, "a lease number is used once");
  check(!event.trials.empty(), "a lease is for at least one trial");
  next_lease_ = {event.lease.value + 1};
  for (const TrialId id : event.trials) {
    TableTrial& trial = trial_at(id);
    check(trial.state == State::pending, "only a pending trial is handed out");
    move_to(trial, State::running);
    trial.lease = event.lease;
    trial.worker = event.worker;
    trial.host = event.host;
    ++trial.attempts;
  }
  leases_.emplace(event.lease, Lease{event.worker, event.host, event.trials, event.trials.size()});
  return {};
}

std::vector<TrialId> TrialTable::on(const events::Progressed& event) {
  if (TableTrial* trial = running_under(event.lease, event.progress.trial)) {
    trial->progress = event.progress;
  }
  return {};
}

std::vector<TrialId> TrialTable::on(const events::Reported& event) {
  if (TableTrial* trial = running_under(event.lease, event.report.trial)) {
    leave_lease(*trial);
    move_to(*trial, State::reported);
    trial->report = event.report;
  }
  return {};
}

std::vector<TrialId> TrialTable::on(const events::Failed& event) {
  TableTrial* trial = running_under(event.lease, event.failure.trial);
  if (trial == nullptr) {
    return {};
  }
  const std::size_t pack = leases_.at(event.lease).trials.size();
  const bool memory = may_lack_memory(event.failure);
  const bool shared = pack > 1 && (memory || strikes_whole_pack(event.failure.reason));
  leave_lease(*trial);
  trial->failures.push_back(event.failure);
  trial->pack_limit = shared && memory ? static_cast<std::uint32_t>(pack / 2) : 1;
  trial->counted += shared ? 0 : 1;
  const bool again = event.failure.retryable && trial->counted <= rules_.retries;
  move_to(*trial, again ? State::pending : State::failed);
  return again ? std::vector<TrialId>{trial->id} : std::vector<TrialId>{};
}

std::vector<TrialId> TrialTable::on(const events::LeaseExpired& event) {
  check(event.lease < next_lease_, "an event names a lease that was never given");
  const auto found = leases_.find(event.lease);
  if (found == leases_.end()) {
    return {};
  }
  const std::vector<TrialId> held = found->second.trials;
  std::vector<TrialId> back;
  for (const TrialId id : held) {
    TableTrial* trial = running_under(event.lease, id);
    if (trial == nullptr) {
      continue;
    }
    leave_lease(*trial);
    if (event.reason == "silent" || event.reason == "dead") {
      ++trial->silent;
      trial->pack_limit = trial->silent > 1 ? 1 : trial->pack_limit;
    }
    if (trial->silent >= rules_.silent_leases) {
      move_to(*trial, State::failed);
      TrialFailure failure;
      failure.trial = id;
      failure.stage = "training";
      failure.reason = "lost";
      failure.message =
          "the workers of " + std::to_string(trial->silent) + " attempts died or went silent; it is given up";
      failure.retryable = false;
      trial->failures.push_back(std::move(failure));
    } else {
      move_to(*trial, State::pending);
      back.push_back(id);
    }
  }
  return back;
}

std::vector<TrialId> TrialTable::on(const events::TrainerStarted&) { return {}; }

std::vector<TrialId> TrialTable::on(const events::Stopped&) { return {}; }

std::vector<TrialId> TrialTable::on(const events::Completed&) {
  check(counts_.pending == 0 && counts_.running == 0, "a run is complete when no trial is left");
  completed_ = true;
  return {};
}

bool strikes_whole_pack(std::string_view reason) {
  return reason == "signal" || reason == "exit" || reason == "bad_message" || reason == "timeout";
}

bool may_lack_memory(const TrialFailure& failure) {
  return failure.reason == "out_of_memory" || (failure.reason == "signal" && failure.signal == SIGKILL);
}

}  // namespace fairsweep
