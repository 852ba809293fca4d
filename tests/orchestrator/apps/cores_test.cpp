#include "orchestrator/apps/cores.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <set>

namespace fairsweep::apps {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Cores, SlurmSaysHowManyThreadsATrainerHas) {
  unsetenv("SLURM_CPUS_PER_TASK");
  EXPECT_EQ(trainer_threads(0), 1);
  for (const char* nonsense : {"many", "", "-3", "0", "4 or 5"}) {
    setenv("SLURM_CPUS_PER_TASK", nonsense, 1);
    EXPECT_EQ(trainer_threads(0), 1) << nonsense;
  }
  setenv("SLURM_CPUS_PER_TASK", "6", 1);
  EXPECT_EQ(trainer_threads(0), 6);
  EXPECT_EQ(trainer_threads(2), 2) << "the sweep's own word comes first";
  unsetenv("SLURM_CPUS_PER_TASK");
}

TEST(Cores, SlurmSaysHowManyTheJobHasHere) {
  unsetenv("SLURM_CPUS_ON_NODE");
  EXPECT_FALSE(granted_cores());
  setenv("SLURM_CPUS_ON_NODE", "12", 1);
  EXPECT_EQ(granted_cores(), 12U);
  unsetenv("SLURM_CPUS_ON_NODE");
}

TEST(Cores, ThisProcessMayRunOnSome) {
  const std::vector<int> cores = usable_cores();
  ASSERT_FALSE(cores.empty());
  EXPECT_TRUE(std::is_sorted(cores.begin(), cores.end()));
  EXPECT_GE(cores.front(), 0);
}

TEST(Cores, EachWorkerHasItsShareBesideTheOthers) {
  const std::vector<int> usable = {2, 3, 4, 5, 12, 13, 14, 15};
  EXPECT_THAT(cores_of_worker(0, 3, usable, 8), ElementsAre(2, 3, 4));
  EXPECT_THAT(cores_of_worker(1, 3, usable, 8), ElementsAre(5, 12, 13));
  EXPECT_THAT(cores_of_worker(2, 3, usable, 8), ElementsAre(2, 3, 4)) << "two are left, it wants three";
  EXPECT_THAT(cores_of_worker(1, 4, usable, 8), ElementsAre(12, 13, 14, 15));
  EXPECT_THAT(cores_of_worker(0, 9, usable, 8), IsEmpty());
}

TEST(Cores, WhereJobsAreNotConfinedNobodyIsBound) {
  const std::vector<int> usable = {0, 1, 2, 3};
  EXPECT_THAT(cores_of_worker(0, 2, usable, std::nullopt), IsEmpty()) << "no job";
  EXPECT_THAT(cores_of_worker(0, 2, usable, 2), IsEmpty()) << "another job may bind to the same two";
  EXPECT_THAT(cores_of_worker(0, 2, usable, 8), IsEmpty()) << "something else has confined us";
}

TEST(Cores, AsManyWorkersAsSharesNeverOverlap) {
  for (std::size_t size = 1; size <= 16; ++size) {
    std::vector<int> usable(size);
    std::iota(usable.begin(), usable.end(), 7);
    for (std::int64_t threads = 1; threads <= 16; ++threads) {
      const std::size_t shares = size / static_cast<std::size_t>(threads);
      for (std::size_t first = 0; first < 3; ++first) {  // 1 where the coordinator is on this host
        std::set<int> all;
        for (std::size_t index = first; index < first + shares; ++index) {
          const std::vector<int> share = cores_of_worker(index, threads, usable, size);
          EXPECT_EQ(share.size(), static_cast<std::size_t>(threads));
          all.insert(share.begin(), share.end());
        }
        EXPECT_EQ(all.size(), shares * static_cast<std::size_t>(threads));
      }
    }
  }
}

}  // namespace
}  // namespace fairsweep::apps
