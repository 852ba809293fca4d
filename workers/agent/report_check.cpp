#include "workers/agent/report_check.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fairsweep {
namespace {

TrialFailure failure_of(const TrialReport& report, std::string reason, std::string message) {
  TrialFailure failure;
  failure.trial = report.trial;
  failure.stage = "report";
  failure.reason = std::move(reason);
  failure.message = std::move(message);
  failure.retryable = false;
  return failure;
}

}  // namespace

std::optional<TrialFailure> problem_of(const TrialReport& report, const std::vector<Objective>& objectives) {
  for (const Objective& objective : objectives) {
    const auto row = std::find_if(report.metrics.begin(), report.metrics.end(), [&](const MetricValue& each) {
      return each.split == Split::validation && each.group == objective.group && each.metric == objective.metric;
    });
    if (row == report.metrics.end()) {
      return failure_of(report, "missing_metric",
                        "the report has no validation value for " + objective.label() + ", which the front needs");
    }
    if (!std::isfinite(row->value)) {
      return failure_of(report, "non_finite_metric",
                        "the validation value for " + objective.label() + " is not a finite number");
    }
  }
  return std::nullopt;
}

}  // namespace fairsweep
