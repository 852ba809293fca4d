#include "orchestrator/placement.hpp"

#include <gmock/gmock.h>

namespace fairsweep {
namespace {

using testing::HasSubstr;

WorkerPlace on(const std::string& device) { return {1, device, 8, 2, 65536 + 100}; }

TEST(Placement, ATableOfWhatEachRankHas) {
  EXPECT_EQ(placement_table({{1, {"n1", on("GPU-aa")}}, {12, {"node-2", on("")}}}),
            " rank  host    device  cores  threads   memory\n"
            "    1  n1      GPU-aa      8        2   64 GiB\n"
            "   12  node-2  cpu         8        2   64 GiB");
}

TEST(Placement, DevicesOfTheirOwnAndProcessorsDoNotClash) {
  EXPECT_FALSE(placement_clash({}, 1));
  EXPECT_FALSE(placement_clash({{1, {"n1", on("")}}, {2, {"n1", on("")}}}, 1));
  EXPECT_FALSE(placement_clash({{1, {"n1", on("0")}}, {2, {"n1", on("1")}}, {3, {"n2", on("0")}}}, 1));
}

TEST(Placement, ASharedDeviceIsAClashUnlessAskedFor) {
  const Placement shared{{1, {"n1", on("GPU-aa")}}, {2, {"n1", on("GPU-bb")}}, {3, {"n1", on("GPU-aa")}}};
  const std::string words = placement_clash(shared, 1).value();
  EXPECT_THAT(words, HasSubstr("ranks 1, 3 on host n1"));
  EXPECT_THAT(words, HasSubstr("GPU-aa"));
  EXPECT_THAT(words, HasSubstr("resources.agents_per_device=2"));
  EXPECT_FALSE(placement_clash(shared, 2));
}

}  // namespace
}  // namespace fairsweep
