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

GroupValue Metric::over_group(const ScoredComparisons& scored, std::span<const std::uint8_t> member) const {
  std::vector<double> values = per_user(scored, member.size());
  for (std::size_t user = 0; user < values.size(); ++user) {
    if (member[user] == 0) {
      values[user] = std::numeric_limits<double>::quiet_NaN();
    }
  }
  return over_users(values);
}

}  // namespace fairsweep
