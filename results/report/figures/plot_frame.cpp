#include "results/report/figures/plot_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "results/report/scatter.hpp"

namespace fairsweep::report {
namespace {

/// The ticks as text, all with as many places as the finest of them needs.
std::vector<std::string> tick_texts(const std::vector<double>& ticks) {
  int places = 0;
  if (ticks.size() > 1)
    places = std::clamp(static_cast<int>(std::ceil(-std::log10(ticks[1] - ticks[0]) - 1e-9)), 0, 9);
  std::vector<std::string> texts;
  texts.reserve(ticks.size());
  for (const double tick : ticks)
    texts.push_back(std::fabs(tick) >= 1e6 ? fmt::format("{:g}", tick)
                                           : fmt::format("{:.{}f}", tick == 0 ? 0.0 : tick, places));
  return texts;
}

}  // namespace

PlotRange plot_range(const std::vector<double>& values) {
  PlotRange range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const double value : values) {
    if (std::isfinite(value)) {
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
  }
  if (!(range.low <= range.high))
    return {};
  const double size = std::max(std::fabs(range.low), std::fabs(range.high));
  const double spread = range.high - range.low;
  const double room = spread > 1e-12 * size ? 0.06 * spread : std::max(0.05 * size, 1e-6);
  return {range.low - room, range.high + room};
}

PlotFrame::PlotFrame(SvgDrawing& drawing, double left, double top, double right, double bottom, PlotRange x,
                     PlotRange y)
    : drawing_(drawing), left_(left), top_(top), right_(right), bottom_(bottom), x_(x), y_(y) {}

double PlotFrame::x(double value) const { return left_ + (value - x_.low) * x_scale(); }
double PlotFrame::y(double value) const { return bottom_ - (value - y_.low) * y_scale(); }

void PlotFrame::draw_axes(const std::string& x_title, const std::string& y_title) {
  const Paint grid{"", "#dddddd", 0.4, "", 1}, axis{"", "#444444", 0.6, "", 1};
  const std::vector<double> x_ticks = round_ticks(x_.low, x_.high, 5), y_ticks = round_ticks(y_.low, y_.high, 5);
  const std::vector<std::string> x_texts = tick_texts(x_ticks), y_texts = tick_texts(y_ticks);
  for (std::size_t i = 0; i < x_ticks.size(); ++i) {
    drawing_.line(x(x_ticks[i]), top_, x(x_ticks[i]), bottom_, grid);
    drawing_.text(x(x_ticks[i]), bottom_ + 8.5, x_texts[i], Anchor::middle);
  }
  for (std::size_t i = 0; i < y_ticks.size(); ++i) {
    drawing_.line(left_, y(y_ticks[i]), right_, y(y_ticks[i]), grid);
    drawing_.text(left_ - 3, y(y_ticks[i]) + 2.5, y_texts[i], Anchor::end);
  }
  drawing_.line(left_, bottom_, right_, bottom_, axis);
  drawing_.line(left_, top_, left_, bottom_, axis);
  drawing_.text((left_ + right_) / 2, bottom_ + 17.5, x_title, Anchor::middle);
  drawing_.text(7.5, (top_ + bottom_) / 2, y_title, Anchor::middle, -90);
}

std::string series_colour(std::size_t series) {
  static constexpr std::array<const char*, 6> k_colours = {"#0072b2", "#d55e00", "#009e73",
                                                           "#1a0066", "#b98046", "#5e0833"};
  return k_colours[std::min(series, k_colours.size() - 1)];
}

Mark series_mark(std::size_t series) {
  static constexpr std::array<Mark, 4> k_marks = {Mark::circle, Mark::square, Mark::triangle, Mark::diamond};
  return k_marks[series % k_marks.size()];
}

}  // namespace fairsweep::report
