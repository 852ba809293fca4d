#include "results/pareto/ranks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/pareto/non_dominated.hpp"
#include "tests/results/pareto/point_clouds.hpp"

namespace fairsweep::pareto {
namespace {

using test::cloud;
using test::Cloud;
using test::k_kinds;
using test::Kind;
using test::random_cloud;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::size_t> peeled(const Cloud& points) {
  std::vector<std::size_t> ranks(points.size(), 0);
  std::vector<std::size_t> left(points.size());
  for (std::size_t i = 0; i < left.size(); ++i)
    left[i] = i;
  for (std::size_t rank = 0; !left.empty(); ++rank) {
    Cloud rest{{}, points.dimensions};
    for (const std::size_t row : left)
      rest.add(points.view()[row]);
    std::vector<bool> gone(left.size(), false);
    for (const std::size_t place : non_dominated(rest.view())) {
      ranks[left[place]] = rank;
      gone[place] = true;
    }
    std::vector<std::size_t> next;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (!gone[i])
        next.push_back(left[i]);
    }
    left = next;
  }
  return ranks;
}

TEST(Ranks, NothingOnePointAndCopies) {
  EXPECT_THAT(non_dominated_ranks({{}, 0}), IsEmpty());
  EXPECT_THAT(non_dominated_ranks(cloud({{4, 2}}).view()), ElementsAre(0));
  EXPECT_THAT(non_dominated_ranks(cloud({{1, 1}, {2, 2}, {1, 1}, {2, 1}}).view()), ElementsAre(0, 2, 0, 1));
  EXPECT_THAT(non_dominated_ranks(cloud({{3}, {1}, {2}, {1}}).view()), ElementsAre(2, 0, 1, 0));
}

TEST(Ranks, AgreeWithPeelingFrontAfterFront) {
  for (const Kind kind : k_kinds) {
    for (const std::size_t dimensions : {1, 2, 3, 4, 6}) {
      for (const std::size_t rows : {5, 60, 300}) {
        const std::uint64_t seed = 500 * rows + dimensions;
        const Cloud points = random_cloud(kind, rows, dimensions, seed);
        EXPECT_EQ(non_dominated_ranks(points.view()), peeled(points))
            << to_text(kind) << ", " << dimensions << " dimensions, " << rows << " rows, seed " << seed;
      }
    }
  }
}

TEST(Ranks, ALongChainHasAsManyFrontsAsPoints) {
  constexpr std::size_t k_rows = 5000;
  for (const std::size_t dimensions : {2, 3, 5}) {
    const Cloud chain = random_cloud(Kind::chain, k_rows, dimensions, 9);
    const std::vector<std::size_t> ranks = non_dominated_ranks(chain.view());
    for (std::size_t row = 0; row < k_rows; ++row)
      ASSERT_EQ(ranks[row], k_rows - 1 - row) << dimensions;
  }
}

}  // namespace
}  // namespace fairsweep::pareto
