#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "results/store/front.hpp"

namespace fairsweep::report {

/// The hypervolume of what was known after so many seconds.
struct CurvePoint {
  double seconds = 0;
  double hypervolume = 0;
};

/// How the hypervolume grew, measured from the front's own reference at `count` moments, evenly spaced up to `until`,
/// the last one there. A configuration counts from the moment from which it competes.
/// @param ready  by front.points: seconds after which it competes; read for those that do
/// Cost: `count` times that of the front's hypervolume. Empty where nothing competes or `until` is not above 0.
[[nodiscard]] std::vector<CurvePoint> hypervolume_at_moments(const Front& front, const std::vector<double>& ready,
                                                             double until, std::size_t count);

/// The curve as a plot in ASCII for any terminal, `height` lines and its axes; "" for fewer than two points.
[[nodiscard]] std::string curve_plot(const std::vector<CurvePoint>& curve, std::size_t height);

}  // namespace fairsweep::report
