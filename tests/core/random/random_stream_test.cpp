#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"

namespace fairsweep {
namespace {

// Streams are fixed by their key, so these tests draw the same numbers in every run: a bound that holds, holds always.
RandomStream stream(std::uint32_t index = 0) { return {2024, 5, 3, Purpose::order, index}; }

struct Moments {
  double mean = 0;
  double variance = 0;
};

template <typename Draw>
Moments moments(int n, Draw draw) {
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < n; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  return {sum / n, squares / n - (sum / n) * (sum / n)};
}

// Words from an independent implementation of the paper (Python integers); the rest pins what must never change.
TEST(RandomStream, PinsItsWords) {
  RandomStream random(0x0123456789abcdefULL, 5, 3, Purpose::order, 11);
  for (const std::uint32_t word :
       {0xf52de619U, 0xdad5bcb2U, 0x95b47a11U, 0xa6cd292bU, 0x3c1cfd26U, 0x7cfc76e5U, 0xe9a85043U, 0x1aef3f44U}) {
    EXPECT_EQ(random.next_u32(), word);
  }
}

TEST(RandomStream, PinsItsDraws) {
  RandomStream random(7, 1, 2, Purpose::initialisation, 0);
  EXPECT_EQ(random.uniform(), 0x1.11cfd14be2ac8p-1);
  EXPECT_EQ(random.normal(), 0x1.1b1aa28a78958p+0);
  EXPECT_EQ(random.normal(), 0x1.254b419fc4fa3p+1);
  EXPECT_EQ(random.below(1000), 12U);
  EXPECT_EQ(random.gamma(0.3), 0x1.87a94b80dd2d5p-9);
  EXPECT_EQ(random.gamma(4.5), 0x1.b633fbf07beaep+1);
  EXPECT_EQ(random.permutation(6), (std::vector<std::uint32_t>{2, 4, 1, 5, 0, 3}));
}

TEST(RandomStream, TwoWordsMakeALongOne) {
  RandomStream words = stream();
  RandomStream longs = stream();
  const std::uint64_t low = words.next_u32();
  const std::uint64_t high = words.next_u32();
  EXPECT_EQ(longs.next_u64(), (high << 32) | low);
}

TEST(RandomStream, DiffersInEveryPartOfTheKey) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> first_words;
  const auto add = [&](RandomStream random) { first_words.emplace(random.next_u64(), random.next_u64()); };
  int streams = 0;
  for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32, ~0ULL}) {
    for (const std::uint32_t configuration : {0U, 1U, 256U, 0xffffffffU}) {
      for (const std::uint32_t replicate : {0U, 1U, 256U, 0xffffffU}) {
        for (const Purpose purpose : {Purpose::initialisation, Purpose::order, Purpose::bootstrap}) {
          for (const std::uint32_t index : {0U, 1U, 256U, 0xffffffffU}) {
            add({seed, configuration, replicate, purpose, index});
            ++streams;
          }
        }
      }
    }
  }
  EXPECT_EQ(first_words.size(), static_cast<std::size_t>(streams));
}

TEST(RandomStream, RefusesAReplicateThatWouldMeetAnotherPurpose) {
  EXPECT_THROW(RandomStream(1, 1, 1U << 24, Purpose::order), InternalError);
  EXPECT_THROW(RandomStream(1, 1, 1, static_cast<Purpose>(256)), InternalError);
}

TEST(RandomStream, UniformHasTheRightMoments) {
  RandomStream random = stream();
  double smallest = 1;
  double largest = 0;
  const Moments got = moments(200000, [&] {
    const double x = random.uniform();
    smallest = std::min(smallest, x);
    largest = std::max(largest, x);
    return x;
  });
  EXPECT_GE(smallest, 0);
  EXPECT_LT(largest, 1);
  EXPECT_NEAR(got.mean, 0.5, 4 * std::sqrt(1 / 12.0 / 200000));
  EXPECT_NEAR(got.variance, 1 / 12.0, 0.001);
}

TEST(RandomStream, BelowIsUniform) {
  for (const std::uint64_t n : {2ULL, 7ULL, 100ULL}) {
    RandomStream random = stream(static_cast<std::uint32_t>(n));
    std::vector<int> counts(n);
    const int draws = 100000;
    for (int i = 0; i < draws; ++i) {
      ++counts.at(random.below(n));
    }
    const double expected = static_cast<double>(draws) / static_cast<double>(n);
    double chi_square = 0;
    for (const int count : counts) {
      chi_square += (count - expected) * (count - expected) / expected;
    }
    const auto freedom = static_cast<double>(n - 1);
    EXPECT_LT(chi_square, freedom + 4 * std::sqrt(2 * freedom)) << "n = " << n;
  }
}

