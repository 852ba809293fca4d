#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/protocol/codec.hpp"
#include "core/random/philox.hpp"
#include "core/transport/channel.hpp"

namespace fairsweep::support {

/// How the nodes of a simulated cluster work, and when they fail. Times are simulated seconds.
struct SimulatedWork {
  std::uint64_t seed = 0;
  int nodes = 8;
  int workers_per_node = 4;
  double heartbeat_seconds = 10;
  double mean_trial_seconds = 3600;  ///< each trial takes half of it to one and a half
  int epochs = 50;                   ///< of a trial
  double checkpoint_seconds = 60;    ///< after the first epoch that ends so long after the last one; 0: never
  double failure_delay = 600;        ///< a failure that is due comes within so long
};

/// What the trainers' time went into, in seconds; counted where it is spent.
struct TrainerTime {
  double spent = 0;  ///< trainers at work
  double again = 0;  ///< of these: lost with a node, trained again
  double dead = 0;   ///< leases of failed nodes, from the failure to their end
  int failures = 0;
};

/// The coordinator's node failed: no session goes on without it.
struct CoordinatorLost {};

/// Workers that only count seconds, behind the coordinator's channel. One thread: time passes in wait(), and who asks
/// has its answer before it goes on. What is saved of a trial outlives sessions, as checkpoints do.
class SimulatedCluster final : public Channel {
 public:
  explicit SimulatedCluster(const SimulatedWork& work) : work_(work), random_(work.seed, 0, 0, Purpose::order) {
    workers_.resize(static_cast<std::size_t>(work.nodes) * static_cast<std::size_t>(work.workers_per_node) + 1);
    begin_session(0);
  }

  /// All nodes are up again, this much later.
  void begin_session(double later) {
    for (Worker& worker : workers_) {
      stop(worker);
    }
    clock_ += later;
    inbox_.clear();
    for (std::size_t rank = 1; rank < workers_.size(); ++rank) {
      workers_[rank] = Worker{true, clock_, 0, {}};
    }
  }
  [[nodiscard]] double now() const { return clock_; }
  [[nodiscard]] const TrainerTime& time() const { return time_; }
  [[nodiscard]] double seconds_of(TrialId trial) const {
    RandomStream stream(work_.seed, trial.value, 0, Purpose::search);
    return work_.mean_trial_seconds * (0.5 + stream.uniform());
  }
  void let_a_node_fail() { failures_.push_back(clock_ + work_.failure_delay * random_.uniform()); }
  /// The coordinator has closed a lease without a report.
  void lease_ended(LeaseId lease) {
    if (const auto found = struck_.find(lease); found != struck_.end()) {
      time_.dead += clock_ - found->second;
      struck_.erase(found);
    }
  }

  [[nodiscard]] int rank() const override { return 0; }
  [[nodiscard]] int size() const override { return static_cast<int>(workers_.size()); }
  void send(int destination, std::span<const std::uint8_t> bytes) override {
    hear(workers_[static_cast<std::size_t>(destination)], decode_reply(bytes));
  }
  [[nodiscard]] std::optional<Envelope> try_receive() override {
    if (inbox_.empty()) {
      return std::nullopt;
    }
    Envelope first = std::move(inbox_.front());
    inbox_.pop_front();
    return first;
  }
  std::size_t progress() override { return 0; }
  /// To the next thing that happens, or a heartbeat further.
  void wait(int /*milliseconds*/) override {
    double next = clock_ + work_.heartbeat_seconds;
    for (const Worker& worker : workers_) {
      next = worker.up ? std::min(next, worker.speaks_at) : next;
    }
    const auto failure = std::min_element(failures_.begin(), failures_.end());
    if (failure != failures_.end() && *failure <= next) {
      clock_ = std::max(clock_, *failure);
      failures_.erase(failure);
      fail_a_node();
      return;
    }
    clock_ = std::max(clock_, next);
    for (std::size_t rank = 1; rank < workers_.size(); ++rank) {
      if (workers_[rank].up && workers_[rank].speaks_at <= clock_) {
        speak(rank);
      }
    }
  }

