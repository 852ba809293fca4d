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
                       SearchOptions options{seed, 4, {}};
                       const auto listed = make_strategy("random", space, options);
                       for (std::uint32_t i = 0; i < 40; ++i) {
                         options.listed.push_back(*listed->suggest(i));
                       }
                       return make(std::move(space), options);
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
    const auto one = make_strategy(name, support::conditional_space(), {1, 5, {}});
    const auto other = make_strategy(name, support::conditional_space(), {2, 5, {}});
    EXPECT_NE(one->suggest(0), other->suggest(0)) << name;
  }
}

TEST(Catalogue, HowManyConfigurationsAreWanted) {
  SearchSpace space;
  space.parameters = {{"a", Choice{{true, false}}, {}}, {"b", Uniform{0, 1, false}, {}}};
  const auto grid = make_strategy("grid", space, {0, 3, {}});
  EXPECT_EQ(wanted_configurations(*grid, 0), 6U);
  EXPECT_EQ(wanted_configurations(*grid, 4), 4U);
  EXPECT_THAT(message_of([&] { (void)wanted_configurations(*grid, 7); }), HasSubstr("the grid has 6"));
  const auto sobol = make_strategy("sobol", space, {});
  EXPECT_EQ(wanted_configurations(*sobol, 9), 9U);
  EXPECT_THAT(message_of([&] { (void)wanted_configurations(*sobol, 0); }), HasSubstr("say how many"));
}

TEST(Listed, GivesTheConfigurationsInTheirOrder) {
  SearchSpace space;
  space.parameters = {{"a", Choice{{std::string("x"), std::string("y")}}, {}},
                      {"b", Uniform{0, 1, false}, Condition{"a", {std::string("y")}}},
                      {"c", LogUniform{1, 9, true}, {}}};
  const auto make = [&space](const Settings& settings) {
    return make_strategy("listed", space, {0, 5, {{{"a", std::string("x")}, {"c", std::int64_t{3}}}, settings}});
  };
  const Settings good = {{"a", std::string("y")}, {"b", 0.25}, {"c", std::int64_t{9}}};
  const auto listed = make(good);
  EXPECT_EQ(listed->size(), 2U);
  EXPECT_EQ(listed->suggest(1), good);
  EXPECT_EQ(wanted_configurations(*listed, 0), 2U);
  EXPECT_THAT(message_of([&] { (void)wanted_configurations(*listed, 3); }), HasSubstr("the list has 2"));

  const auto with = [&good](const char* path, const Value& value) {
    Settings settings = good;
    settings[path] = value;
    return settings;
  };
  Settings lacking = good;
  lacking.erase("c");
  const std::vector<std::pair<Settings, std::string>> wrong = {
      {lacking, "configuration 2 of the list lacks c"},
      {with("a", std::string("x")), "has b, which its other settings leave without a meaning"},
      {with("b", 1.5), "has b: 1.5, which the distribution of the sweep cannot give"},
      {with("c", 3.0), "has c: 3.0, which the distribution"},
      {with("c", std::int64_t{10}), "has c: 10, which the distribution"},
      {with("a", std::string("z")), "which the distribution"},
      {with("d", true), "has d, which this sweep gives as one value"}};
  for (const auto& [settings, words] : wrong) {
    EXPECT_THAT(message_of([&make, &settings = settings] { (void)make(settings); }), HasSubstr(words));
  }
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
