#include "core/domain/search_space.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <string>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

constexpr double k_almost_one = 0x1.fffffffffffffp-1;

std::int64_t whole(const Value& value) { return std::get<std::int64_t>(value); }
double real(const Value& value) { return std::get<double>(value); }

TEST(ValueAt, ChoicesShareTheUnitEvenly) {
  const Distribution choice = Choice{{Value(std::string("a")), Value(std::string("b")), Value(std::string("c"))}};
  EXPECT_EQ(value_at(choice, 0), Value(std::string("a")));
  EXPECT_EQ(value_at(choice, 0.3333), Value(std::string("a")));
  EXPECT_EQ(value_at(choice, 0.3334), Value(std::string("b")));
  EXPECT_EQ(value_at(choice, 0.6667), Value(std::string("c")));
  EXPECT_EQ(value_at(choice, k_almost_one), Value(std::string("c")));
}

TEST(ValueAt, UniformRealsAreLinear) {
  const Distribution range = Uniform{-1, 3};
  EXPECT_EQ(real(value_at(range, 0)), -1);
  EXPECT_EQ(real(value_at(range, 0.25)), 0);
  EXPECT_EQ(real(value_at(range, 0.5)), 1);
  EXPECT_LE(real(value_at(range, k_almost_one)), 3);
}

TEST(ValueAt, UniformIntegersAreAllAsLikely) {
  const Distribution range = Uniform{2, 6, true};
  std::map<std::int64_t, int> counts;
  for (int i = 0; i < 1000; ++i)
    ++counts[whole(value_at(range, i / 1000.0))];
  EXPECT_EQ(counts, (std::map<std::int64_t, int>{{2, 200}, {3, 200}, {4, 200}, {5, 200}, {6, 200}}));
  EXPECT_EQ(whole(value_at(range, k_almost_one)), 6);
}

TEST(ValueAt, LogUniformIsLinearInTheLogarithm) {
  const Distribution range = LogUniform{1e-4, 1e-2};
  EXPECT_EQ(real(value_at(range, 0)), 1e-4);
  EXPECT_EQ(real(value_at(range, 0.5)), 1e-3);
  EXPECT_EQ(real(value_at(range, 0.25)), 3.16227766e-4);  // nine digits
  EXPECT_LE(real(value_at(range, k_almost_one)), 1e-2);
}

TEST(ValueAt, LogUniformIntegersReachBothEnds) {
  const Distribution range = LogUniform{1, 8, true};
  std::map<std::int64_t, int> counts;
  for (int i = 0; i < 10000; ++i)
    ++counts[whole(value_at(range, i / 10000.0))];
  ASSERT_EQ(counts.size(), 8U);
  for (const auto& [number, count] : counts) {
    const double share =
        std::log((static_cast<double>(number) + 0.5) / (static_cast<double>(number) - 0.5)) / std::log(17);
    EXPECT_NEAR(count / 10000.0, share, 2e-4) << number;
  }
}

TEST(ValueAt, NeverLeavesTheBounds) {
  for (const double low : {1e-12, 0.3, 7.0}) {
    for (const double factor : {1.0000001, 3.3, 1e9}) {
      const double high = low * factor;
      for (const double quantile : {0.0, 1e-17, 0.5, k_almost_one}) {
        EXPECT_GE(real(value_at(LogUniform{low, high}, quantile)), low);
        EXPECT_LE(real(value_at(LogUniform{low, high}, quantile)), high);
        EXPECT_GE(real(value_at(Uniform{low, high}, quantile)), low);
        EXPECT_LE(real(value_at(Uniform{low, high}, quantile)), high);
      }
    }
  }
}

TEST(ValueAt, RefusesWhatIsNoQuantile) {
  const Distribution range = Uniform{0, 1};
  EXPECT_THROW(static_cast<void>(value_at(range, 1)), InternalError);
  EXPECT_THROW(static_cast<void>(value_at(range, -0.1)), InternalError);
  EXPECT_THROW(static_cast<void>(value_at(range, std::nan(""))), InternalError);
  EXPECT_THROW(static_cast<void>(value_at(Choice{}, 0)), InternalError);
}

TEST(Conditions, HoldWhereTheNamedParameterHasOneOfTheValues) {
  const Condition condition{"method.name", {Value(std::string("a")), Value(std::string("b"))}};
  EXPECT_TRUE(holds(condition, {{"method.name", std::string("b")}}));
  EXPECT_FALSE(holds(condition, {{"method.name", std::string("c")}}));
  EXPECT_FALSE(holds(condition, {{"model.head", std::string("a")}}));
  EXPECT_FALSE(holds(condition, {}));
  EXPECT_FALSE(holds({"n", {Value(std::int64_t{3})}}, {{"n", 3.0}}));  // an integer is no real
}

}  // namespace
}  // namespace fairsweep
