#include "results/report/hypervolume_moments.hpp"

#include "core/diagnostics/errors.hpp"
#include "results/report/scatter.hpp"

namespace fairsweep::report {

std::vector<CurvePoint> hypervolume_at_moments(const Front& front, const std::vector<double>& ready, double until,
                                               std::size_t count) {
  check(ready.size() == front.points.size(), "every point of a front has its moment");
  std::vector<CurvePoint> curve;
  if (front.reference.empty() || !(until > 0)) {
    return curve;
  }
  curve.reserve(count);
  Front known = front;
  for (std::size_t i = 1; i <= count; ++i) {
    const double seconds = i == count ? until : until * static_cast<double>(i) / static_cast<double>(count);
    known.members.clear();
    for (std::size_t point = 0; point < front.points.size(); ++point) {
      if (front.points[point].competes && ready[point] <= seconds) {
        known.members.push_back(point);
      }
    }
    curve.push_back({seconds, known.members.empty() ? 0 : front_hypervolume(known, front.reference)});
  }
  return curve;
}

std::string curve_plot(const std::vector<CurvePoint>& curve, std::size_t height) {
  if (curve.size() < 2) {
    return "";
  }
  std::vector<ScatterPoint> points;
  points.reserve(curve.size());
  for (const CurvePoint& point : curve) {
    points.push_back({point.seconds, point.hypervolume, 'o'});
  }
  ScatterFrame frame;
  frame.x_label = "running time, s";
  frame.y_label = "hypervolume so far";
  frame.height = height;
  return scatter(points, frame);
}

}  // namespace fairsweep::report
