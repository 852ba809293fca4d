#include "orchestrator/search/catalogue.hpp"

#include <limits>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "orchestrator/search/grid.hpp"
#include "orchestrator/search/listed.hpp"
#include "orchestrator/search/none.hpp"
#include "orchestrator/search/random.hpp"
#include "orchestrator/search/sobol.hpp"

namespace fairsweep {
namespace {

/// The entry of that name. @throws UserError where there is none.
template <typename Entry>
const Entry& entry_named(const std::vector<Entry>& entries, const std::string& name, const std::string& key) {
  std::vector<std::string> names;
  for (const Entry& entry : entries) {
    if (entry.name == name) {
      return entry;
    }
    names.emplace_back(entry.name);
  }
  std::string known;
  for (const std::string& each : names) {
    known += (known.empty() ? "" : ", ") + each;
  }
  throw UserError(ExitCode::configuration,
                  key + ": there is no \"" + name + "\"" + did_you_mean(name, names) + " (known: " + known + ")");
}

}  // namespace

const std::vector<StrategyEntry>& strategy_catalogue() {
  static const std::vector<StrategyEntry> entries = {
      {"grid", "every combination of levels",
       [](SearchSpace space, const SearchOptions& options) {
         return make_grid(std::move(space), options.grid_points);
       }},
      {"listed", "configurations that are written out",
       [](const SearchSpace& space, const SearchOptions& options) { return make_listed(space, options.listed); }},
      {"random", "independent uniform points",
       [](SearchSpace space, const SearchOptions& options) { return make_random(std::move(space), options.seed); }},
      {"sobol", "scrambled Sobol' points, evenly spread",
       [](SearchSpace space, const SearchOptions& options) { return make_sobol(std::move(space), options.seed); }},
  };
  return entries;
}

const std::vector<SchedulerEntry>& scheduler_catalogue() {
  static const std::vector<SchedulerEntry> entries = {
      {"none", "every trial runs to its full budget", [] { return make_none(); }},
  };
  return entries;
}

std::unique_ptr<SearchStrategy> make_strategy(const std::string& name, SearchSpace space,
                                              const SearchOptions& options) {
  return entry_named(strategy_catalogue(), name, "search.strategy").make(std::move(space), options);
}

std::unique_ptr<Scheduler> make_scheduler(const std::string& name) {
  return entry_named(scheduler_catalogue(), name, "scheduler").make();
}

std::uint32_t wanted_configurations(const SearchStrategy& strategy, std::int64_t asked) {
  const std::optional<std::uint64_t> size = strategy.size();
  if (asked == 0 && !size) {
    throw UserError(ExitCode::configuration, "search.configurations: the strategy \"" + std::string(strategy.name()) +
                                                 "\" has no last configuration; say how many are wanted");
  }
  if (size && asked > 0 && static_cast<std::uint64_t>(asked) > *size) {
    throw UserError(ExitCode::configuration, "search.configurations: " + std::to_string(asked) +
                                                 " are asked for and the " +
                                                 (strategy.name() == "grid" ? "grid" : "list") + " has " +
                                                 std::to_string(*size) + "; write 0 for all of them");
  }
  const std::uint64_t wanted = asked == 0 ? *size : static_cast<std::uint64_t>(asked);
  check(asked >= 0 && wanted <= std::numeric_limits<std::uint32_t>::max(), "the schema bounds search.configurations");
  return static_cast<std::uint32_t>(wanted);
}

}  // namespace fairsweep
