#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace fairsweep::apps {

/// Points of plain numbers, row-major.
struct PointTable {
  std::vector<double> values;
  std::size_t dimensions = 0;  ///< 0: there is no point
};

/// One point a line, numbers parted by blanks or commas; what follows '#' is a comment, empty lines are skipped.
/// @param name  of the input, for messages
/// @throws UserError (file) "name:line: ..." for what is no finite number, and for rows of different lengths.
[[nodiscard]] PointTable read_points(std::istream& input, const std::string& name);

/// A decimal number as a whole: no rest, not NaN, not infinite. @throws std::invalid_argument with a sentence.
[[nodiscard]] double read_number(std::string_view text);

}  // namespace fairsweep::apps
