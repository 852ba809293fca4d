#pragma once

#include <string_view>

namespace fairsweep::report {

/// A part of the page, as cmake embedded it: "page.html", "style.css", "scripts" (ours, in order), "library" (D3) and
/// "licence" (the library's). @throws InternalError for any other name.
[[nodiscard]] std::string_view page_file(std::string_view name);

}  // namespace fairsweep::report