// With n = 3 * 2^62 a plain modulo would give the lowest third of the range half of all draws, not a third.
TEST(RandomStream, BelowIsNotBiasedForHugeRanges) {
  RandomStream random = stream();
  const std::uint64_t n = 3ULL << 62;
  const int draws = 60000;
  int lowest_third = 0;
  for (int i = 0; i < draws; ++i) {
    const std::uint64_t x = random.below(n);
    ASSERT_LT(x, n);
    lowest_third += x < (1ULL << 62) ? 1 : 0;
  }
  EXPECT_NEAR(lowest_third / static_cast<double>(draws), 1 / 3.0, 4 * std::sqrt(2 / 9.0 / draws));
}

TEST(RandomStream, BelowOneIsZeroAndBelowZeroIsABug) {
  RandomStream random = stream();
  EXPECT_EQ(random.below(1), 0U);
  EXPECT_THROW(static_cast<void>(random.below(0)), InternalError);
}

TEST(RandomStream, NormalHasTheRightMomentsAndTails) {
  RandomStream random = stream();
  const int n = 200000;
  int beyond_two = 0;
  double cubes = 0;
  double fourth = 0;
  const Moments got = moments(n, [&] {
    const double x = random.normal();
    beyond_two += std::abs(x) > 2 ? 1 : 0;
    cubes += x * x * x;
    fourth += x * x * x * x;
    return x;
  });
  EXPECT_NEAR(got.mean, 0, 4 / std::sqrt(n));
  EXPECT_NEAR(got.variance, 1, 4 * std::sqrt(2.0 / n));
  EXPECT_NEAR(cubes / n, 0, 4 * std::sqrt(15.0 / n));
  EXPECT_NEAR(fourth / n, 3, 4 * std::sqrt(96.0 / n));
  EXPECT_NEAR(beyond_two / static_cast<double>(n), 0.0455, 0.002);
}

TEST(RandomStream, GammaHasTheRightMoments) {
  for (const double shape : {0.05, 0.3, 0.9, 1.0, 2.5, 40.0}) {
    RandomStream random = stream(static_cast<std::uint32_t>(shape * 100));
    const int n = 100000;
    const Moments got = moments(n, [&] { return random.gamma(shape); });
    EXPECT_NEAR(got.mean, shape, 4 * std::sqrt(shape / n)) << "shape = " << shape;
    // The fourth central moment of a gamma is 3 a^2 + 6 a.
    EXPECT_NEAR(got.variance, shape, 4 * std::sqrt((2 * shape * shape + 6 * shape) / n)) << "shape = " << shape;
  }
}

TEST(RandomStream, GammaOfATinyShapeStaysAboveZero) {
  RandomStream random = stream();
  for (int i = 0; i < 1000; ++i) {
    EXPECT_GT(random.gamma(1e-4), 0);
  }
  EXPECT_THROW(static_cast<void>(random.gamma(0)), InternalError);
}

TEST(RandomStream, PermutationsArePermutations) {
  for (const std::uint32_t n : {0U, 1U, 2U, 7U, 1000U}) {
    RandomStream random = stream(n);
    std::vector<std::uint32_t> got = random.permutation(n);
    std::sort(got.begin(), got.end());
    ASSERT_EQ(got.size(), n);
    for (std::uint32_t i = 0; i < n; ++i) {
      EXPECT_EQ(got[i], i);
    }
  }
}

TEST(RandomStream, AllPermutationsOfFourAreAsLikely) {
  RandomStream random = stream();
  std::map<std::vector<std::uint32_t>, int> counts;
  const int draws = 48000;
  for (int i = 0; i < draws; ++i) {
    ++counts[random.permutation(4)];
  }
  ASSERT_EQ(counts.size(), 24U);
  double chi_square = 0;
  for (const auto& [order, count] : counts) {
    chi_square += (count - 2000.0) * (count - 2000.0) / 2000.0;
  }
  EXPECT_LT(chi_square, 23 + 4 * std::sqrt(46.0));
}

TEST(RandomStream, NeighbouringStreamsAreNotCorrelated) {
  RandomStream one = stream(0);
  RandomStream other = stream(1);
  double product = 0;
  const int n = 50000;
  for (int i = 0; i < n; ++i) {
    product += (one.uniform() - 0.5) * (other.uniform() - 0.5);
  }
  EXPECT_NEAR(product / n * 12, 0, 4 / std::sqrt(n));
}

}  // namespace
}  // namespace fairsweep
