#include "orchestrator/search/sobol.hpp"

#include <gmock/gmock.h>

#include <array>
#include <bit>
#include <boost/random/sobol.hpp>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/search/sobol_sequence.hpp"

namespace fairsweep {
namespace {

double number(std::uint32_t fraction) { return std::ldexp(static_cast<double>(fraction), -32); }

TEST(SobolSequence, FirstPointsAsPublished) {
  // Joe and Kuo's first points in Gray-code order are points 0, 1, 3, 2, 6, ... of the natural order used here.
  const std::vector<std::vector<double>> natural = {{0, 0, 0},
                                                    {0.5, 0.5, 0.5},
                                                    {0.25, 0.75, 0.75},
                                                    {0.75, 0.25, 0.25},
                                                    {0.125, 0.625, 0.375},
                                                    {0.625, 0.125, 0.875},
                                                    {0.375, 0.375, 0.625},
                                                    {0.875, 0.875, 0.125}};
  for (std::uint32_t i = 0; i < natural.size(); ++i) {
    for (std::uint32_t d = 0; d < 3; ++d) {
      EXPECT_EQ(number(sobol_fraction(i, d)), natural[i][d]) << "point " << i << ", dimension " << d;
    }
  }
}

/// Another implementation of the same numbers: Boost walks them in Gray-code order and leaves point 0 out.
TEST(SobolSequence, AgreesWithBoostInEveryDimension) {
  boost::random::sobol_engine<std::uint32_t, 32> boost(k_sobol_dimensions);
  for (std::uint32_t i = 1; i < 4096; ++i) {
    const std::uint32_t gray = i ^ (i >> 1U);
    for (std::uint32_t d = 0; d < k_sobol_dimensions; ++d) {
      ASSERT_EQ(sobol_fraction(gray, d), boost()) << "point " << i << ", dimension " << d;
    }
  }
}

TEST(SobolSequence, RefusesADimensionWithoutNumbers) {
  EXPECT_THROW((void)sobol_fraction(1, k_sobol_dimensions), InternalError);
}

/// The first two dimensions are a (0, m, 2)-net in base 2: each elementary interval of volume 2^-m holds one point.
void expect_net(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& points, unsigned m) {
  for (unsigned split = 0; split <= m; ++split) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> cells;
    for (const auto& [x, y] : points) {
      cells.emplace(split == 0 ? 0 : x >> (32 - split), split == m ? 0 : y >> (32 - (m - split)));
    }
    EXPECT_EQ(cells.size(), points.size()) << "2^-" << split << " by 2^-" << m - split;
  }
}

TEST(SobolSequence, IsANetAndStaysOneWhenScrambled) {
  constexpr unsigned m = 8;
  for (const std::array<std::uint32_t, 2> seed : {std::array<std::uint32_t, 2>{1, 2}, {77, 5}, {0, 0}}) {
    for (const std::uint32_t block : {0U, 1U, 5U}) {  // any aligned block of 2^m points
      std::vector<std::pair<std::uint32_t, std::uint32_t>> plain;
      std::vector<std::pair<std::uint32_t, std::uint32_t>> scrambled;
      for (std::uint32_t i = block << m; i < (block + 1) << m; ++i) {
        plain.emplace_back(sobol_fraction(i, 0), sobol_fraction(i, 1));
        scrambled.emplace_back(owen_scramble(plain.back().first, 0, seed), owen_scramble(plain.back().second, 1, seed));
      }
      expect_net(plain, m);
      expect_net(scrambled, m);
    }
  }
}

TEST(SobolSequence, EveryDimensionIsStratifiedWhenScrambled) {
  constexpr unsigned m = 7;
  for (std::uint32_t d = 0; d < k_sobol_dimensions; ++d) {
    std::set<std::uint32_t> cells;
    for (std::uint32_t i = 0; i < (1U << m); ++i) {
      cells.insert(owen_scramble(sobol_fraction(i, d), d, {3, 4}) >> (32 - m));
    }
    EXPECT_EQ(cells.size(), 1U << m) << "dimension " << d;
  }
}

TEST(OwenScramble, KeepsTheLengthOfCommonPrefixes) {
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs = {
      {0x00000000, 0x80000000}, {0x12345678, 0x12345679}, {0xABCD0000, 0xABCDFFFF}, {0xF0000000, 0xF8000000}};
  for (const auto& [a, b] : pairs) {
    const std::uint32_t before = a ^ b;
    const std::uint32_t after = owen_scramble(a, 3, {9, 9}) ^ owen_scramble(b, 3, {9, 9});
    EXPECT_EQ(std::countl_zero(before), std::countl_zero(after)) << a << " " << b;
  }
}

TEST(OwenScramble, MovesAPointToEveryPlaceOverSeeds) {
  double sum = 0;
  constexpr int seeds = 4000;
  for (std::uint32_t seed = 0; seed < seeds; ++seed) {
    sum += number(owen_scramble(0x20000000, 5, {seed, 1}));
  }
  EXPECT_NEAR(sum / seeds, 0.5, 0.03);  // six standard errors of a uniform mean
}

TEST(Sobol, ChoicesAreBalancedAndConditionalParametersKeepTheirDimension) {
  SearchSpace space;
  const std::vector<Value> names = {std::string("a"), std::string("b")};
  space.parameters = {{"name", Choice{names}, {}},
                      {"only_b", Uniform{0, 1, false}, Condition{"name", {std::string("b")}}},
                      {"rate", Uniform{0, 1, false}, {}}};
  SearchSpace without = space;
  without.parameters[1].condition.reset();
  const auto conditional = make_sobol(space, 21);
  const auto full = make_sobol(without, 21);
  std::map<std::string, int> seen;
  for (std::uint32_t i = 0; i < 64; ++i) {
    Settings expected = *full->suggest(i);
    ++seen[std::get<std::string>(expected.at("name"))];
    if (std::get<std::string>(expected.at("name")) == "a") {
      expected.erase("only_b");
    }
    EXPECT_EQ(conditional->suggest(i), expected) << "configuration " << i;
  }
  EXPECT_EQ(seen["a"], 32);
  EXPECT_EQ(seen["b"], 32);
}

TEST(Sobol, TooManyParametersAreRefused) {
  SearchSpace space;
  for (std::uint32_t i = 0; i <= k_sobol_dimensions; ++i) {
    space.parameters.push_back({"p" + std::to_string(i), Uniform{0, 1, false}, {}});
  }
  try {
    (void)make_sobol(space, 1);
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_THAT(error.what(),
                testing::AllOf(testing::HasSubstr("64"), testing::HasSubstr("65"), testing::HasSubstr("random")));
  }
}

}  // namespace
}  // namespace fairsweep
