#include "orchestrator/coordinator.hpp"

#include <algorithm>
#include <optional>

#include "core/protocol/codec.hpp"

namespace fairsweep {
namespace {

constexpr int k_wait_milliseconds = 20;
constexpr double k_turn_report_seconds = 0.1;
constexpr std::uint32_t k_assembly_milliseconds = 10;  // how often one asks who waits for the others to arrive
constexpr std::uint32_t k_idle_milliseconds = 250;     // how often an idle worker asks while others still work

/// A failure that says the worker's trainer cannot work at all; it is no trial's fault.
bool is_unable(const TrialFailure& failure) {
  return failure.stage == "start" && !failure.retryable && (failure.reason == "refused" || failure.reason == "start");
}

ExitCode code_of(const TrialFailure& failure) {
  return failure.exit_code == static_cast<int>(ExitCode::file)            ? ExitCode::file
         : failure.exit_code == static_cast<int>(ExitCode::configuration) ? ExitCode::configuration
                                                                          : ExitCode::environment;
}

}  // namespace

void dismiss_agents(Channel& channel) {
  for (int rank = 1; rank < channel.size(); ++rank) {
    channel.send(rank, {});
  }
  for (int turn = 0; turn < 100 && channel.progress() > 0; ++turn) {
    channel.wait(10);
  }
}

Coordinator::Coordinator(Channel& channel, EventSink sink, TrialTable& table, Dispatch& dispatch,
                         SearchStrategy& strategy, Durations& durations, CoordinatorOptions options)
    : channel_(channel),
      sink_(std::move(sink)),
      table_(table),
      dispatch_(dispatch),
      strategy_(strategy),
      durations_(durations),
      options_(std::move(options)),
      leases_(options_.lease_seconds),
      workers_(static_cast<std::size_t>(channel.size())) {
  check(channel.rank() == 0, "the coordinator is rank 0");
  check(table.leases().empty(), "leases of an earlier session are closed before a new one begins");
}

SweepEnd Coordinator::run() {
  now_ = options_.monotonic();
  expire_after_ = now_;
  began_ = now_;
  for (Worker& worker : workers_) {
    worker.last_heard = now_;
  }
  suggest_what_is_wanted();
  while (true) {
    const double before = now_;
    now_ = options_.monotonic();
    if (now_ - before > options_.lease_seconds / 4) {  // suspended, or a slow disk: let the workers speak first
      expire_after_ = now_ + options_.lease_seconds / 2;
    }
    // A worker has one request under way, so this many are all that were waiting; later ones wait for the next turn.
    for (int i = 0; i < 2 * channel_.size(); ++i) {
      const std::optional<Envelope> envelope = channel_.try_receive();
      if (!envelope) {
        break;
      }
      take(envelope->source, envelope->bytes);
    }
    channel_.progress();
    take_leases_of_the_dead();
    expire_silent_leases();
    decide_whether_to_end();
    if (ending_ && everybody_is_gone()) {
      return conclude();
    }
    if (options_.on_turn && now_ - last_turn_report_ >= k_turn_report_seconds) {
      last_turn_report_ = now_;
      options_.on_turn(table_);
    }
    channel_.wait(k_wait_milliseconds);
  }
}

void Coordinator::record(const Event& event) {
  const std::vector<TrialId> pending = table_.apply(event);
  last_event_ = sink_.append(event);
  durations_.ingest(event);
  dispatch_.add(table_, pending);
}

void Coordinator::suggest_what_is_wanted() {
  while (table_.configurations().size() < options_.configurations) {
    const ConfigurationId id{static_cast<std::uint32_t>(table_.configurations().size())};
    const std::optional<Settings> values = strategy_.suggest(id.value);
    if (!values) {
      check(table_.counts().pending + table_.counts().running > 0, "a strategy waits for results that will never come");
      return;
    }
    record(events::Suggested{options_.time(), {id, *values}});
  }
}

void Coordinator::take(int source, std::span<const std::uint8_t> bytes) {
  check(source > 0 && source < channel_.size(), "a message came from a rank that is no worker");
  WorkerRequest request;
  try {
    request = decode_request(bytes);
  } catch (const BadMessage& error) {
    options_.logger->error("rank {} sent a request that cannot be read and is ignored: {}", source, error.what());
    return;
  }
  if (request.sequence == 0) {  // an agent that begins asks for the setup
    const std::string line = to_line(ToTrainer{options_.setup});
    workers_[static_cast<std::size_t>(source)].last_heard = now_;
    channel_.send(source, std::span(reinterpret_cast<const std::uint8_t*>(line.data()), line.size()));
    return;
  }
  const CoordinatorReply reply = answer(static_cast<std::uint32_t>(source), request);
  channel_.send(source, encode(reply));
}

CoordinatorReply Coordinator::answer(std::uint32_t source, const WorkerRequest& request) {
  Worker& worker = workers_[source];
  worker.last_heard = now_;
  CoordinatorReply reply;
  reply.sequence = request.sequence;
  if (!request.trainer.empty() && request.trainer != worker.trainer) {
    worker.trainer = request.trainer;
    record(events::TrainerStarted{options_.time(), source, request.host, request.trainer});
  }
  if (!request.place.empty()) {
    placement_[source] = {request.host, request.place.front()};
  }
  take_results(source, request, reply.revoked);
  for (const LeaseId lease : request.finished) {
    const auto open = table_.leases().find(lease);
    if (open != table_.leases().end() && open->second.worker == source) {
      close_lease(lease, "returned");
    }
  }
  for (const LeaseId lease : request.holding) {
    if (!leases_.renew(lease, source, now_)) {
      reply.revoked.push_back(lease);
    }
  }
  if (request.leaving) {
    for (const LeaseId lease : leases_.of(source)) {
      close_lease(lease, "returned");
    }
    worker.left = true;
  }
  std::sort(reply.revoked.begin(), reply.revoked.end());
  reply.revoked.erase(std::unique(reply.revoked.begin(), reply.revoked.end()), reply.revoked.end());
  decide_whether_to_end();
  if (request.wants_work && !ending_ && !request.leaving) {
    give_work(source, request.host, reply);
  }
  reply.stop = ending_;
  if (ending_ && options_.deadline.exists()) {
    reply.grace_seconds = options_.deadline.grace(now_);
  }
  reply.wait_milliseconds = assembled_ ? k_idle_milliseconds : k_assembly_milliseconds;
  worker.unsettled.emplace_back(request.sequence, last_event_);
  settle(worker);
  reply.durable_sequence = worker.durable_sequence;
  return reply;
}

void Coordinator::take_results(std::uint32_t source, const WorkerRequest& request, std::vector<LeaseId>& stale) {
  for (const WorkerRequest::Progress& each : request.progress) {
    if (table_.holds(each.lease, source, each.progress.trial)) {
      record(events::Progressed{options_.time(), each.lease, each.progress});
    }
  }
  for (const WorkerRequest::Report& each : request.reports) {
    if (!table_.holds(each.lease, source, each.report.trial)) {
      stale.push_back(each.lease);
      continue;
    }
    record(events::Reported{options_.time(), each.lease, each.report});
    strategy_.ingest(table_.trials()[each.report.trial.value].configuration, each.report);
    if (!table_.leases().contains(each.lease)) {
      leases_.close(each.lease);
    }
  }
  for (const WorkerRequest::Failure& each : request.failures) {
    take_failure(source, each, stale);
  }
  if (!request.reports.empty()) {
    suggest_what_is_wanted();
  }
}

void Coordinator::take_failure(std::uint32_t source, const WorkerRequest::Failure& each, std::vector<LeaseId>& stale) {
  if (is_unable(each.failure)) {
    workers_[source].unable = true;
    unable_message_ = each.failure.message;
    unable_code_ = code_of(each.failure);
    options_.logger->error("worker {} cannot work: {}", source, each.failure.message);
    return;
  }
  if (!table_.holds(each.lease, source, each.failure.trial)) {
    stale.push_back(each.lease);
    return;
  }
  record(events::Failed{options_.time(), each.lease, each.failure});
  options_.logger->warn("trial {} failed ({}, {}): {}", each.failure.trial.value, each.failure.stage,
                        each.failure.reason, each.failure.message);
  if (!table_.leases().contains(each.lease)) {
    leases_.close(each.lease);
  }
}

void Coordinator::give_work(std::uint32_t source, const std::string& host, CoordinatorReply& reply) {
  if (!assembled_) {
    assemble();
  }
  if (!assembled_ || ending_) {
    return;
  }
  std::vector<TrialOrder> orders = dispatch_.take(table_, allowed_for(workers_[source]));
  if (orders.empty()) {
    return;
  }
  workers_[source].had_work = true;
  const std::optional<PackDurations> usual =
      durations_.of(dispatch_.shape_of(table_.configurations()[orders.front().configuration.value]));
  reply.silence_seconds = hung_after(usual, usual ? std::nullopt : durations_.of_any());
  events::Assigned assigned{options_.time(), table_.next_lease(), source, host, {}};
  for (const TrialOrder& order : orders) {
    assigned.trials.push_back(order.trial);
  }
  record(assigned);
  leases_.open(assigned.lease, source, now_);
  reply.work.push_back({assigned.lease, std::move(orders)});
}

/// Once every worker has said where it is, or has had the time to: compares their devices, and lets the work begin.
void Coordinator::assemble() {
  const bool late = now_ - began_ > options_.assembly_seconds;
  const auto expected =
      static_cast<std::size_t>(std::count_if(workers_.begin() + 1, workers_.end(), [](const Worker& each) {
        return !each.left && !each.unable && !each.dead;
      }));
  if (!late && (placement_.empty() || placement_.size() < expected)) {
    return;
  }
  assembled_ = true;
  options_.logger->info("{} of {} workers are here:\n{}", placement_.size(), workers_.size() - 1,
                        placement_table(placement_));
  if (const std::optional<std::string> clash = placement_clash(placement_, options_.agents_per_device)) {
    unable_message_ = *clash;
    unable_code_ = ExitCode::configuration;
    stop_reason_ = *clash;
    ending_ = true;
  }
}

/// What may still begin before the deadline. A worker's first pack of a session always may: where even one epoch takes
/// longer than a session's whole time, waiting for a longer one would wait for ever.
Dispatch::Allowed Coordinator::allowed_for(const Worker& worker) const {
  if (!options_.deadline.exists()) {
    return {};
  }
  return [this, first = !worker.had_work](std::size_t shape) {
    return options_.deadline.allows(now_, first ? std::nullopt : durations_.of(shape));
  };
}

/// The deadline is near for what is running, or nothing runs and nothing that waits may begin any more.
bool Coordinator::deadline_ends_it() const {
  if (!options_.deadline.exists()) {
    return false;
  }
  if (now_ >= options_.deadline.stop_at(durations_.running_epoch())) {
    return true;
  }
  return table_.counts().running == 0 &&
         std::none_of(workers_.begin() + 1, workers_.end(), [this](const Worker& worker) {
           return !worker.left && !worker.unable && !silent(worker, options_.lease_seconds) &&
                  dispatch_.holds(allowed_for(worker));
         });
}

void Coordinator::close_lease(LeaseId lease, const std::string& reason) {
  leases_.close(lease);
  record(events::LeaseExpired{options_.time(), lease, reason});
}

void Coordinator::expire_silent_leases() {
  if (now_ < expire_after_) {
    return;
  }
  for (const LeaseId lease : leases_.expired(now_)) {
    options_.logger->warn("worker {} has been silent for {} s; its trials go back to the queue",
                          table_.leases().at(lease).worker, options_.lease_seconds);
    close_lease(lease, "silent");
  }
}

/// Where the channel tells of deaths, nobody waits for a lease to run out.
void Coordinator::take_leases_of_the_dead() {
  for (std::uint32_t rank = 1; rank < workers_.size(); ++rank) {
    Worker& worker = workers_[rank];
    if (worker.left || worker.dead || !channel_.is_dead(static_cast<int>(rank))) {
      continue;
    }
    worker.dead = true;
    options_.logger->warn("worker {} is dead; its trials go back to the queue", rank);
    for (const LeaseId lease : leases_.of(rank)) {
      close_lease(lease, "dead");
    }
  }
}

bool Coordinator::nothing_left() const {
  return table_.configurations().size() >= options_.configurations && table_.counts().pending == 0 &&
         table_.counts().running == 0;
}

bool Coordinator::silent(const Worker& worker, double seconds) const {
  return worker.dead || (now_ >= expire_after_ && now_ - worker.last_heard > seconds);
}

void Coordinator::decide_whether_to_end() {
  if (ending_) {
    return;
  }
  if (nothing_left()) {
    if (!table_.completed()) {
      record(events::Completed{options_.time()});
    }
    ending_ = true;
    return;
  }
  if (options_.stop_requested && options_.stop_requested()) {
    stop_reason_ = "a stop was asked for";
    ending_ = true;
    return;
  }
  if (deadline_ends_it()) {
    stop_reason_ = "the end of the job is near";
    ending_ = true;
    return;
  }
  // Twice the lease, so that a worker that was only suspended may come back before all is called lost.
  const bool anybody = std::any_of(workers_.begin() + 1, workers_.end(), [this](const Worker& worker) {
    return !worker.left && !worker.unable && !silent(worker, 2 * options_.lease_seconds);
  });
  if (!anybody) {
    stop_reason_ = unable_message_.empty() ? "every worker has left or fallen silent" : unable_message_;
    ending_ = true;
  }
}

bool Coordinator::everybody_is_gone() const {
  return std::all_of(workers_.begin() + 1, workers_.end(),
                     [this](const Worker& worker) { return worker.left || silent(worker, options_.lease_seconds); });
}

void Coordinator::settle(Worker& worker) {
  const std::uint64_t durable = sink_.durable();
  while (!worker.unsettled.empty() && worker.unsettled.front().second <= durable) {
    worker.durable_sequence = worker.unsettled.front().first;
    worker.unsettled.pop_front();
  }
}

SweepEnd Coordinator::conclude() {
  SweepEnd end;
  end.workers_lost = std::any_of(workers_.begin() + 1, workers_.end(), [](const Worker& each) { return !each.left; });
  if (nothing_left()) {  // the last report may have come while stopping
    if (!table_.completed()) {
      record(events::Completed{options_.time()});
    }
    const std::size_t failed = table_.counts().failed;
    if (failed > 0) {
      end.kind = SweepEnd::Kind::incomplete;
      end.code = ExitCode::incomplete;
      end.message = std::to_string(failed) + " of " + std::to_string(table_.counts().all()) +
                    " trials failed for good; the front is made of the others";
    }
  } else {
    record(events::Stopped{options_.time(), stop_reason_});
    const bool unable = !unable_message_.empty() && stop_reason_ == unable_message_;
    end.kind = unable ? SweepEnd::Kind::unable : SweepEnd::Kind::stopped;
    end.code = unable ? unable_code_ : ExitCode::resumable;
    end.message = stop_reason_;
  }
  for (int turn = 0; turn < 100 && channel_.progress() > 0; ++turn) {  // the last replies; a dead rank's never leaves
    channel_.wait(10);
  }
  return end;
}

}  // namespace fairsweep
