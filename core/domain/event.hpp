#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/domain/objective.hpp"
#include "core/domain/shard.hpp"
#include "core/domain/trial.hpp"

namespace fairsweep {

/// Everything that can happen in a run, in the order it is appended to events.log. State changes only through
/// TrialTable::apply(event). Times are seconds since the epoch and inform people; no decision reads them.
namespace events {

/// The run began (first event of a log) or went on after a stop.
struct Started {
  double time = 0;
  std::string sweep;
  std::string configuration_digest;  ///< SHA-256 of the resolved sweep.yaml
  std::string data_digest;
  std::vector<std::string> groups;
  std::vector<Objective> objectives;
  std::uint32_t configurations = 0;  ///< wanted
  std::uint32_t replicates = 0;
  std::map<std::string, std::string> provenance;  ///< versions, commit, host, flags, kernels
  std::string data_description;                   ///< JSON, what is in the data; empty where the run went on
  bool resumed = false;
  Shard shard;                ///< the run's part of the sweep
  std::int32_t retries = -1;  ///< of a trial, from this session on; negative: an older log does not say
  std::string people;         ///< artefacts/<this digest>.json says who is in which group; empty: nothing does
  bool operator==(const Started&) const = default;
};
/// The strategy proposed a configuration; its replicates become pending trials.
struct Suggested {
  double time = 0;
  Configuration configuration;
  bool operator==(const Suggested&) const = default;
};
/// A lease: these trials are one worker's until it is silent for too long.
struct Assigned {
  double time = 0;
  LeaseId lease;
  std::uint32_t worker = 0;  ///< rank
  std::string host;
  std::vector<TrialId> trials;
  bool operator==(const Assigned&) const = default;
};
struct Progressed {
  double time = 0;
  LeaseId lease;
  TrialProgress progress;
  bool operator==(const Progressed&) const = default;
};
struct Reported {
  double time = 0;
  LeaseId lease;
  TrialReport report;
  bool operator==(const Reported&) const = default;
};
struct Failed {
  double time = 0;
  LeaseId lease;
  TrialFailure failure;
  bool operator==(const Failed&) const = default;
};
/// A worker's trainer is ready for the first time, or is another than before.
struct TrainerStarted {
  double time = 0;
  std::uint32_t worker = 0;
  std::string host;
  std::map<std::string, std::string> provenance;  ///< what the trainer says of itself: versions, device, kernels
  bool operator==(const TrainerStarted&) const = default;
};
/// The worker was silent, is gone, or gave the lease back; its unfinished trials are pending again.
struct LeaseExpired {
  double time = 0;
  LeaseId lease;
  std::string reason;  ///< "silent", "dead", "returned", "resumed"
  bool operator==(const LeaseExpired&) const = default;
};
/// The run was asked to stop and did, with work left.
struct Stopped {
  double time = 0;
  std::string reason;
  bool operator==(const Stopped&) const = default;
};
/// Nothing is left to do.
struct Completed {
  double time = 0;
  bool operator==(const Completed&) const = default;
};

}  // namespace events

using Event =
    std::variant<events::Started, events::Suggested, events::Assigned, events::Progressed, events::Reported,
                 events::Failed, events::LeaseExpired, events::Stopped, events::Completed, events::TrainerStarted>;

}  // namespace fairsweep
