#pragma once

#include <string>
#include <vector>

#include "core/config/sweep_configuration.hpp"

namespace fairsweep::apps {

/// An option that a resumed run gives another value than the run had before.
struct ConfigurationChange {
  std::string path;
  std::string before;  ///< YAML on one line; empty: it was not there
  std::string now;
  bool allowed = false;
  std::string why_not;  ///< where it is of a kind that may change, but not so
  bool operator==(const ConfigurationChange&) const = default;
};

/// What differs, in the order of the option's names. A run that goes on may ask for more configurations, change its
/// resources, and name another place of the same data; anything else would mix trials of two kinds in one front.
[[nodiscard]] std::vector<ConfigurationChange> changes_between(const SweepConfiguration& before,
                                                               const SweepConfiguration& now);

/// "path: before -> now", a line each with an indent, at most ten and then how many more.
[[nodiscard]] std::string lines_of(const std::vector<ConfigurationChange>& changes);

/// Those that are not allowed.
[[nodiscard]] std::vector<ConfigurationChange> forbidden_of(const std::vector<ConfigurationChange>& changes);

/// @param run  for the message
/// @throws UserError (configuration) naming every change that is not allowed, and which would be.
void refuse_forbidden(const std::vector<ConfigurationChange>& changes, const std::string& run);

}  // namespace fairsweep::apps
