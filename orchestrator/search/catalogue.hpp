#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/search_space.hpp"
#include "orchestrator/search/scheduler.hpp"
#include "orchestrator/search/search_strategy.hpp"

namespace fairsweep {

/// What a sweep says about its search.
struct SearchOptions {
  std::uint64_t seed = 0;
  std::int64_t grid_points = 5;
  std::vector<Settings> listed;  ///< of the strategy "listed"
};

/// One line of the catalogue.
struct StrategyEntry {
  std::string_view name;
  std::string_view sentence;
  std::function<std::unique_ptr<SearchStrategy>(SearchSpace, const SearchOptions&)> make;
};
struct SchedulerEntry {
  std::string_view name;
  std::string_view sentence;
  std::function<std::unique_ptr<Scheduler>()> make;
};

/// Every strategy and scheduler there is, in the order they are shown.
[[nodiscard]] const std::vector<StrategyEntry>& strategy_catalogue();
[[nodiscard]] const std::vector<SchedulerEntry>& scheduler_catalogue();

/// @throws UserError (configuration) naming the nearest one where there is none of that name, or where the strategy
/// cannot serve this space.
[[nodiscard]] std::unique_ptr<SearchStrategy> make_strategy(const std::string& name, SearchSpace space,
                                                            const SearchOptions& options);
[[nodiscard]] std::unique_ptr<Scheduler> make_scheduler(const std::string& name);

/// How many configurations a sweep that asks for `asked` of them runs; 0 asks for all of a grid or a list.
/// @throws UserError (configuration) where the strategy has fewer, or has no end and 0 were asked for.
[[nodiscard]] std::uint32_t wanted_configurations(const SearchStrategy& strategy, std::int64_t asked);

}  // namespace fairsweep