 private:
  struct Job {
    LeaseId lease;
    TrialId trial;
    double from = 0;   ///< seconds of the trial that its checkpoint holds
    double began = 0;  ///< on the clock
  };
  struct Worker {
    bool up = false;
    double speaks_at = 0;
    std::uint64_t sequence = 0;
    std::optional<Job> job;
  };

  [[nodiscard]] double seconds_left(const Job& job) const { return seconds_of(job.trial) - job.from; }
  void speak(std::size_t rank) {
    Worker& worker = workers_[rank];
    WorkerRequest request;
    request.sequence = ++worker.sequence;
    if (worker.job && clock_ >= worker.job->began + seconds_left(*worker.job)) {
      TrialReport report;
      report.trial = worker.job->trial;
      request.reports = {{worker.job->lease, report}};
      request.finished = {worker.job->lease};
      time_.spent += seconds_left(*worker.job);
      worker.job.reset();
    } else if (worker.job) {
      request.holding = {worker.job->lease};
    }
    request.wants_work = !worker.job;
    worker.speaks_at = clock_ + work_.heartbeat_seconds;  // unless the answer brings work
    inbox_.push_back({static_cast<int>(rank), encode(request)});
  }
  void hear(Worker& worker, const CoordinatorReply& reply) {
    if (worker.job && std::find(reply.revoked.begin(), reply.revoked.end(), worker.job->lease) != reply.revoked.end()) {
      stop(worker);
    }
    if (reply.stop) {
      if (worker.up) {
        WorkerRequest goodbye;
        goodbye.sequence = ++worker.sequence;
        goodbye.leaving = true;
        inbox_.push_back({static_cast<int>(&worker - workers_.data()), encode(goodbye)});
        stop(worker);
        worker.up = false;
      }
      return;
    }
    if (!reply.work.empty()) {
      const Assignment& work = reply.work.front();
      worker.job = Job{work.lease, work.trials.at(0).trial, saved_[work.trials.at(0).trial], clock_};
    }
    if (worker.job) {
      worker.speaks_at =
          std::min(clock_ + work_.heartbeat_seconds, std::max(clock_, worker.job->began + seconds_left(*worker.job)));
    }
  }
  /// What its trainer did since the last checkpoint is lost.
  void stop(Worker& worker) {
    if (!worker.job) {
      return;
    }
    const Job job = *std::exchange(worker.job, std::nullopt);
    const double trained = clock_ - job.began;
    double kept = 0;
    if (work_.checkpoint_seconds > 0) {
      const double epoch = seconds_of(job.trial) / work_.epochs;
      const double interval = epoch * std::ceil(work_.checkpoint_seconds / epoch);
      kept = interval * std::floor(trained / interval);
    }
    saved_[job.trial] = job.from + kept;
    time_.spent += trained;
    time_.again += trained - kept;
    struck_[job.lease] = clock_;
  }
  /// One that is up, each as likely. The coordinator is on the first.
  void fail_a_node() {
    const auto per_node = static_cast<std::size_t>(work_.workers_per_node);
    std::vector<std::size_t> up;
    for (std::size_t first = 1; first < workers_.size(); first += per_node) {
      if (workers_[first].up || first == 1) {
        up.push_back(first);
      }
    }
    const std::size_t first = up[random_.below(up.size())];
    ++time_.failures;
    if (first == 1) {
      throw CoordinatorLost{};
    }
    for (std::size_t rank = first; rank < first + per_node; ++rank) {
      stop(workers_[rank]);
      workers_[rank].up = false;
    }
  }

  SimulatedWork work_;
  RandomStream random_;
  double clock_ = 1000;
  std::vector<Worker> workers_;  ///< by rank; 0 is never up
  std::deque<Envelope> inbox_;
  std::vector<double> failures_;      ///< when nodes are going to fail
  std::map<TrialId, double> saved_;   ///< seconds of a trial that its checkpoint holds
  std::map<LeaseId, double> struck_;  ///< leases whose trainer is gone, and since when
  TrainerTime time_;
};

}  // namespace fairsweep::support
