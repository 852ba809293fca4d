#include "results/report/figures/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "results/report/axis_values.hpp"
#include "results/report/confidence_ellipse.hpp"
#include "results/report/display_text.hpp"
#include "results/report/figures/plot_frame.hpp"
#include "results/report/hypervolume_curve.hpp"
#include "results/report/number_text.hpp"
#include "results/report/person_curves.hpp"
#include "results/report/scatter.hpp"
#include "results/report/setting_importance.hpp"
#include "results/report/thinning.hpp"

namespace fairsweep::report {
namespace {

constexpr double k_points_a_millimetre = 72 / 25.4;
constexpr std::size_t k_most_others = 1500;  // marks of a figure that a paper's reader can print
constexpr std::size_t k_most_ellipses = 40;  // more cover each other
constexpr std::size_t k_black = 1000;        // no series: what all of them share

/// One series of a legend above the plot, as many in a row as fit.
struct Entry {
  std::string text;
  std::size_t series = 0;
  bool line = false;
  std::string dash;
};

/// Draws the legend from the top; answers where it ends.
double draw_legend(SvgDrawing& drawing, double width, const std::vector<Entry>& entries) {
  double x = 4, y = 8;
  for (const Entry& entry : entries) {
    const double wide = 16 + 3.9 * static_cast<double>(display_width(entry.text)) + 8;
    if (x + wide > width && x > 4) {
      x = 4;
      y += 9;
    }
    const std::string colour = entry.series == k_black ? "#000000" : series_colour(entry.series);
    if (entry.line) {
      drawing.line(x, y - 2.5, x + 12, y - 2.5, {"", colour, 1.2, entry.dash, 1});
    } else {
      drawing.mark(series_mark(entry.series), x + 6, y - 2.5, 5, {colour, "", 0, "", 1});
    }
    drawing.text(x + 15, y, entry.text);
    x += wide;
  }
  return entries.empty() ? 4 : y + 4;
}

std::string title_of(const Axis& axis) {
  return axis.label() + (axis.direction == Direction::minimise ? " (smaller is better)" : "");
}

/// Column `axis` of [rows, axes].
std::vector<double> column_of(const std::vector<double>& values, std::size_t axis, std::size_t axes) {
  std::vector<double> column;
  for (std::size_t cell = axis; cell < values.size(); cell += axes)
    column.push_back(values[cell]);
  return column;
}

/// The members' replicates over two objectives.
struct MemberPairs {
  std::vector<std::vector<double>> x, y;
  std::vector<Scatter2> scatters;
  Scatter2 pooled;
};

MemberPairs member_pairs(const RunSummary& run, const std::vector<Axis>& axes, std::size_t first, std::size_t second) {
  MemberPairs pairs;
  for (const std::size_t member : run.front.members) {
    const ReplicateValues values = replicate_values(run.record, run.front.points[member].configuration, axes);
    pairs.x.push_back(column_of(values.validation, first, axes.size()));
    pairs.y.push_back(column_of(values.validation, second, axes.size()));
    pairs.scatters.push_back(scatter_of(pairs.x.back(), pairs.y.back()));
    pairs.pooled += pairs.scatters.back();
  }
  return pairs;
}

/// Widens a range so that `beyond` fits around the outermost values, unless it would squeeze them.
void make_room(PlotRange& range, const std::vector<double>& values, double beyond) {
  const auto [low, high] = std::ranges::minmax(values);
  const double room = std::min(1.05 * beyond, high - low);
  range.low = std::min(range.low, low - room);
  range.high = std::max(range.high, high + room);
}

std::string front_figure(const RunSummary& run, std::size_t first, std::size_t second, double width) {
  const std::vector<Axis> axes = report_axes(run.record, run.record.objectives.size());
  const std::vector<std::string> methods = methods_of(run);
  const auto at = [&](std::size_t point) {
    return std::pair(run.front.points[point].validation[first].mean, run.front.points[point].validation[second].mean);
  };
  std::vector<std::size_t> others;
  std::vector<std::uint32_t> keys;
  std::vector<double> xs, ys;
  for (std::size_t i = 0; i < run.front.points.size(); ++i) {
    if (!run.front.points[i].competes)
      continue;
    xs.push_back(at(i).first);
    ys.push_back(at(i).second);
    if (!run.front.points[i].on_front) {
      others.push_back(i);
      keys.push_back(run.front.points[i].configuration.value);
    }
  }
  const MemberPairs pairs = member_pairs(run, axes, first, second);
  PlotRange x_range = plot_range(xs), y_range = plot_range(ys);
  if (pairs.pooled.degrees > 1) {
    const double scale = mean_region(pairs.pooled.degrees, 0.95) / pairs.pooled.degrees / run.record.replicates;
    make_room(x_range, xs, std::sqrt(scale * pairs.pooled.xx));
    make_room(y_range, ys, std::sqrt(scale * pairs.pooled.yy));
  }
  SvgDrawing drawing(width, 0.82 * width, "Front of " + run.record.sweep + ", validation");
  std::vector<Entry> entries;
  entries.reserve(methods.size());
  for (std::size_t i = 0; i < methods.size(); ++i)
    entries.push_back({methods[i], i, false, ""});
  const double top = draw_legend(drawing, width, entries);
  PlotFrame frame(drawing, 33, top, width - 5, 0.82 * width - 22, x_range, y_range);
  frame.draw_axes(title_of(axes[first]), title_of(axes[second]));
  frame.begin_clip();
  for (const std::size_t kept : thinned(keys, k_most_others))
    drawing.mark(Mark::circle, frame.x(at(others[kept]).first), frame.y(at(others[kept]).second), 1.6,
                 {"#999999", "", 0, "", 0.7});
  const bool few = run.front.members.size() <= k_most_ellipses;
  for (std::size_t i = 0; i < run.front.members.size(); ++i) {
    const FrontPoint& point = run.front.points[run.front.members[i]];
    const auto method = static_cast<std::size_t>(
        std::ranges::find(methods, method_of(run, configuration_of(run.record, point.configuration))) -
        methods.begin());
    const double x = frame.x(at(run.front.members[i]).first), y = frame.y(at(run.front.members[i]).second);
    // Ellipses are worked out in points, so that turning them needs no second scale.
    Scatter2 pooled = pairs.pooled;
    pooled.xx *= frame.x_scale() * frame.x_scale();
    pooled.xy *= -frame.x_scale() * frame.y_scale();
    pooled.yy *= frame.y_scale() * frame.y_scale();
    const auto region = mean_ellipse(pooled, pairs.x[i].size(), 0.95);
    if (few && region) {
      drawing.ellipse(x, y, region->major, region->minor, region->angle * 180 / std::numbers::pi,
                      {"", series_colour(method), 0.4, "", 0.7});
    }
    drawing.mark(series_mark(method), x, y, 4.2, {series_colour(method), "#ffffff", 0.4, "", 1});
  }
  frame.end_clip();
  return drawing.svg();
}

std::optional<std::string> curve_figure(const ReportInput& input, double width) {
  const HypervolumeCurve curve = hypervolume_curve(input.run, input.timeline, 120);
  if (curve.steps.empty())
    return std::nullopt;
  const double end = std::max(input.run.record.seconds, curve.steps.back().seconds);
  const bool hours = end > 7200, minutes = !hours && end > 120;
  const double unit = hours ? 3600 : minutes ? 60 : 1;
  std::vector<double> volumes;
  volumes.reserve(curve.steps.size());
  for (const HypervolumeStep& step : curve.steps)
    volumes.push_back(step.hypervolume);
  SvgDrawing drawing(width, 0.55 * width, "Hypervolume of " + input.run.record.sweep + " over time, validation");
  PlotFrame frame(drawing, 36, 5, width - 6, 0.55 * width - 22, {0, end > 0 ? end / unit : 1}, plot_range(volumes));
  frame.draw_axes(hours     ? "running time (hours)"
                  : minutes ? "running time (minutes)"
                            : "running time (seconds)",
                  "hypervolume, validation");
  std::vector<std::pair<double, double>> line;
  for (const HypervolumeStep& step : curve.steps) {
    if (!line.empty())
      line.emplace_back(frame.x(step.seconds / unit), line.back().second);
    line.emplace_back(frame.x(step.seconds / unit), frame.y(step.hypervolume));
  }
  line.emplace_back(frame.x(end / unit), line.back().second);
  drawing.path(line, {"", series_colour(0), 1.2, "", 1});
  return drawing.svg();
}

std::optional<std::string> importance_figure(const RunSummary& run, double width) {
  const FrontImportance importance = front_importance(run);
  if (importance.settings.empty())
    return std::nullopt;
  double most = 0;
  for (const SettingImportance& setting : importance.settings)
    most = std::max({most, setting.divergence, setting.chance_high});
  const double row = 13, label = 0.45 * width, height = 8 + row * static_cast<double>(importance.settings.size()) + 22;
  SvgDrawing drawing(width, height, "Settings that matter for the front of " + run.record.sweep);
  PlotFrame frame(drawing, label, 4, width - 8, height - 22, {0, most > 0 ? 1.05 * most : 1}, {0, 1});
  for (const double tick : round_ticks(0, most > 0 ? 1.05 * most : 1, 4)) {
    drawing.line(frame.x(tick), 4, frame.x(tick), height - 22, {"", "#dddddd", 0.4, "", 1});
    drawing.text(frame.x(tick), height - 13.5, number_text(tick, 2), Anchor::middle);
  }
  for (std::size_t i = 0; i < importance.settings.size(); ++i) {
    const SettingImportance& setting = importance.settings[i];
    const double y = 8 + row * static_cast<double>(i);
    const bool says = setting.divergence > setting.chance_high;
    drawing.text(label - 4, y + 6.5, setting.path, Anchor::end);
    drawing.rectangle(label, y, frame.x(setting.divergence) - label, 8,
                      {says ? series_colour(0) : "#b0b0b0", "", 0, "", 1});
    drawing.line(frame.x(setting.chance_high), y - 1.5, frame.x(setting.chance_high), y + 9.5,
                 {"", "#000000", 1, "", 1});
  }
  drawing.text(width - 8, height - 4, "Pearson divergence near the front (line: 95 % of chance)", Anchor::end);
  return drawing.svg();
}

/// The configurations of the figures person by person: the member in the middle of the front, and the best pooled one.
std::vector<std::pair<ConfigurationId, std::string>> compared(const RunSummary& run) {
  std::vector<std::pair<ConfigurationId, std::string>> chosen;
  if (run.front.members.empty())
    return chosen;
  // The places that the report keeps of a large front.
  const auto places = spread_evenly(run.front.members.size(), ReportLimits{}.person_curves);
  const FrontPoint& middle = run.front.points[run.front.members[places[places.size() / 2]]];
  chosen.emplace_back(middle.configuration, fmt::format("configuration {}", middle.configuration.value));
  for (const std::size_t point : best_of_methods(run)) {
    const ConfigurationId id = run.front.points[point].configuration;
    if (method_of(run, configuration_of(run.record, id)) == "pooled" && id != middle.configuration)
      chosen.emplace_back(id, "pooled, its best");
  }
  return chosen;
}

std::optional<std::string> people_figure(const ReportInput& input, double width) {
  std::vector<Entry> entries;
  std::vector<PersonCurves> all;
  std::vector<double> values;
  const auto shown = compared(input.run);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    all.push_back(person_curves(input.run, input.people, input.people.test, shown[i].first));
    for (const PersonSpread& spread : all.back().spreads)
      values.insert(values.end(), spread.quantiles.begin(), spread.quantiles.end());
  }
  if (values.empty())
    return std::nullopt;
  for (std::size_t group = 1; group < all.front().spreads.size(); ++group) {
    if (all.front().spreads[group].people > 0)
      entries.push_back({all.front().spreads[group].group, group - 1, true, ""});
  }
  for (std::size_t i = 0; i < shown.size(); ++i)
    entries.push_back({shown[i].second, k_black, true, i == 0 ? "" : "3 2"});
  SvgDrawing drawing(width, 0.7 * width, "People of " + input.run.record.sweep + ", test");
  const double top = draw_legend(drawing, width, entries);
  PlotFrame frame(drawing, 33, top, width - 6, 0.7 * width - 22, plot_range(values), {0, 1});
  frame.draw_axes(input.people.metric + " of a person, test", "share of people at most there");
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t group = 1; group < all[i].spreads.size(); ++group) {
      const std::vector<double>& quantiles = all[i].spreads[group].quantiles;
      std::vector<std::pair<double, double>> line;
      for (std::size_t q = 0; q < quantiles.size(); ++q) {
        const double share = static_cast<double>(q) / static_cast<double>(quantiles.size() - 1);
        if (!line.empty())
          line.emplace_back(frame.x(quantiles[q]), line.back().second);
        line.emplace_back(frame.x(quantiles[q]), frame.y(share));
      }
      if (!line.empty())
        drawing.path(line, {"", series_colour(group - 1), 1, i == 0 ? "" : "3 2", 1});
    }
  }
  return drawing.svg();
}

