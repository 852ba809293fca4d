#include <gmock/gmock.h>

#include "core/protocol/codec.hpp"
#include "results/log/log_format.hpp"
#include "tests/results/log/log_fixture.hpp"

namespace fairsweep {
namespace {

using ::testing::HasSubstr;

class LogDamage : public testing::LogTest {
 protected:
  /// In memory where the system has such a place: these tests open a thousand logs, each with its flushes.
  LogDamage() : LogTest(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path()) {}

  /// Where each record ends; the header first.
  static std::vector<std::size_t> ends(std::uint64_t count) {
    std::string bytes(k_log_header);
    std::vector<std::size_t> ends = {bytes.size()};
    for (const Event& item : events(count)) {
      append_record(bytes, to_json(item));
      ends.push_back(bytes.size());
    }
    return ends;
  }
};

TEST_F(LogDamage, EveryTruncationOpensWithTheLongestWholePrefix) {
  constexpr std::uint64_t k_events = 6;
  write_events(k_events);
  const std::string whole = bytes();
  const std::vector<std::size_t> ends_of = ends(k_events);
  ASSERT_EQ(ends_of.back(), whole.size());
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    SCOPED_TRACE(size);
    set_bytes(whole.substr(0, size));
    std::size_t kept = 0;  // records that are whole
    std::size_t whole_bytes = 0;
    for (std::size_t i = 0; i < ends_of.size() && ends_of[i] <= size; ++i) {
      kept = i;
      whole_bytes = ends_of[i];
    }
    const EventLog::Recovery read = read_event_log(file_);
    EXPECT_EQ(bytes().size(), size) << "reading changes nothing";
    const EventLog::Recovery recovery = open();
    for (const EventLog::Recovery& found : {read, recovery}) {
      EXPECT_EQ(found.events, events(kept));
      EXPECT_EQ(found.cut_bytes, size - whole_bytes);
    }
    write_events(k_events);  // and the log can go on from there
    EXPECT_EQ(bytes(), whole);
  }
}

TEST_F(LogDamage, EveryFlippedBitBeforeTheTailIsAnError) {
  constexpr std::uint64_t k_events = 5;
  write_events(k_events);
  const std::string whole = bytes();
  const std::vector<std::size_t> ends_of = ends(k_events);
  const std::size_t tail = ends_of[k_events - 1];
  for (std::size_t at = 0; at < tail; ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      const auto [code, message] = error_of([&] { static_cast<void>(parse_log(flipped, file_)); });
      ASSERT_EQ(code, ExitCode::file) << "byte " << at << ", bit " << bit;
      ASSERT_EQ(message.rfind(file_.string() + ": ", 0), 0U);
      if (at >= k_log_header.size()) {
        std::size_t record = 0;
        while (ends_of[record + 1] <= at) {
          ++record;
        }
        ASSERT_THAT(message, HasSubstr("damaged at byte " + std::to_string(ends_of[record]) + ","));
      }
    }
  }
  for (std::size_t at = tail; at < whole.size(); ++at) {  // in the last record it cannot be told from a torn write
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    const LogContents contents = parse_log(flipped, file_);
    ASSERT_EQ(contents.events, events(k_events - 1));
    ASSERT_EQ(contents.torn_bytes, whole.size() - tail);
  }
}

TEST_F(LogDamage, DamageIsNeverRepairedByOpening) {
  write_events(3);
  std::string damaged = bytes();
  damaged[k_log_header.size() + 20] = '?';
  set_bytes(damaged);
  EXPECT_EQ(error_of([this] { static_cast<void>(open()); }).first, ExitCode::file);
  EXPECT_EQ(bytes(), damaged);
}

TEST_F(LogDamage, AZeroFilledTailIsTorn) {
  write_events(3);
  const std::string whole = bytes();
  set_bytes(whole + std::string(5000, '\0'));
  const EventLog::Recovery recovery = open();
  EXPECT_EQ(recovery.events, events(3));
  EXPECT_EQ(recovery.cut_bytes, 5000U);
  EXPECT_EQ(bytes(), whole);
}

TEST_F(LogDamage, OtherFilesAndVersionsAreRefused) {
  const std::string other = ": not an event log of fairsweep; name a run's events.log";
  for (const std::string& text :
       {std::string("hello\n"), std::string("fairsweep events one\n"), std::string("fairsweep events \n"),
        std::string("fairsweep events 1234567890\n"), std::string(100, '\0')}) {
    set_bytes(text);
    EXPECT_EQ(error_of([this] { static_cast<void>(open()); }), std::pair(ExitCode::file, file_.string() + other));
    EXPECT_EQ(bytes(), text);
  }
  set_bytes("fairsweep events 2\nwhatever comes then");
  EXPECT_EQ(error_of([this] { static_cast<void>(open()); }),
            std::pair(ExitCode::file, file_.string() + ": an event log of version 2, and this fairsweep reads version "
                                                       "1; use the fairsweep that wrote it, or a newer one"));
}

TEST_F(LogDamage, AnEventOfAnotherTimeIsNamed) {
  std::string log(k_log_header);
  append_record(log, R"({"event":"reincarnated","time":1.0})");
  set_bytes(log);
  const auto [code, message] = error_of([this] { static_cast<void>(read_event_log(file_)); });
  EXPECT_EQ(code, ExitCode::file);
  EXPECT_THAT(message, HasSubstr("the event at byte 19 cannot be understood (the field \"event\" is \"reincarnated\""));
}

}  // namespace
}  // namespace fairsweep
