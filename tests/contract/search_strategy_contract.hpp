#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "orchestrator/search/search_strategy.hpp"
#include "tests/support/conditional_space.hpp"

namespace fairsweep::contract {

/// One implementation under test: how it is made for a space and a seed.
struct StrategyCase {
  std::string name;
  std::function<std::unique_ptr<SearchStrategy>(SearchSpace, std::uint64_t seed)> make;
};
inline void PrintTo(const StrategyCase& each, std::ostream* out) { *out << each.name; }

inline bool inside(const Distribution& distribution, const Value& value) {
  if (const auto* choice = std::get_if<Choice>(&distribution)) {
    return std::find(choice->values.begin(), choice->values.end(), value) != choice->values.end();
  }
  const auto within = [&](const auto& range) {
    if (range.integer) {
      const auto* number = std::get_if<std::int64_t>(&value);
      return number != nullptr && static_cast<double>(*number) >= range.low &&
             static_cast<double>(*number) <= range.high;
    }
    const auto* number = std::get_if<double>(&value);
    return number != nullptr && *number >= range.low && *number <= range.high;
  };
  if (const auto* uniform = std::get_if<Uniform>(&distribution)) {
    return within(*uniform);
  }
  return within(std::get<LogUniform>(distribution));
}

/// What every strategy promises.
class SearchStrategyContract : public testing::TestWithParam<StrategyCase> {
 protected:
  static std::vector<Settings> first(SearchStrategy& strategy, std::uint32_t most) {
    std::vector<Settings> found;
    for (std::uint32_t i = 0; i < most && (!strategy.size() || i < *strategy.size()); ++i) {
      const std::optional<Settings> settings = strategy.suggest(i);
      EXPECT_TRUE(settings.has_value()) << "configuration " << i;
      found.push_back(settings.value_or(Settings{}));
    }
    return found;
  }
};

TEST_P(SearchStrategyContract, SaysItsName) {
  EXPECT_EQ(GetParam().make(support::conditional_space(), 1)->name(), GetParam().name);
}

TEST_P(SearchStrategyContract, GivesExactlyTheActiveParametersWithinTheirRanges) {
  const SearchSpace space = support::conditional_space();
  const auto strategy = GetParam().make(space, 3);
  for (const Settings& settings : first(*strategy, 300)) {
    std::size_t active = 0;
    for (const Parameter& parameter : space.parameters) {
      const auto value = settings.find(parameter.path);
      const bool wanted = !parameter.condition || holds(*parameter.condition, settings);
      ASSERT_EQ(value != settings.end(), wanted) << parameter.path;
      if (wanted) {
        ++active;
        ASSERT_TRUE(inside(parameter.distribution, value->second)) << parameter.path << " = " << to_text(value->second);
      }
    }
    ASSERT_EQ(settings.size(), active);
  }
}

TEST_P(SearchStrategyContract, SaysTheSameAgain) {
  const auto one = GetParam().make(support::conditional_space(), 7);
  const auto other = GetParam().make(support::conditional_space(), 7);
  EXPECT_EQ(first(*one, 100), first(*other, 100));
}

TEST_P(SearchStrategyContract, AConfigurationDependsOnItsNumberAlone) {
  const auto forwards = GetParam().make(support::conditional_space(), 11);
  const std::vector<Settings> all = first(*forwards, 60);
  const auto backwards = GetParam().make(support::conditional_space(), 11);
  TrialReport report;
  for (std::uint32_t i = static_cast<std::uint32_t>(all.size()); i-- > 0;) {
    EXPECT_EQ(backwards->suggest(i), all[i]) << "configuration " << i;
    backwards->ingest({i}, report);  // what is reported changes nothing
  }
}

TEST_P(SearchStrategyContract, ServesASpaceWithoutParameters) {
  const auto strategy = GetParam().make({}, 1);
  EXPECT_EQ(strategy->suggest(0), Settings{});
}

TEST_P(SearchStrategyContract, ReachesEveryChoice) {
  const auto strategy = GetParam().make(support::conditional_space(), 5);
  std::map<std::string, int> seen;
  for (const Settings& settings : first(*strategy, 500)) {
    ++seen[to_text(settings.at("method.name"))];
  }
  EXPECT_EQ(seen.size(), 3U);
}

}  // namespace fairsweep::contract
