#include "workers/data/importers/time_text.hpp"

#include <charconv>
#include <chrono>

namespace fairsweep {

namespace {

/// Reads along a text; a step that does not fit makes `good` false.
struct Scanner {
  std::string_view rest;
  bool good = true;

  int digits(std::size_t count) {
    int value = 0;
    if (!good || rest.size() < count) {
      good = false;
      return 0;
    }
    for (std::size_t at = 0; at < count; ++at) {
      good = good && rest[at] >= '0' && rest[at] <= '9';
      value = 10 * value + (rest[at] - '0');
    }
    rest.remove_prefix(count);
    return value;
  }
  void expect(char wanted) {
    good = good && !rest.empty() && rest.front() == wanted;
    if (good) {
      rest.remove_prefix(1);
    }
  }
  [[nodiscard]] bool at(char wanted) const { return good && !rest.empty() && rest.front() == wanted; }
};

std::optional<std::int64_t> seconds_of_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const char* end = text.data() + text.size();
  const bool fraction = rest != end && *rest == '.' &&
                        std::string_view(rest + 1, end).find_first_not_of("0123456789") == std::string_view::npos;
  if (problem != std::errc() || (rest != end && !fraction)) {
    return std::nullopt;
  }
  constexpr std::int64_t k_least_milliseconds = 100'000'000'000;
  return value >= k_least_milliseconds ? value / 1000 : value;
}

}  // namespace

std::optional<std::int64_t> seconds_of(std::string_view text) {
  if (const auto number = seconds_of_number(text)) {
    return number;
  }
  Scanner scan{text};
  const int year = scan.digits(4);
  scan.expect('-');
  const int month = scan.digits(2);
  scan.expect('-');
  const int day = scan.digits(2);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!scan.good || !date.ok()) {
    return std::nullopt;
  }
  std::int64_t seconds = std::chrono::sys_days(date).time_since_epoch().count() * std::int64_t{86400};
  if (scan.rest.empty()) {
    return seconds;
  }
  scan.expect(scan.at('T') ? 'T' : ' ');
  const int hour = scan.digits(2);
  scan.expect(':');
  const int minute = scan.digits(2);
  int second = 0;
  if (scan.at(':')) {
    scan.expect(':');
    second = scan.digits(2);
    if (scan.at('.')) {
      scan.expect('.');
      const std::size_t digits = scan.rest.find_first_not_of("0123456789");
      scan.rest.remove_prefix(digits == std::string_view::npos ? scan.rest.size() : digits);
    }
  }
  if (!scan.good || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  seconds += hour * 3600 + minute * 60 + second;
  if (scan.at('+') || scan.at('-')) {
    const int sign = scan.at('+') ? -1 : 1;
    scan.rest.remove_prefix(1);
    const int hours = scan.digits(2);
    if (scan.at(':')) {
      scan.expect(':');
    }
    const int minutes = scan.digits(2);
    seconds += sign * (hours * 3600 + minutes * 60);
    return scan.good && scan.rest.empty() ? std::optional(seconds) : std::nullopt;
  }
  return scan.rest.empty() || scan.rest == "Z" || scan.rest == " UTC" ? std::optional(seconds) : std::nullopt;
}

}  // namespace fairsweep
