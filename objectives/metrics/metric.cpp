#include "objectives/metrics/metric.hpp"

#include <cmath>
#include <limits>

namespace fairsweep {

GroupValue Metric::over_users(std::span<const double> user_values) const {
  GroupValue answer;
  double sum = 0;
  for (const double value : user_values) {
    if (!std::isnan(value)) {
      sum += value;
      ++answer.users;
    }
  }
  if (answer.users == 0) {
    answer.value = std::numeric_limits<double>::quiet_NaN();
    return answer;
  }
  const double n = answer.users;
  answer.value = sum / n;
  if (answer.users < 2) {
    return answer;
  }
  double squares = 0;
  for (const double value : user_values) {
    if (!std::isnan(value)) {
      squares += (value - answer.value) * (value - answer.value);
    }
  }
  answer.standard_error = std::sqrt(squares / (n - 1) / n);
  return answer;
}

}  // namespace fairsweep
