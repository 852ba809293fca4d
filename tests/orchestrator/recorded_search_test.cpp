#include "orchestrator/recorded_search.hpp"

#include <gtest/gtest.h>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/search/catalogue.hpp"

namespace fairsweep {
namespace {

TEST(Recorded, SuggestsWhatItWasGivenAndNothingElse) {
  const std::vector<Settings> configurations = {{{"a", 1.5}}, {}, {{"a", 1.5}, {"b", std::string("x")}}};
  const auto strategy = make_recorded(configurations);
  EXPECT_EQ(strategy->size(), 3U);
  for (const std::uint32_t index : {2U, 0U, 1U, 2U}) {
    EXPECT_EQ(strategy->suggest(index), configurations[index]);
  }
  EXPECT_THROW((void)strategy->suggest(3), InternalError);
  EXPECT_THROW((void)make_recorded({}), InternalError);
}

TEST(Recorded, NoSweepCanAskForIt) { EXPECT_THROW((void)make_strategy("recorded", {}, {}), UserError); }

}  // namespace
}  // namespace fairsweep
