#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/domain/trial.hpp"
#include "core/domain/value.hpp"

namespace fairsweep {

/// Proposes configurations: what to try.
///
/// The state of a strategy is a function of the search space, the seed and the calls made to it, in their order:
/// suggest(0), suggest(1), ... interleaved with ingest(). The log holds exactly these calls (Suggested and Reported
/// events), so resuming and replaying a run repeat them and no state is stored elsewhere.
///
/// Strategies that do not learn (grid, random, sobol) ignore ingest(): configuration i depends on the space, the seed
/// and i alone. Equal configurations are kept, not removed: each trains with its own seeds, and removing one would
/// make every later configuration depend on the earlier ones. Contract: tests/contract/search_strategy_contract.hpp.
class SearchStrategy {
 public:
  virtual ~SearchStrategy() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// How many configurations there are; nothing: as many as one likes.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const { return std::nullopt; }
  /// Sampled settings of configuration `index`: the active parameters, no others. Nothing: more results are needed
  /// before it can be said. A strategy that learns is asked for 0, 1, 2, ... in order.
  /// @throws InternalError where index is not below size().
  [[nodiscard]] virtual std::optional<Settings> suggest(std::uint32_t index) = 0;
  /// A trial of a suggested configuration has ended well.
  virtual void ingest(ConfigurationId configuration, const TrialReport& report);
};

}  // namespace fairsweep
