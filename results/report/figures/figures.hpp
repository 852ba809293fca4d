#pragma once

#include <map>
#include <string>

#include "results/report/page_data.hpp"

namespace fairsweep::report {

/// Figures for a paper, file name -> SVG: "front.svg" of two objectives, "front_I_J.svg" of each pair of up to four;
/// "hypervolume.svg", "importance.svg", "people.svg", "bias_curve.svg", each where the run has what it shows.
/// @param width_mm  as wide as the column they go into; all text is 7 pt at that width
[[nodiscard]] std::map<std::string, std::string> paper_figures(const ReportInput& input, double width_mm);

}  // namespace fairsweep::report
