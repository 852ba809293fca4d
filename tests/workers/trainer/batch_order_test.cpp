#include "workers/trainer/batch_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace fairsweep {
namespace {

std::vector<std::int64_t> places_of(const EpochShape& shape, const at::Tensor& order, std::int64_t k) {
  std::vector<std::int64_t> places;
  for (std::int64_t s = 0; s < shape.steps; ++s) {
    const std::int64_t used = s + 1 == shape.steps ? shape.last : shape.batch;
    for (std::int64_t b = 0; b < shape.stored; ++b) {
      const auto place = order[s][k][b].item<std::int64_t>();
      if (b < used) {
        places.push_back(place);
      } else {
        EXPECT_EQ(place, 0) << "padding";
      }
    }
  }
  return places;
}

TEST(BatchOrder, CutsAnEpochIntoPaddedSteps) {
  const EpochShape shape = epoch_shape(45, 7);
  EXPECT_EQ(shape.steps, 7);
  EXPECT_EQ(shape.batch, 7);
  EXPECT_EQ(shape.stored, 32);
  EXPECT_EQ(shape.last, 3);
  const EpochShape whole = epoch_shape(5, 256);
  EXPECT_EQ(whole.steps, 1);
  EXPECT_EQ(whole.batch, 5);
  EXPECT_EQ(whole.last, 5);
  EXPECT_EQ(epoch_shape(64, 32).last, 32);
}

TEST(BatchOrder, EveryTrialSeesEveryComparisonOnce) {
  std::vector<std::int64_t> rows(45);
  std::iota(rows.begin(), rows.end(), 100);
  const EpochShape shape = epoch_shape(45, 7);
  const at::Tensor order = epoch_order(shape, rows, {{1, 0, 0}, {1, 0, 1}}, 3);
  const std::vector<std::int64_t> first = places_of(shape, order, 0);
  const std::vector<std::int64_t> second = places_of(shape, order, 1);
  EXPECT_NE(first, second) << "replicates have orders of their own";
  for (std::vector<std::int64_t> seen : {first, second}) {
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(seen, rows);
  }
}

TEST(BatchOrder, DependsOnTheKeyAndTheEpochAlone) {
  std::vector<std::int64_t> rows(20);
  std::iota(rows.begin(), rows.end(), 0);
  const EpochShape shape = epoch_shape(20, 6);
  const at::Tensor pack = epoch_order(shape, rows, {{9, 1, 0}, {9, 2, 0}, {9, 3, 0}}, 1);
  const at::Tensor alone = epoch_order(shape, rows, {{9, 2, 0}}, 1);
  EXPECT_TRUE(pack.narrow(1, 1, 1).equal(alone));
  EXPECT_FALSE(alone.equal(epoch_order(shape, rows, {{9, 2, 0}}, 2)));
}

}  // namespace
}  // namespace fairsweep
