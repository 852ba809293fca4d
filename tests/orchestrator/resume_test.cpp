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

TEST(Resume, OtherDataAreRefused) {
  TrialTable table(TrialRules{1, 2, 10});
  Memory log;
  begin_session(log.sink, table, started());
  try {
    begin_session(log.sink, table, started("c1", "d2"));
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    EXPECT_THAT(error.what(), HasSubstr("other data"));
    EXPECT_THAT(error.what(), HasSubstr("--out"));
  }
  EXPECT_EQ(log.events.size(), 1U) << "nothing was written";
}

TEST(Resume, ALaterSessionMayWantMoreAndAllowMoreRetries) {
  TrialTable table(TrialRules{1, 2, 10});
  Memory log;
  const auto live = [&](const Event& event) {
    (void)table.apply(event);
    log.events.push_back(event);
  };
  events::Started first = started();
  first.configurations = 2;
  first.retries = 0;
  begin_session(log.sink, table, first);
  TrialFailure passing;
  passing.trial = {0};
  passing.reason = "environment";
  TrialFailure final = passing;
  final.trial = {1};
  final.retryable = false;
  live(events::Suggested{0, {{0}, {}}});
  live(events::Suggested{0, {{1}, {}}});
  live(events::Assigned{0, {1}, 1, "", {{0}}});
  live(events::Failed{0, {1}, passing});
  live(events::Assigned{0, {2}, 1, "", {{1}}});
  live(events::Failed{0, {2}, final});
  live(events::Completed{0});
  EXPECT_TRUE(table.completed());
  EXPECT_FALSE(table.reopens(0));
  EXPECT_TRUE(table.reopens(1));

  events::Started second = started("c2");
  second.configurations = 3;
  second.retries = 1;
  begin_session(log.sink, table, second);
  EXPECT_FALSE(table.completed());
  EXPECT_EQ(table.started()->configurations, 3U);
  EXPECT_EQ(table.started()->configuration_digest, "c2");
  EXPECT_EQ(table.trials()[0].state, TableTrial::State::pending);
  EXPECT_EQ(table.trials()[1].state, TableTrial::State::failed) << "it would fail again";
  live(events::Suggested{0, {{2}, {}}});
  live(events::Assigned{0, {3}, 1, "", {{0}, {2}}});

  // Fewer retries later do not change what an earlier session did with more.
  events::Started third = started("c3");
  third.configurations = 3;
  third.retries = 0;
  begin_session(log.sink, table, third);
  TrialTable again(TrialRules{1, 7, 10});
  (void)replay(log.events, "events.log", again, nullptr);
  EXPECT_TRUE(again == table);
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
  const auto live = make_strategy("sobol", space, {4, 5, {}});
  std::vector<Event> log = {started()};
  for (std::uint32_t i = 0; i < 5; ++i) {
    log.emplace_back(events::Suggested{0, {{i}, *live->suggest(i)}});
  }
  TrialTable table(TrialRules{1, 2, 10});
  const auto resumed = make_strategy("sobol", space, {4, 5, {}});
  EXPECT_EQ(replay(log, "events.log", table, resumed.get()), 0U);
  EXPECT_EQ(resumed->suggest(5), live->suggest(5));

  TrialTable other_table(TrialRules{1, 2, 10});
  const auto other_seed = make_strategy("sobol", space, {5, 5, {}});
  EXPECT_EQ(replay(log, "events.log", other_table, other_seed.get()), 5U) << "a version that suggests other points";
}

}  // namespace
}  // namespace fairsweep
