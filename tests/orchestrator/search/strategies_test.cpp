#include <gmock/gmock.h>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/search/catalogue.hpp"
#include "tests/contract/search_strategy_contract.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;

std::vector<contract::StrategyCase> every_strategy() {
  std::vector<contract::StrategyCase> cases;
  for (const StrategyEntry& entry : strategy_catalogue()) {
    cases.push_back({std::string(entry.name), [make = entry.make](SearchSpace space, std::uint64_t seed) {
                       return make(std::move(space), {seed, 4});
                     }});
  }
  return cases;
}

}  // namespace

namespace contract {
INSTANTIATE_TEST_SUITE_P(Every, SearchStrategyContract, testing::ValuesIn(every_strategy()),
                         [](const auto& each) { return each.param.name; });
}  // namespace contract

namespace {

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    return error.what();
  }
  return "no error";
}

TEST(Catalogue, NamesTheNearestStrategy) {
  EXPECT_THAT(message_of([] { (void)make_strategy("sobl", {}, {}); }),
              testing::AllOf(HasSubstr("search.strategy"), HasSubstr("did you mean \"sobol\""), HasSubstr("grid")));
  EXPECT_THAT(message_of([] { (void)make_scheduler("hyperband"); }), HasSubstr("known: none"));
}

TEST(Catalogue, SeedsMatterToRandomAndSobol) {
  for (const char* name : {"random", "sobol"}) {
    const auto one = make_strategy(name, support::conditional_space(), {1, 5});
    const auto other = make_strategy(name, support::conditional_space(), {2, 5});
    EXPECT_NE(one->suggest(0), other->suggest(0)) << name;
  }
}

TEST(Catalogue, HowManyConfigurationsAreWanted) {
  SearchSpace space;
  space.parameters = {{"a", Choice{{true, false}}, {}}, {"b", Uniform{0, 1, false}, {}}};
  const auto grid = make_strategy("grid", space, {0, 3});
  EXPECT_EQ(wanted_configurations(*grid, 0), 6U);
  EXPECT_EQ(wanted_configurations(*grid, 4), 4U);
  EXPECT_THAT(message_of([&] { (void)wanted_configurations(*grid, 7); }), HasSubstr("the grid has 6"));
  const auto sobol = make_strategy("sobol", space, {});
  EXPECT_EQ(wanted_configurations(*sobol, 9), 9U);
  EXPECT_THAT(message_of([&] { (void)wanted_configurations(*sobol, 0); }), HasSubstr("say how many"));
}

TEST(Scheduler, NoneLetsEveryTrialGoOn) {
  const auto none = make_scheduler("none");
  EXPECT_EQ(none->name(), "none");
  EXPECT_TRUE(none->rungs(30).empty());
  const std::vector<RungResult> results = {{{4}, {0.5, 0.1}}, {{1}, {0.9, 0.9}}};
  EXPECT_EQ(none->may_go_on(0, results), (std::vector<TrialId>{{4}, {1}}));
}

}  // namespace
}  // namespace fairsweep
