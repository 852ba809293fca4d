#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/domain/trial.hpp"

namespace fairsweep {

/// What a trial showed at a rung.
struct RungResult {
  TrialId trial;
  std::vector<double> objectives;  ///< by objective, smaller is better
};

/// Decides how long trials train. A rung is a budget at which a trial pauses, is compared with the others that reached
/// it, and goes on only if it is let.
class Scheduler {
 public:
  virtual ~Scheduler() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Budgets (epochs) below `full` at which trials pause, ascending; empty: trials never pause.
  [[nodiscard]] virtual std::vector<std::uint32_t> rungs(std::uint32_t full) const = 0;
  /// Which of the trials that reached rung number `rung` may go on, given every result there so far. Called again
  /// whenever a result arrives; a trial once let on stays so. Depends on the results alone, not on their order.
  [[nodiscard]] virtual std::vector<TrialId> may_go_on(std::size_t rung, std::span<const RungResult> results) const = 0;
};

}  // namespace fairsweep
