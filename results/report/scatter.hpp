#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fairsweep::report {

struct ScatterPoint {
  double x = 0;
  double y = 0;
  char mark = '.';  ///< '.' lies below every other mark
};

struct ScatterFrame {
  std::string x_label;
  std::string y_label;
  std::size_t width = 79;   ///< of the whole picture, in columns; at least 40
  std::size_t height = 20;  ///< of the plotting area, in lines; at least 5
};

/// A scatter plot in ASCII with axes and ticks, for any terminal or a file. Two different marks in one place are shown
/// as '*'. Points that are not finite are left out; without any other point the text says so.
[[nodiscard]] std::string scatter(const std::vector<ScatterPoint>& points, const ScatterFrame& frame);

/// Round numbers, 1, 2 or 5 times a power of ten apart, about `wanted` of them, within [low, high]; low < high, finite.
[[nodiscard]] std::vector<double> round_ticks(double low, double high, std::size_t wanted);

}  // namespace fairsweep::report
