#pragma once

#include <map>
#include <string>
#include <string_view>

#include "results/report/page_data.hpp"

namespace fairsweep::report {

/// The page of `fairsweep report`: one HTML file with everything in it, which asks no network for anything.
[[nodiscard]] std::string html_report(const ReportInput& input, const ReportLimits& limits = {});

/// `page` with each "@name@" of `parts` replaced once; what a part says is not looked at again. O(length).
[[nodiscard]] std::string fill_page(std::string_view page, const std::map<std::string, std::string>& parts);

/// JSON that can stand in an HTML script element: nothing in it can end one, and bytes that are no UTF-8 became U+FFFD.
[[nodiscard]] std::string script_json(const nlohmann::json& data);

}  // namespace fairsweep::report
