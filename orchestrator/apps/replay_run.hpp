#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"

namespace fairsweep::apps {

/// A configuration of the log that the strategy does not suggest again.
struct OtherSuggestion {
  std::size_t event = 0;  ///< number of its event, from 1
  ConfigurationId configuration;
  Settings logged;
  std::optional<Settings> derived;  ///< nothing: the strategy has none there
};

/// What came of deriving a run's suggestions again.
struct ReplayedRun {
  std::string source;  ///< the log, or the result file
  std::string strategy;
  std::int64_t seed = 0;
  std::size_t events = 0;
  std::uint64_t torn_bytes = 0;  ///< at the end of the log, of an event that is not whole; they are left out
  std::size_t suggestions = 0;
  std::size_t reports = 0;  ///< that the strategy saw
  std::vector<OtherSuggestion> others;
};

/// Asks the strategy of the recorded configuration, with the recorded seed, for every suggestion again, in order, after
/// the reports that came before each in the log. Writes nothing.
/// @param run  a run directory (its events.log), or a results.h5 (the events in it)
/// @throws UserError (file) where it is neither or damaged, where the events cannot follow each other, or where the
///         configuration is not the one that the log was begun with.
[[nodiscard]] ReplayedRun replay_run(const std::string& run);

/// "training.learning_rate: 0.02 in the log, 0.01 derived", a line for each setting that is not the same.
[[nodiscard]] std::vector<std::string> setting_differences(const OtherSuggestion& other);

}  // namespace fairsweep::apps
