#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/objective.hpp"
#include "core/domain/people.hpp"
#include "core/domain/search_space.hpp"
#include "core/domain/trial.hpp"

namespace fairsweep {

enum class TrialState : std::uint8_t { pending = 0, running = 1, reported = 2, failed = 3, elsewhere = 4 };
[[nodiscard]] std::string_view to_text(TrialState state);

/// A trial as people read it.
struct TrialRecord {
  TrialId id;
  ConfigurationId configuration;
  std::uint32_t replicate = 0;
  TrialState state = TrialState::pending;
  std::uint32_t attempts = 0;  ///< times it was started
  double seconds = 0;
  std::uint32_t epochs = 0;
  std::uint32_t worker = 0;
  std::string host;
  std::string device;
  std::vector<MetricValue> metrics;  ///< of the report
  std::vector<Artefact> artefacts;
  std::map<std::string, double> notes;       ///< of the report
  std::map<std::string, std::string> words;  ///< of the report
  std::vector<TrialFailure> failures;        ///< all of them, the retried ones included
  bool operator==(const TrialRecord&) const = default;
};

/// Everything results.h5 holds. Made from the log; the file is a view of this and reads back to it, but for `people`.
struct RunRecord {
  std::string sweep;
  std::string resolved_configuration;
  std::string configuration_digest;
  std::string data_digest;
  std::string data_description;  ///< JSON; empty for runs from before there was one
  std::map<std::string, std::string> declaration;
  std::map<std::string, std::string> provenance;
  std::vector<std::string> groups;
  People people;  ///< of the file that the log names; without names where there is none
  std::vector<Objective> objectives;
  SearchSpace space;
  std::uint32_t wanted_configurations = 0;
  std::uint32_t replicates = 0;
  std::vector<Configuration> configurations;  ///< by id; values are the sampled ones
  std::vector<TrialRecord> trials;            ///< by id
  std::vector<std::string> events;            ///< the log, JSON, in order
  double started = 0;                         ///< seconds since the epoch
  double seconds = 0;                         ///< running time so far, over all sessions
  bool complete = false;
  bool operator==(const RunRecord&) const = default;
};

}  // namespace fairsweep
