#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/domain/value.hpp"

namespace fairsweep {

/// Index of a configuration in the order the strategy suggested it, from 0.
struct ConfigurationId {
  std::uint32_t value = 0;
  auto operator<=>(const ConfigurationId&) const = default;
};

/// Number of a trial: configuration * replicates + replicate. What `show --trial N` takes.
struct TrialId {
  std::uint32_t value = 0;
  auto operator<=>(const TrialId&) const = default;
};

/// Number of a lease, from 1, never used twice in a run.
struct LeaseId {
  std::uint64_t value = 0;
  auto operator<=>(const LeaseId&) const = default;
};

/// One point of the search space: only the sampled parameters that are active in it.
struct Configuration {
  ConfigurationId id;
  Settings values;
  bool operator==(const Configuration&) const = default;
};

/// Where a measured number comes from. Stored in files: values are never changed, only added to.
enum class Split : std::uint8_t { train = 0, validation = 1, test = 2, history = 3, unused = 4 };
[[nodiscard]] std::string_view to_text(Split split);

/// One number of a report: a metric over the users of one group in one split.
struct MetricValue {
  std::string metric;  ///< catalogue name, "accuracy"
  Split split = Split::validation;
  std::string group;          ///< group name; empty: all users
  double value = 0;           ///< raw, in the metric's own direction
  double standard_error = 0;  ///< over users; 0 where it is not known
  std::uint32_t users = 0;
  std::uint64_t comparisons = 0;
  bool operator==(const MetricValue&) const = default;
};

/// A file the trainer wrote under the run's artefacts/, named by the SHA-256 of its bytes.
struct Artefact {
  std::string name;    ///< what it is: "users", "margins", "model"
  std::string digest;  ///< 64 hexadecimal digits
  bool operator==(const Artefact&) const = default;
};

/// What a finished trial says.
struct TrialReport {
  TrialId trial;
  std::uint32_t epochs = 0;  ///< trained, early stopping included
  double seconds = 0;        ///< of the trial's share of its pack's wall time
  std::string device;        ///< "cpu", or the device's UUID
  std::vector<MetricValue> metrics;
  std::vector<Artefact> artefacts;
  std::map<std::string, double> notes;  ///< what the method says of the trained model; never an objective
  /// What numbers cannot say of it, by name: of a trial that trained nothing "trained", "joined", "models" and "mixes"
  /// (docs/trainer_protocol.md).
  std::map<std::string, std::string> words = {};
  bool operator==(const TrialReport&) const = default;
};

/// How far a running trial is. Kept in memory and in the log for `status`; never a result.
struct TrialProgress {
  TrialId trial;
  std::uint32_t epoch = 0;
  std::uint32_t epochs = 0;
  double validation_loss = 0;
  bool operator==(const TrialProgress&) const = default;
};

/// Why a trial did not finish. A value, never an exception across processes.
struct TrialFailure {
  TrialId trial;
  std::string stage;  ///< "start", "setup", "training", "evaluation", "report"
  std::string
      reason;  ///< a word from docs/errors.md: "signal", "exit", "non_finite_loss", "bad_message", "timeout", ...
  std::string message;  ///< one sentence for people
  std::int32_t signal = 0;
  std::int32_t exit_code = 0;
  bool retryable = true;  ///< false: the same again would fail again (a NaN, a bad setting)
  std::string log_tail;   ///< last lines of the trainer's stderr
  bool operator==(const TrialFailure&) const = default;
};

}  // namespace fairsweep
