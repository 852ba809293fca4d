#include "results/log/log_format.hpp"

#include <limits>
#include <optional>
#include <span>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/protocol/codec.hpp"

namespace fairsweep {

namespace {

constexpr std::string_view k_header_begin = "fairsweep events ";
constexpr std::size_t k_most_version_digits = 9;

std::uint32_t checksum(std::string_view json) { return crc32c(std::as_bytes(std::span(json))); }

void append_little_endian(std::string& bytes, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) {
    bytes += static_cast<char>(value >> static_cast<unsigned>(shift));
  }
}

std::uint32_t little_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) {
    value = (value << 8U) | static_cast<std::uint8_t>(bytes[at + i]);
  }
  return value;
}

/// The JSON of the whole record that begins at `at`, if one does.
std::optional<std::string_view> record_at(std::string_view bytes, std::size_t at) {
  if (bytes.size() - at < k_record_head) {
    return std::nullopt;
  }
  const std::size_t length = little_endian(bytes, at);
  if (length == 0 || length > bytes.size() - at - k_record_head || bytes[at + k_record_head] != '{') {
    return std::nullopt;
  }
  const std::string_view json = bytes.substr(at + k_record_head, length);
  return checksum(json) == little_endian(bytes, at + 4) ? std::optional(json) : std::nullopt;
}

/// Whether a whole record begins anywhere behind `at`. Cost: O(bytes), with a checksum wherever a brace is preceded by
/// a length that fits.
bool whole_record_behind(std::string_view bytes, std::size_t at) {
  for (std::size_t candidate = at + 1; candidate + k_record_head < bytes.size(); ++candidate) {
    if (record_at(bytes, candidate)) {
      return true;
    }
  }
  return false;
}

/// Bytes of the header; 0 where the file ends within it.
std::size_t read_header(std::string_view bytes, const std::filesystem::path& file) {
  if (bytes.size() < k_log_header.size() && k_log_header.substr(0, bytes.size()) == bytes) {
    return 0;
  }
  const std::size_t end = bytes.find('\n');
  const bool named = bytes.substr(0, k_header_begin.size()) == k_header_begin;
  const std::string_view version =
      named && end != std::string_view::npos ? bytes.substr(k_header_begin.size(), end - k_header_begin.size()) : "";
  if (version.empty() || version.size() > k_most_version_digits ||
      version.find_first_not_of("0123456789") != std::string_view::npos) {
    throw UserError(ExitCode::file, file.string() + ": not an event log of fairsweep; name a run's events.log");
  }
  if (version != "1") {
    throw UserError(ExitCode::file, file.string() + ": an event log of version " + std::string(version) +
                                        ", and this fairsweep reads version 1; use the fairsweep that wrote it, or a "
                                        "newer one");
  }
  return end + 1;
}

}  // namespace

void append_record(std::string& bytes, std::string_view json) {
  check(json.size() <= std::numeric_limits<std::uint32_t>::max(), "an event of more than 4 GiB");
  append_little_endian(bytes, static_cast<std::uint32_t>(json.size()));
  append_little_endian(bytes, checksum(json));
  bytes += json;
}

LogContents parse_log(std::string_view bytes, const std::filesystem::path& file) {
  LogContents contents;
  std::size_t at = read_header(bytes, file);
  while (at != 0 && at < bytes.size()) {
    const std::optional<std::string_view> json = record_at(bytes, at);
    if (!json) {
      if (whole_record_behind(bytes, at)) {
        throw UserError(ExitCode::file,
                        file.string() + ": damaged at byte " + std::to_string(at) +
                            ", with whole events behind it; restore the file from a copy, or give up what follows with "
                            "`truncate -s " +
                            std::to_string(at) + " " + file.string() + "`");
      }
      break;
    }
    try {
      contents.events.push_back(parse_event(*json));
    } catch (const BadMessage& error) {
      throw UserError(ExitCode::file, file.string() + ": the event at byte " + std::to_string(at) +
                                          " cannot be understood (" + error.what() +
                                          "); use the fairsweep that wrote it");
    }
    at += k_record_head + json->size();
  }
  contents.whole_bytes = at;
  contents.torn_bytes = bytes.size() - at;
  return contents;
}

}  // namespace fairsweep
