#include "results/report/scatter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/report/display_text.hpp"

namespace fairsweep::report {
namespace {

struct Axis {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  /// A little room on both sides; a single value gets room to stand in the middle.
  void widen() {
    const double spread = high / 2 - low / 2;
    const double size = std::max(std::fabs(low), std::fabs(high));
    const double room = spread > size * 1e-12 ? spread * 0.08 : std::max(size * 0.05, 1e-6);
    low = std::max(low - room, -1e300);
    high = std::min(high + room, 1e300);
  }
  [[nodiscard]] double share(double value) const {
    const double whole = high / 2 - low / 2;
    return std::clamp((value / 2 - low / 2) / whole, 0.0, 1.0);
  }
  [[nodiscard]] std::size_t cell(double value, std::size_t cells) const {
    return static_cast<std::size_t>(std::lround(share(value) * static_cast<double>(cells - 1)));
  }
};

/// Ticks of one axis as text, all with the same number of places.
std::vector<std::string> tick_texts(const std::vector<double>& ticks) {
  std::vector<std::string> texts;
  texts.reserve(ticks.size());
  const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : std::max(std::fabs(ticks.front()), 1e-6);
  const double size = std::max(std::fabs(ticks.front()), std::fabs(ticks.back()));
  const int places = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  for (const double exact : ticks) {
    // What rounds to nothing has no sign.
    const double tick = std::fabs(exact) < 0.5 * std::pow(10.0, -places) && places <= 6 ? 0.0 : exact;
    texts.push_back(size >= 1e6 || places > 6 ? fmt::format("{:.3g}", tick) : fmt::format("{:.{}f}", tick, places));
  }
  return texts;
}

class Canvas {
 public:
  Canvas(std::size_t width, std::size_t height) : width_(width), lines_(height, std::string(width, ' ')) {}

  void mark(std::size_t column, std::size_t row, char mark) {
    char& place = lines_[row][column];
    if (mark == '.' && place != ' ')
      return;
    place = place == ' ' || place == '.' || place == mark ? mark : '*';
  }
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] std::size_t height() const { return lines_.size(); }
  [[nodiscard]] const std::string& line(std::size_t row) const { return lines_[row]; }

 private:
  std::size_t width_;
  std::vector<std::string> lines_;
};

/// The two lines below the plot: the axis with its ticks, and their numbers where they fit side by side.
std::string lower_edge(const Axis& axis, std::size_t width, std::size_t margin) {
  const std::vector<double> ticks = round_ticks(axis.low, axis.high, std::max<std::size_t>(2, width / 12));
  std::string edge(width, '-'), numbers(width + 8, ' ');
  std::size_t free_from = 0;
  const std::vector<std::string> texts = tick_texts(ticks);
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const std::size_t column = axis.cell(ticks[i], width);
    edge[column] = '+';
    const std::size_t half = texts[i].size() / 2;
    const std::size_t from = column > half ? column - half : 0;
    if (from < free_from || from + texts[i].size() > width)
      continue;
    numbers.replace(from, texts[i].size(), texts[i]);
    free_from = from + texts[i].size() + 2;
  }
  numbers.erase(numbers.find_last_not_of(' ') + 1);
  return std::string(margin, ' ') + "+" + edge + "\n" + std::string(margin + 1, ' ') + numbers + "\n";
}

}  // namespace

std::vector<double> round_ticks(double low, double high, std::size_t wanted) {
  const double rough = (high / 2 - low / 2) * 2 / static_cast<double>(std::max<std::size_t>(1, wanted));
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0}) {
    if (factor * power >= rough * (1 - 1e-9))
      step = factor * power;
  }
  std::vector<double> ticks;
  // Counted, not added up: sums of steps drift away from round numbers.
  const double first = std::ceil(low / step - 1e-9), last = std::floor(high / step + 1e-9);
  for (double count = first; count <= last && ticks.size() < 1000; count += 1)
    ticks.push_back(count * step);
  if (ticks.empty())
    ticks.push_back(low);
  return ticks;
}

std::string scatter(const std::vector<ScatterPoint>& points, const ScatterFrame& frame) {
  Axis x, y;
  for (const ScatterPoint& point : points) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y))
      continue;
    x.include(point.x);
    y.include(point.y);
  }
  if (x.low > x.high)
    return "(no point to plot)\n";
  x.widen();
  y.widen();

  const std::size_t height = std::max<std::size_t>(5, frame.height);
  const std::vector<double> y_ticks = round_ticks(y.low, y.high, std::max<std::size_t>(2, height / 4));
  const std::vector<std::string> y_texts = tick_texts(y_ticks);
  std::size_t margin = 0;
  for (const std::string& text : y_texts)
    margin = std::max(margin, text.size());
  margin += 1;
  Canvas canvas(std::max<std::size_t>(40, frame.width) - margin - 1, height);
  for (const ScatterPoint& point : points) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y))
      continue;
    canvas.mark(x.cell(point.x, canvas.width()), height - 1 - y.cell(point.y, height), point.mark);
  }

  std::vector<std::string> labels(height);
  for (std::size_t i = 0; i < y_ticks.size(); ++i)
    labels[height - 1 - y.cell(y_ticks[i], height)] = y_texts[i];
  std::string picture = printable(frame.y_label) + "\n";
  for (std::size_t row = 0; row < height; ++row) {
    std::string line =
        padded(labels[row], margin - 1, Align::right) + (labels[row].empty() ? " |" : " +") + canvas.line(row);
    line.erase(line.find_last_not_of(' ') + 1);
    picture += line + "\n";
  }
  picture += lower_edge(x, canvas.width(), margin);
  const std::string label = printable(frame.x_label);
  return picture + padded(label, margin + 1 + canvas.width(), Align::right) + "\n";
}

}  // namespace fairsweep::report
