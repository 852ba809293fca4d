#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "results/log/event_log.hpp"

namespace fairsweep::testing {

/// A folder of its own for every test, and an events.log in it.
class LogTest : public ::testing::Test {
 protected:
  explicit LogTest(std::filesystem::path place = std::filesystem::temp_directory_path()) : place_(std::move(place)) {}
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = place_ / ("fairsweep_log_" + std::to_string(getpid()) + "_" + std::string(test->name()));
    std::filesystem::create_directories(folder_);
    file_ = folder_ / "events.log";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// The event with this number, of varying length.
  static Event event(std::uint64_t number) {
    return events::Stopped{static_cast<double>(number), std::string(number * 7 % 40, 'x')};
  }
  static std::vector<Event> events(std::uint64_t count) {
    std::vector<Event> events;
    for (std::uint64_t number = 1; number <= count; ++number) {
      events.push_back(event(number));
    }
    return events;
  }
  void write_events(std::uint64_t count) const {
    EventLog::Recovery recovery;
    EventLog log(file_, recovery);
    for (std::uint64_t number = recovery.events.size() + 1; number <= count; ++number) {
      log.append(event(number));
    }
  }
  [[nodiscard]] EventLog::Recovery open() const {
    EventLog::Recovery recovery;
    const EventLog log(file_, recovery);
    return recovery;
  }
  [[nodiscard]] std::string bytes() const {
    std::string bytes(std::filesystem::file_size(file_), '\0');
    std::ifstream(file_, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bytes;
  }
  void set_bytes(const std::string& bytes) const {
    std::ofstream stream(file_, std::ios::binary | std::ios::trunc);
    stream << bytes;
  }
  /// The sentence and code of the UserError that `act` throws.
  template <typename Act>
  static std::pair<ExitCode, std::string> error_of(Act act) {
    try {
      act();
    } catch (const UserError& error) {
      return {error.code(), error.what()};
    }
    return {ExitCode::done, "no error"};
  }

  std::filesystem::path place_;
  std::filesystem::path folder_;
  std::filesystem::path file_;
};

}  // namespace fairsweep::testing
