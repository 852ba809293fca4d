#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fairsweep::report {

/// `text` fit for a terminal: control characters (a name could move the cursor or change colours) and bytes that are
/// no UTF-8 become U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

/// Columns `text` takes on a terminal: none for combining marks, two for East Asian wide characters and emoji.
/// `text` is printable().
[[nodiscard]] std::size_t display_width(std::string_view text);

enum class Align { left, right };
/// Filled with spaces to `width` columns; never cut.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width, Align align = Align::left);

/// Columns of prose on a terminal.
inline constexpr std::size_t k_prose_width = 116;
/// `text` in lines of at most `width` columns, broken at blanks; a longer word has a line of its own. Line feeds stay,
/// and one blank stands where there were several. `text` is printable() but for them.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width = k_prose_width);

}  // namespace fairsweep::report
