#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "results/report/figures/svg_drawing.hpp"

namespace fairsweep::report {

/// Ends of an axis.
struct PlotRange {
  double low = 0;
  double high = 1;
};

/// The range of some values with a little room on both sides; those that are not finite do not count. [0, 1] where
/// there is none.
[[nodiscard]] PlotRange plot_range(const std::vector<double>& values);

/// Axes with ticks, titles and a thin grid in a drawing, and where numbers lie between them.
class PlotFrame {
 public:
  /// @param left, top, right, bottom  of the plotting area, in points
  PlotFrame(SvgDrawing& drawing, double left, double top, double right, double bottom, PlotRange x, PlotRange y);

  void draw_axes(const std::string& x_title, const std::string& y_title);
  [[nodiscard]] double x(double value) const;
  [[nodiscard]] double y(double value) const;
  [[nodiscard]] double x_scale() const { return (right_ - left_) / (x_.high - x_.low); }  ///< points a unit
  [[nodiscard]] double y_scale() const { return (bottom_ - top_) / (y_.high - y_.low); }
  void begin_clip() { drawing_.begin_clip(left_, top_, right_ - left_, bottom_ - top_); }
  void end_clip() { drawing_.end_clip(); }

 private:
  SvgDrawing& drawing_;
  double left_, top_, right_, bottom_;
  PlotRange x_, y_;
};

/// The colour of the nth series on white, the light theme's of the page: distinct also to people who lack one kind of
/// cone, which a test of the page checks.
[[nodiscard]] std::string series_colour(std::size_t series);
[[nodiscard]] Mark series_mark(std::size_t series);

}  // namespace fairsweep::report
