#include "results/log/event_log.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/results/log/log_fixture.hpp"

namespace fairsweep {
namespace {

using ::testing::HasSubstr;

class EventLogTest : public testing::LogTest {};

TEST_F(EventLogTest, ReadsBackWhatWasAppended) {
  write_events(5);
  EXPECT_EQ(open().events, events(5));
  write_events(9);  // goes on where the last one ended
  const EventLog::Recovery recovery = open();
  EXPECT_EQ(recovery.events, events(9));
  EXPECT_EQ(recovery.cut_bytes, 0U);
  EXPECT_EQ(read_event_log(file_).events, events(9));
}

// The bytes are a contract with every later version: pinned.
TEST_F(EventLogTest, PinsItsBytes) {
  {
    EventLog::Recovery recovery;
    EventLog log(file_, recovery);
    log.append(events::Completed{1.5});
  }
  const std::string json = R"({"event":"completed","time":1.5})";
  ASSERT_EQ(json.size(), 32U);
  const std::string head(
      "\x20\0\0\0"
      "\x6d\x25\x7e\x14",
      8);
  EXPECT_EQ(bytes(), "fairsweep events 1\n" + head + json);
}

TEST_F(EventLogTest, NumbersEventsAndSaysWhatIsDurable) {
  write_events(3);
  EventLog::Recovery recovery;
  EventLog log(file_, recovery);
  EXPECT_EQ(log.durable(), 3U);
  EXPECT_EQ(log.append(event(4)), 4U);
  EXPECT_EQ(log.append(event(5)), 5U);
  log.sync();
  EXPECT_EQ(log.durable(), 5U);
  EXPECT_EQ(read_event_log(file_).events, events(5));
  log.sync();  // nothing to do
}

TEST_F(EventLogTest, BecomesDurableByItself) {
  EventLog::Recovery recovery;
  EventLog log(file_, recovery);
  for (std::uint64_t round = 1; round <= 3; ++round) {
    const std::uint64_t number = log.append(event(round));
    const auto begin = std::chrono::steady_clock::now();
    while (log.durable() < number) {
      ASSERT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
}

TEST_F(EventLogTest, ASecondWriterIsToldAboutTheFirst) {
  EventLog::Recovery recovery;
  EventLog log(file_, recovery);
  const auto [code, message] = error_of([this] { static_cast<void>(open()); });
  EXPECT_EQ(code, ExitCode::environment);
  EXPECT_EQ(message, file_.string() +
                         ": another fairsweep process is writing this run; wait until it has ended, or "
                         "stop it");
  EXPECT_EQ(read_event_log(file_).events.size(), 0U) << "reading needs no lock";
}

// What a file system without locks lets happen: two write one log.
TEST_F(EventLogTest, WhoeverFindsTheFileLongerThanItLeftItWritesNothingMore) {
  write_events(3);
  EventLog::Recovery recovery;
  EventLog log(file_, recovery);
  log.append(event(4));
  log.sync();
  std::ofstream(file_, std::ios::app) << "of another one";
  const std::string both = bytes();
  log.append(event(5));
  const auto [code, message] = error_of([&log] { log.sync(); });
  EXPECT_EQ(code, ExitCode::environment);
  EXPECT_THAT(message, HasSubstr(file_.string() + ": holds " + std::to_string(both.size()) + " bytes where"));
  EXPECT_THAT(message, HasSubstr("something else has written it"));
  EXPECT_EQ(error_of([&log] { log.append(event(6)); }).second, message) << "and it stays so";
  EXPECT_EQ(bytes(), both);
}

TEST_F(EventLogTest, WhoMayNotWriteAnyMoreWritesNothing) {
  std::atomic<bool> may = true;
  EventLog::Recovery recovery;
  EventLog log(file_, recovery, [&may] {
    if (!may) {
      throw UserError(ExitCode::environment, "another one has the run");
    }
  });
  log.append(event(1));
  log.sync();
  const std::string before = bytes();
  may = false;
  log.append(event(2));
  EXPECT_EQ(error_of([&log] { log.sync(); }), std::pair(ExitCode::environment, std::string("another one has the run")));
  EXPECT_EQ(bytes(), before);
}

TEST_F(EventLogTest, AFolderInPlaceOfTheLogIsNamed) {
  std::filesystem::create_directories(file_);
  const auto [code, message] = error_of([this] { static_cast<void>(open()); });
  EXPECT_EQ(code, ExitCode::environment);
  EXPECT_EQ(message, file_.string() +
                         ": cannot be opened for writing (Is a directory); a folder is in the way: remove it, or "
                         "name another file");
  const auto [read_code, read_message] = error_of([this] { static_cast<void>(read_event_log(file_)); });
  EXPECT_EQ(read_code, ExitCode::file);
  EXPECT_THAT(read_message, HasSubstr("events.log: cannot be read (Is a directory)"));
}

TEST_F(EventLogTest, MissingFoldersAndFilesAreNamed) {
  const auto [code, message] = error_of([this] {
    EventLog::Recovery recovery;
    const EventLog log(folder_ / "none" / "events.log", recovery);
  });
  EXPECT_EQ(code, ExitCode::environment);
  EXPECT_THAT(message, HasSubstr("none/events.log: cannot be opened for writing (No such file or directory)"));
  const auto [read_code, read_message] = error_of([this] { static_cast<void>(read_event_log(folder_ / "none.log")); });
  EXPECT_EQ(read_code, ExitCode::file);
  EXPECT_THAT(read_message, HasSubstr("none.log: cannot be read (No such file or directory)"));
}

TEST_F(EventLogTest, AReaderSeesAPrefixWhileAWriterWrites) {
  constexpr std::uint64_t k_events = 3000;
  std::atomic<bool> done = false;
  std::thread writer([&] {
    EventLog::Recovery recovery;
    EventLog log(file_, recovery);
    for (std::uint64_t number = 1; number <= k_events; ++number) {
      log.append(event(number));
      if (number % 100 == 0) {
        log.sync();
      }
    }
    log.sync();
    done = true;
  });
  std::size_t seen = 0;
  const std::vector<Event> expected = events(k_events);
  while (!std::filesystem::exists(file_)) {
    std::this_thread::yield();
  }
  for (bool last = false; !last;) {
    last = done;
    const EventLog::Recovery read = read_event_log(file_);
    EXPECT_GE(read.events.size(), seen) << "events never disappear";
    seen = read.events.size();
    ASSERT_LE(seen, expected.size());
    ASSERT_TRUE(std::equal(read.events.begin(), read.events.end(), expected.begin()));
  }
  writer.join();
  EXPECT_EQ(seen, k_events);
}

}  // namespace
}  // namespace fairsweep
