#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/domain/people_settings.hpp"
#include "core/domain/trial.hpp"
#include "core/domain/value.hpp"

namespace fairsweep {

// The whole conversation.
//   agent -> coordinator    WorkerRequest      heartbeat, what happened since the last one, and how much work is wanted
//   coordinator -> agent    CoordinatorReply   always and only an answer to a request
//   agent -> trainer        TrainerSetup       once, first line
//   trainer -> agent        TrainerReady       once, or TrainerRefusal
//   agent -> trainer        TrainerAssignment  a pack; the next only after every trial of this one has ended
//   trainer -> agent        TrialProgress*     as often as it likes
//   trainer -> agent        TrialReport or TrialFailure, one for each trial of the pack, in any order
//   agent -> trainer        TrainerStop        or simply end of input: finish and exit 0
inline constexpr std::int64_t k_trainer_protocol = 1;

/// A trial as it is handed out: everything needed to train it, nothing else.
struct TrialOrder {
  TrialId trial;
  ConfigurationId configuration;
  std::uint32_t replicate = 0;
  std::uint32_t attempt = 0;  ///< 0 the first time
  Settings settings;
  bool operator==(const TrialOrder&) const = default;
};

struct Assignment {
  LeaseId lease;
  std::vector<TrialOrder> trials;  ///< one shape: a pack
  bool operator==(const Assignment&) const = default;
};

/// Where a worker is and what it trains with; said once, in its first request.
struct WorkerPlace {
  std::int64_t rank_on_host = 0;
  std::string device;      ///< UUID where that can be found out, else as CUDA_VISIBLE_DEVICES names it; empty: the CPU
  std::int64_t cores = 0;  ///< it may run on
  std::int64_t threads = 0;     ///< of its trainer
  std::int64_t memory_mib = 0;  ///< of the host, or what a control group leaves of it
  bool operator==(const WorkerPlace&) const = default;
};

struct WorkerRequest {
  std::uint64_t sequence = 0;  ///< counts this worker's requests from 1
  std::string host;
  std::int64_t process = 0;
  bool wants_work = false;
  bool leaving = false;           ///< last request of this worker
  std::vector<LeaseId> holding;   ///< leases still worked on: this renews them
  std::vector<LeaseId> finished;  ///< leases whose trials have all ended
  struct Progress {
    LeaseId lease;
    TrialProgress progress;
    bool operator==(const Progress&) const = default;
  };
  struct Report {
    LeaseId lease;
    TrialReport report;
    bool operator==(const Report&) const = default;
  };
  struct Failure {
    LeaseId lease;
    TrialFailure failure;
    bool operator==(const Failure&) const = default;
  };
  std::vector<Progress> progress;
  std::vector<Report> reports;
  std::vector<Failure> failures;
  std::vector<WorkerPlace> place;              ///< one in the first request, then none
  std::map<std::string, std::string> trainer;  ///< what a newly started trainer says of itself; else empty
  bool operator==(const WorkerRequest&) const = default;
};

struct CoordinatorReply {
  std::uint64_t sequence = 0;          ///< of the request answered
  std::uint64_t durable_sequence = 0;  ///< everything this worker said up to here is on the disk
  std::vector<Assignment> work;
  std::vector<LeaseId> revoked;         ///< held by the worker but no longer its own: abandon them
  bool stop = false;                    ///< no more work will come: finish, send `leaving`, end
  std::uint32_t wait_milliseconds = 0;  ///< before asking again when idle
  double silence_seconds = 0;           ///< a trainer at this work that says nothing for longer hangs; 0: not known
  double grace_seconds = -1;            ///< with `stop`: the trainer may take so long; negative: as configured
  bool operator==(const CoordinatorReply&) const = default;
};

/// First line to a trainer: what is the same for all trials of the sweep.
struct TrainerSetup {
  std::int64_t protocol = k_trainer_protocol;
  std::string sweep;
  std::string run_directory;         ///< absolute
  std::string artefact_directory;    ///< absolute; exists
  std::string checkpoint_directory;  ///< absolute; exists
  std::string data_file;             ///< absolute; may be empty for trainers that need none
  std::string data_digest;
  std::string people_file;    ///< absolute; the JSON of people_text(): who is in which group; empty: there is none
  std::string people_digest;  ///< people_digest() of it, for trainers that work it out by themselves; empty: not known
  GroupSettings grouping;
  std::vector<std::string> groups;  ///< names, in the order of group codes
  SplitSettings split;
  LabelSettings labels;
  std::uint64_t seed = 0;            ///< of the sweep
  std::vector<std::string> metrics;  ///< to report, per group and over all users, for validation and test
  std::int64_t threads = 1;
  std::string device;  ///< "cpu" or "cuda"
  bool operator==(const TrainerSetup&) const = default;
};
struct TrainerReady {
  std::int64_t protocol = k_trainer_protocol;
  std::string name;
  std::map<std::string, std::string> provenance;  ///< versions, device, kernels
  bool operator==(const TrainerReady&) const = default;
};
/// The trainer cannot work at all (missing data, wrong version); the agent reports it and does not try again.
struct TrainerRefusal {
  std::string message;
  bool operator==(const TrainerRefusal&) const = default;
};
struct TrainerAssignment {
  Assignment assignment;
  bool operator==(const TrainerAssignment&) const = default;
};
struct TrainerStop {
  bool operator==(const TrainerStop&) const = default;
};

using ToTrainer = std::variant<TrainerSetup, TrainerAssignment, TrainerStop>;
using FromTrainer = std::variant<TrainerReady, TrainerRefusal, TrialProgress, TrialReport, TrialFailure>;

}  // namespace fairsweep
