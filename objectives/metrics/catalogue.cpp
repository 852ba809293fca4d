#include "objectives/metrics/accuracy.hpp"
#include "objectives/metrics/calibration_error.hpp"
#include "objectives/metrics/log_loss.hpp"
#include "objectives/metrics/metric.hpp"

namespace fairsweep {

const std::vector<std::unique_ptr<Metric>>& metric_catalogue() {
  static const auto catalogue = [] {
    std::vector<std::unique_ptr<Metric>> metrics;
    metrics.push_back(std::make_unique<Accuracy>());
    metrics.push_back(std::make_unique<LogLoss>());
    metrics.push_back(std::make_unique<CalibrationError>());
    return metrics;
  }();
  return catalogue;
}

const Metric* find_metric(std::string_view name) {
  for (const auto& metric : metric_catalogue()) {
    if (metric->name() == name) {
      return metric.get();
    }
  }
  return nullptr;
}

}  // namespace fairsweep
