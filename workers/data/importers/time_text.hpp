#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fairsweep {

/// Seconds since 1970 UTC of a whole number of seconds, of milliseconds where it is above 10^11, or of a date of the
/// Gregorian calendar: 2016-05-01, 2016-05-01 10:20, 2016-05-01T10:20:30.5Z, ... UTC, ...+02:00. Fractions are cut off;
/// a date without a zone is UTC. Nothing where the text is none of these.
[[nodiscard]] std::optional<std::int64_t> seconds_of(std::string_view text);

}  // namespace fairsweep