std::optional<std::string> bias_figure(const ReportInput& input, double width) {
  std::vector<Entry> entries;
  std::vector<fairness::SupportCurve> curves;
  std::vector<double> xs, ys;
  for (const auto& [id, name] : compared(input.run)) {
    curves.push_back(person_curves(input.run, input.people, input.people.test, id).support);
    entries.push_back({name, entries.size(), false, ""});
    for (const fairness::SupportBin& bin : curves.back().bins) {
      const double bar = std::isfinite(bin.standard_error) ? 1.96 * bin.standard_error : 0;
      xs.push_back(bin.support);
      ys.push_back(bin.mean - bar);
      ys.push_back(bin.mean + bar);
    }
  }
  if (xs.empty())
    return std::nullopt;
  SvgDrawing drawing(width, 0.7 * width, "Bias curve of " + input.run.record.sweep + ", test");
  const double top = draw_legend(drawing, width, entries);
  PlotFrame frame(drawing, 33, top, width - 6, 0.7 * width - 22, plot_range(xs), plot_range(ys));
  frame.draw_axes("preference support rate", "mean " + input.people.metric + ", test");
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const Paint stroke{"", series_colour(i), 0.9, i == 0 ? "" : "3 2", 1};
    const double aside = 1.5 * static_cast<double>(i);  // so that bars do not hide each other
    std::vector<std::pair<double, double>> line;
    for (const fairness::SupportBin& bin : curves[i].bins) {
      const double x = frame.x(bin.support) + aside;
      line.emplace_back(x, frame.y(bin.mean));
      if (std::isfinite(bin.standard_error)) {
        drawing.line(x, frame.y(bin.mean - 1.96 * bin.standard_error), x, frame.y(bin.mean + 1.96 * bin.standard_error),
                     {"", series_colour(i), 0.6, "", 1});
      }
      drawing.mark(series_mark(i), x, frame.y(bin.mean), 3.6, {series_colour(i), "", 0, "", 1});
    }
    drawing.path(line, stroke);
  }
  return drawing.svg();
}

}  // namespace

std::map<std::string, std::string> paper_figures(const ReportInput& input, double width_mm) {
  const double width = width_mm * k_points_a_millimetre;
  const RunSummary& run = input.run;
  std::map<std::string, std::string> figures;
  const std::size_t objectives = std::min<std::size_t>(run.record.objectives.size(), 4);
  for (std::size_t first = 0; first < objectives && !run.front.members.empty(); ++first) {
    for (std::size_t second = first + 1; second < objectives; ++second) {
      const std::string name =
          run.record.objectives.size() == 2 ? "front.svg" : fmt::format("front_{}_{}.svg", first + 1, second + 1);
      figures[name] = front_figure(run, first, second, width);
    }
  }
  const auto add = [&](const char* name, std::optional<std::string> figure) {
    if (figure)
      figures[name] = std::move(*figure);
  };
  add("hypervolume.svg", curve_figure(input, width));
  add("importance.svg", importance_figure(run, width));
  add("people.svg", people_figure(input, width));
  add("bias_curve.svg", bias_figure(input, width));
  return figures;
}

}  // namespace fairsweep::report
