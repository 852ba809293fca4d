#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/event.hpp"

namespace fairsweep {

// The bytes of events.log:
//   log    = header record*
//   header = "fairsweep events " version "\n"           ; version: decimal, 1 to 9 digits
//   record = length crc json                            ; length and crc: 4 bytes, little-endian
// `length` counts the bytes of `json`, `crc` is their CRC-32C. Frozen; another layout is another version.
inline constexpr std::string_view k_log_header = "fairsweep events 1\n";
inline constexpr std::size_t k_record_head = 8;

/// Appends one record to `bytes`.
void append_record(std::string& bytes, std::string_view json);

/// What the bytes of a log hold.
struct LogContents {
  std::vector<Event> events;
  std::uint64_t whole_bytes = 0;  ///< up to here the log is whole; 0: not even the header is
  std::uint64_t torn_bytes = 0;   ///< behind that: the beginning of a record whose writer died
};

/// Reads a log. A record that is not whole and has no whole record behind it is a torn tail: the last group of writes
/// before a kill. The same with whole records behind it is damage.
/// @throws UserError (file) naming `file`, and the byte, where it is no log, of another version, or damaged.
[[nodiscard]] LogContents parse_log(std::string_view bytes, const std::filesystem::path& file);

}  // namespace fairsweep
