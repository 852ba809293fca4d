#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace fairsweep::exports {

/// {"@id": id}
[[nodiscard]] inline nlohmann::ordered_json reference_to(const std::string& id) { return {{"@id", id}}; }

/// A licence as JSON-LD wants it: an address is a reference, a name is text.
[[nodiscard]] inline nlohmann::ordered_json licence_json(const std::string& licence) {
  if (licence.starts_with("http://") || licence.starts_with("https://"))
    return reference_to(licence);
  return licence;
}

/// "2026-11-21T18:41:00Z" of seconds since 1970-01-01 UTC; fractions are dropped.
[[nodiscard]] std::string utc_text(double seconds);

/// Indented text; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] inline std::string document_text(const nlohmann::ordered_json& document) {
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace fairsweep::exports
