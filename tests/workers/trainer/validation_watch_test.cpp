#include "workers/trainer/validation_watch.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace fairsweep {
namespace {

/// Users 0 and 1 in group 0, user 2 in group 1, user 3 in none.
struct Small {
  TrainingSet set;
  at::Tensor loss = at::tensor({1.0, 3.0, 4.0, 10.0, 7.0}, at::kDouble);
  Small() {
    set.groups = {"a", "b"};
    set.user_group = {0, 0, 1, -1};
    set.validation.user = at::tensor({0, 0, 1, 2, 3}, at::kLong);
    set.validation.weight = at::tensor({1.0, 3.0, 1.0, 2.0, 1.0}, at::kDouble);
    set.validation.source = {0, 1, 2, 3, 4};
  }
};

TEST(ValidationWatch, AveragesOverUsersBeforeGroups) {
  const Small small;
  const ValidationWatch watch(small.set.validation, {0, 1, 2, 3, 4}, small.set);
  // Users: (1 + 9) / 4 = 2.5, 4, 10, 7. Groups: 3.25, 10.
  EXPECT_DOUBLE_EQ(watch.value(small.loss, Watch::users), (2.5 + 4 + 10 + 7) / 4);
  EXPECT_DOUBLE_EQ(watch.value(small.loss, Watch::groups), (3.25 + 10) / 2);
  EXPECT_DOUBLE_EQ(watch.value(small.loss, Watch::worst_group), 10);
}

TEST(ValidationWatch, LooksAtItsRowsOnly) {
  const Small small;
  const ValidationWatch watch(small.set.validation, {0, 1, 2}, small.set);
  for (const Watch how : {Watch::groups, Watch::worst_group, Watch::users}) {
    EXPECT_DOUBLE_EQ(watch.value(small.loss, how), 3.25);
  }
  EXPECT_TRUE(ValidationWatch(small.set.validation, {}, small.set).empty());
}

TEST(ValidationWatch, WithoutGroupsWatchesUsers) {
  Small small;
  small.set.user_group = {-1, -1, -1, -1};
  const ValidationWatch watch(small.set.validation, {0, 1, 2, 3, 4}, small.set);
  EXPECT_DOUBLE_EQ(watch.value(small.loss, Watch::worst_group), watch.value(small.loss, Watch::users));
}

TEST(ValidationWatch, ANaNAnywhereIsANaN) {
  Small small;
  const ValidationWatch watch(small.set.validation, {0, 1, 2, 3, 4}, small.set);
  for (std::int64_t i = 0; i < 5; ++i) {
    at::Tensor loss = small.loss.clone();
    loss[i] = NAN;
    for (const Watch how : {Watch::groups, Watch::worst_group, Watch::users})
      EXPECT_TRUE(std::isnan(watch.value(loss, how)));
  }
}

}  // namespace
}  // namespace fairsweep
