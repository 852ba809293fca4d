#include "orchestrator/resume.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/search/catalogue.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;

events::Started started(const std::string& configuration = "c1", const std::string& data = "d1") {
  events::Started event;
  event.configuration_digest = configuration;
  event.data_digest = data;
  event.replicates = 1;
  return event;
}

struct Memory {
  std::vector<Event> events;
  EventSink sink{[this](const Event& event) {
                   events.push_back(event);
                   return events.size();
                 },
                 [this] { return events.size(); }};
};

TEST(Resume, ASessionEndsTheLeasesOfTheOneBefore) {
  TrialTable table(TrialRules{1, 2, 10});
  Memory log;
  begin_session(log.sink, table, started());
  for (const Event& event :
       std::vector<Event>{events::Suggested{0, {{0}, {}}}, events::Suggested{0, {{1}, {}}},
                          events::Assigned{0, {1}, 1, "", {{0}}}, events::Assigned{0, {2}, 2, "", {{1}}}}) {
    (void)table.apply(event);
    log.events.push_back(event);
  }
  TrialTable again(TrialRules{1, 2, 10});
  EXPECT_EQ(replay(log.events, "events.log", again, nullptr), 0U);
  EXPECT_TRUE(again == table);
  begin_session(log.sink, again, started());
  EXPECT_EQ(again.counts().pending, 2U);
  EXPECT_TRUE(again.leases().empty());
  EXPECT_EQ(again.next_lease(), LeaseId{3});
  ASSERT_EQ(log.events.size(), 8U);
  EXPECT_TRUE(std::get<events::Started>(log.events[5]).resumed);
  EXPECT_EQ(std::get<events::LeaseExpired>(log.events[7]).reason, "resumed");
}

TEST(Resume, AnotherConfigurationOrOtherDataAreRefused) {
  for (const auto& [configuration, data, code, words] :
       std::vector<std::tuple<std::string, std::string, ExitCode, std::string>>{
           {"c2", "d1", ExitCode::configuration, "another configuration"},
           {"c1", "d2", ExitCode::file, "other data"}}) {
    TrialTable table(TrialRules{1, 2, 10});
    Memory log;
    begin_session(log.sink, table, started());
    try {
      begin_session(log.sink, table, started(configuration, data));
      FAIL() << "no error";
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), code);
      EXPECT_THAT(error.what(), HasSubstr(words));
      EXPECT_THAT(error.what(), HasSubstr("--out"));
    }
    EXPECT_EQ(log.events.size(), 1U) << "nothing was written";
  }
}

TEST(Resume, ALogThatCannotBeIsAUserError) {
  TrialTable table(TrialRules{1, 2, 10});
  try {
    (void)replay({started(), events::Completed{}, events::Suggested{}}, "run/events.log", table, nullptr);
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    EXPECT_THAT(error.what(), testing::StartsWith("run/events.log: event 3 cannot follow"));
  }
}

TEST(Resume, TheStrategyGoesOnWhereItWas) {
  SearchSpace space;
  space.parameters = {{"x", Uniform{0, 1, false}, {}}};
  const auto live = make_strategy("sobol", space, {4, 5});
  std::vector<Event> log = {started()};
  for (std::uint32_t i = 0; i < 5; ++i) {
    log.emplace_back(events::Suggested{0, {{i}, *live->suggest(i)}});
  }
  TrialTable table(TrialRules{1, 2, 10});
  const auto resumed = make_strategy("sobol", space, {4, 5});
  EXPECT_EQ(replay(log, "events.log", table, resumed.get()), 0U);
  EXPECT_EQ(resumed->suggest(5), live->suggest(5));

  TrialTable other_table(TrialRules{1, 2, 10});
  const auto other_seed = make_strategy("sobol", space, {5, 5});
  EXPECT_EQ(replay(log, "events.log", other_table, other_seed.get()), 5U) << "a version that suggests other points";
}

}  // namespace
}  // namespace fairsweep
