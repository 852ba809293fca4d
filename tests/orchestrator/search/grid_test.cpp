#include "orchestrator/search/grid.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <set>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "tests/support/conditional_space.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;

std::vector<Settings> all_of(SearchStrategy& grid) {
  std::vector<Settings> points;
  for (std::uint32_t i = 0; i < grid.size(); ++i) {
    points.push_back(*grid.suggest(i));
  }
  return points;
}

TEST(GridLevels, OfEachDistribution) {
  EXPECT_THAT(grid_levels(Choice{{std::int64_t{32}, std::string("x")}}, 9),
              ElementsAre(Value(std::int64_t{32}), Value(std::string("x"))));
  EXPECT_THAT(grid_levels(Uniform{0, 1, false}, 3), ElementsAre(Value(0.0), Value(0.5), Value(1.0)));
  EXPECT_THAT(grid_levels(Uniform{0, 1, false}, 1), ElementsAre(Value(0.5)));
  EXPECT_THAT(grid_levels(Uniform{2, 4, true}, 9),
              ElementsAre(Value(std::int64_t{2}), Value(std::int64_t{3}), Value(std::int64_t{4})));
  EXPECT_THAT(grid_levels(Uniform{0, 10, true}, 3),
              ElementsAre(Value(std::int64_t{0}), Value(std::int64_t{5}), Value(std::int64_t{10})));
  EXPECT_THAT(grid_levels(LogUniform{1, 4, true}, 5), ElementsAre(Value(std::int64_t{1}), Value(std::int64_t{2}),
                                                                  Value(std::int64_t{3}), Value(std::int64_t{4})));
  const std::vector<Value> rates = grid_levels(LogUniform{1e-4, 1e-2, false}, 3);
  ASSERT_EQ(rates.size(), 3U);
  EXPECT_EQ(rates[0], Value(1e-4));
  EXPECT_NEAR(std::get<double>(rates[1]), 1e-3, 1e-15);
  EXPECT_EQ(rates[2], Value(1e-2));
}

TEST(Grid, TheLastParameterChangesFastest) {
  SearchSpace space;
  space.parameters = {{"a", Choice{{std::int64_t{1}, std::int64_t{2}}}, {}}, {"b", Choice{{true, false}}, {}}};
  const auto grid = make_grid(space, 5);
  const std::vector<Settings> expected = {{{"a", std::int64_t{1}}, {"b", true}},
                                          {{"a", std::int64_t{1}}, {"b", false}},
                                          {{"a", std::int64_t{2}}, {"b", true}},
                                          {{"a", std::int64_t{2}}, {"b", false}}};
  EXPECT_EQ(all_of(*grid), expected);
}

TEST(Grid, ConditionsLeaveNoDuplicates) {
  const auto grid = make_grid(support::conditional_space(), 3);
  // pooled: 3 x 3; dro: 3 x 3 x 3; both, plain: 3 x 3 x 3; both, momentum: 3 x 3 x 3 x 3 (1, 3, 4: 2.5 is rounded up)
  EXPECT_EQ(grid->size(), 9U + 27U + 27U + 81U);
  const std::vector<Settings> points = all_of(*grid);
  EXPECT_EQ(std::set<Settings>(points.begin(), points.end()).size(), points.size());
}

/// Slow twin: the product with every parameter, conditions applied afterwards, duplicates removed.
TEST(Grid, EqualsTheFilteredProduct) {
  const SearchSpace space = support::conditional_space();
  std::set<Settings> expected;
  std::vector<std::size_t> digits(space.parameters.size(), 0);
  std::vector<std::vector<Value>> levels;
  for (const Parameter& parameter : space.parameters) {
    levels.push_back(grid_levels(parameter.distribution, 4));
  }
  for (bool more = true; more;) {
    Settings chosen;
    for (std::size_t i = 0; i < digits.size(); ++i) {
      if (!space.parameters[i].condition || holds(*space.parameters[i].condition, chosen)) {
        chosen[space.parameters[i].path] = levels[i][digits[i]];
      }
    }
    expected.insert(chosen);
    more = false;
    for (std::size_t i = digits.size(); i-- > 0 && !more;) {
      digits[i] = (digits[i] + 1) % levels[i].size();
      more = digits[i] != 0;
    }
  }
  const auto grid = make_grid(space, 4);
  const std::vector<Settings> points = all_of(*grid);
  EXPECT_EQ(std::set<Settings>(points.begin(), points.end()), expected);
  EXPECT_EQ(points.size(), expected.size());
}

TEST(Grid, AHugeGridIsRefusedAtOnce) {
  SearchSpace space;
  for (int i = 0; i < 40; ++i) {
    space.parameters.push_back({"p" + std::to_string(i), Uniform{0, 1, false}, {}});
  }
  try {
    (void)make_grid(space, 10);
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("search.grid_points"));
  }
}

TEST(Grid, ALargeGridIsReadAnywhere) {
  SearchSpace space;
  for (int i = 0; i < 9; ++i) {
    space.parameters.push_back({"p" + std::to_string(i), Uniform{0, 9, true}, {}});
  }
  const auto grid = make_grid(space, 10);
  ASSERT_EQ(grid->size(), 1000000000U);
  const Settings point = *grid->suggest(123456789);
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(std::get<std::int64_t>(point.at("p" + std::to_string(i))), i + 1);
  }
  EXPECT_THROW((void)grid->suggest(1000000000U), InternalError);
}

}  // namespace
}  // namespace fairsweep
