#include "orchestrator/leases.hpp"

#include <gmock/gmock.h>

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(LeasesTest, ALeaseLivesFromRenewalToRenewal) {
  Leases leases(10);
  leases.open({1}, 3, 0);
  leases.open({2}, 4, 5);
  EXPECT_THAT(leases.expired(10), IsEmpty());
  EXPECT_THAT(leases.expired(10.5), ElementsAre(LeaseId{1}));
  EXPECT_TRUE(leases.renew({1}, 3, 9));
  EXPECT_THAT(leases.expired(16), ElementsAre(LeaseId{2}));
  EXPECT_THAT(leases.expired(20), ElementsAre(LeaseId{1}, LeaseId{2}));
}

TEST(LeasesTest, OnlyItsWorkerRenewsALease) {
  Leases leases(10);
  leases.open({1}, 3, 0);
  EXPECT_FALSE(leases.renew({1}, 4, 5));
  EXPECT_FALSE(leases.renew({2}, 3, 5));
  EXPECT_THAT(leases.of(3), ElementsAre(LeaseId{1}));
  EXPECT_THAT(leases.of(4), IsEmpty());
  leases.close({1});
  EXPECT_FALSE(leases.renew({1}, 3, 5));
  EXPECT_THAT(leases.expired(100), IsEmpty());
}

}  // namespace
}  // namespace fairsweep
