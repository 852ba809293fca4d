#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "results/report/run_summary.hpp"

namespace fairsweep::report {

/// What a run that confirms another keeps of the other's front, as facts for its provenance: so its result file says
/// alone what the first numbers were. Members are in the order of the list they become.
[[nodiscard]] std::map<std::string, std::string> facts_of_front(const RunSummary& first);

/// One configuration of the confirmed front.
struct ConfirmedMember {
  ConfigurationId there;                               ///< its number in the first run
  std::vector<Estimate> first_validation, first_test;  ///< by objective; what put it on the front, and beside it
  std::optional<std::size_t> point;                    ///< in front.points of the fresh run; nothing: not there yet
  [[nodiscard]] bool fresh(const Front& front) const { return point && front.points[*point].competes; }
  [[nodiscard]] bool stays(const Front& front) const { return point && front.points[*point].on_front; }
};

/// The first front and the fresh numbers of the same configurations, with one reference point for all volumes.
struct Confirmation {
  std::string run;     ///< the first one, as it was called
  std::string digest;  ///< SHA-256 of its resolved configuration
  std::vector<double> reference;
  std::vector<ConfirmedMember> members;
  std::size_t fresh = 0;  ///< members with all their fresh replicates
  std::size_t stay = 0;   ///< of these, dominated by no other of them
  /// Of the members that are fresh; NaN where a value is missing.
  double first_validation_volume = 0, fresh_validation_volume = 0, first_test_volume = 0, fresh_test_volume = 0;
};

/// Nothing where the run confirms no other. @throws UserError (file) where what it keeps of the other is damaged.
[[nodiscard]] std::optional<Confirmation> confirmation_of(const RunSummary& run);

/// First and fresh numbers side by side, how many stay, and the volumes before and after.
[[nodiscard]] std::string confirmation_text(const RunSummary& run, const Confirmation& confirmation);
[[nodiscard]] nlohmann::json confirmation_json(const RunSummary& run, const Confirmation& confirmation);

}  // namespace fairsweep::report
